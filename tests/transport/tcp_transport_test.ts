import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ConnectionLostError } from "../../src/errors.ts";
import { tcpTransport } from "../../src/transport/mod.ts";

Deno.test("tcpTransport() carries bytes both ways and tells the end of the stream", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const connection = await tcpTransport({ hostname: "127.0.0.1", port }).connect();
  using peer = await listener.accept();
  await connection.write(new Uint8Array([1, 2, 3]));
  const buffer = new Uint8Array(10);
  assertEquals(await peer.read(buffer), 3);
  await peer.write(new Uint8Array([9]));
  assertEquals([await connection.read(buffer), buffer[0]], [1, 9]);
  await peer.closeWrite();
  assertEquals(await connection.read(buffer), null);
  connection.close();
});

Deno.test("tcpTransport() tells a port where nothing listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const transport = tcpTransport({ hostname: "127.0.0.1", port });
  const error = await assertRejects(() => transport.connect(), ConnectionLostError);
  assertEquals(error.code, "NETWORK_REFUSED");
});

Deno.test("tcpTransport() refuses what cannot be dialled, before any I/O", () => {
  assertThrows(() => tcpTransport({ hostname: "mqtt://h" }), TypeError);
  assertThrows(() => tcpTransport({ hostname: "h", port: 0 }), RangeError);
  assertEquals(tcpTransport({ hostname: "h" }).address, "h:1883");
});
