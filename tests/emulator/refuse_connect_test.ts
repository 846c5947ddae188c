import { assert, assertEquals } from "@std/assert";
import { Duplex } from "node:stream";
import { refuseConnect } from "../../src/emulator/refuse_connect.ts";

/** A stream that notes what is written and never ends by itself. */
function silentPeer(): { stream: Duplex; written: number[] } {
  const written: number[] = [];
  const stream = new Duplex({
    read: () => {},
    write(chunk: Uint8Array, ...[, done]) {
      written.push(...chunk);
      done();
    },
  });
  return { stream, written };
}

Deno.test("refuseConnect() answers with CONNACK and that code, and session present 0", async () => {
  const { stream, written } = silentPeer();
  const closed = new Promise<void>((resolve) => stream.once("close", () => resolve()));
  refuseConnect(stream, { returnCode: 5 });
  stream.push(null);
  await closed;
  assertEquals(written, [0x20, 2, 0, 5]);
});

Deno.test("refuseConnect() ignores what still comes", async () => {
  const { stream } = silentPeer();
  let reads = 0;
  stream.on("readable", () => reads++);
  const closed = new Promise<void>((resolve) => stream.once("close", () => resolve()));
  refuseConnect(stream, { returnCode: 4 });
  stream.push(new Uint8Array(100));
  stream.push(null);
  await closed;
  assertEquals(reads, 0);
});

Deno.test("refuseConnect() cuts off a client that does not hang up", async () => {
  const { stream } = silentPeer();
  const closed = new Promise<void>((resolve) => stream.once("close", () => resolve()));
  refuseConnect(stream, { returnCode: 5, lingerMs: 5 });
  await closed;
  assert(stream.destroyed);
});
