import { assert, assertEquals } from "@std/assert";
import { createServer, type Socket } from "node:net";
import { ChunkwiseSocket } from "../../src/emulator/chunkwise_socket.ts";

/** Both ends of a TCP connection: the wrapped one, and the plain one at its peer. */
async function connectPair(): Promise<{ near: ChunkwiseSocket; far: Deno.TcpConn }> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const server = createServer(resolve);
  server.once("error", reject);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  assert(address !== null && typeof address !== "string");
  const far = await Deno.connect({ hostname: "127.0.0.1", port: address.port });
  const near = new ChunkwiseSocket(await promise);
  server.close();
  return { near, far };
}

function closed(stream: ChunkwiseSocket): Promise<void> {
  return new Promise((resolve) => stream.once("close", () => resolve()));
}

Deno.test("ChunkwiseSocket gives everything to a reader that reads once for each event", async () => {
  const { near, far } = await connectPair();
  const sent = crypto.getRandomValues(new Uint8Array(65_536));
  const received: Uint8Array[] = [];
  near.on("readable", () => {
    const chunk = near.read();
    if (chunk !== null) received.push(chunk);
  });
  const ended = new Promise<void>((resolve) => near.once("end", () => resolve()));
  for (let count = 0; count < 32; count++) {
    for (let at = 0; at < sent.length;) at += await far.write(sent.subarray(at));
  }
  await far.closeWrite();
  await ended;
  const bytes = new Uint8Array(received.flatMap((chunk) => [...chunk]));
  assertEquals(bytes.length, 32 * sent.length);
  assertEquals(bytes.subarray(-sent.length), sent);
  const gone = closed(near);
  near.destroy();
  await gone;
  far.close();
});

Deno.test("ChunkwiseSocket.end() sends what was written, then ends", async () => {
  const { near, far } = await connectPair();
  near.write(new Uint8Array([1, 2]));
  near.end(new Uint8Array([3]));
  const received = [];
  for await (const chunk of far.readable) received.push(...chunk);
  assertEquals(received, [1, 2, 3]);
  const gone = closed(near);
  near.resume();
  await gone;
});

Deno.test("ChunkwiseSocket is destroyed when its socket is, with the error if there is one", async () => {
  const { promise: connected, resolve } = Promise.withResolvers<Socket>();
  const server = createServer(resolve);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  assert(address !== null && typeof address !== "string");
  const far = await Deno.connect({ hostname: "127.0.0.1", port: address.port });
  const socket = await connected;
  const near = new ChunkwiseSocket(socket);
  const failed = new Promise<Error>((resolve) => near.once("error", resolve));
  const gone = closed(near);
  socket.destroy(new Error("cut"));
  assertEquals((await failed).message, "cut");
  await gone;
  assert(near.destroyed);
  far.close();
  server.close();
});
