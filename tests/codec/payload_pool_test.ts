import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { encodePacket, type Packet, PacketDecoder, PayloadPool } from "../../src/codec/mod.ts";

Deno.test("PayloadPool.take() gives so many bytes", () => {
  const pool = new PayloadPool();
  for (const length of [1, 8191, 8192, 8193, 100_000, 1_048_576]) {
    assertEquals(pool.take(length).length, length);
  }
});

Deno.test("PayloadPool gives a buffer that was released to the next packet of about that size", () => {
  const pool = new PayloadPool();
  const first = pool.take(100_000);
  assertEquals(pool.release(first), true);
  assertStrictEquals(pool.take(120_000).buffer, first.buffer);
  assertNotStrictEquals(pool.take(120_000).buffer, first.buffer);
});

Deno.test("PayloadPool.release() does nothing with what is not lent", () => {
  const pool = new PayloadPool();
  const payload = pool.take(10_000);
  assertEquals(new PayloadPool().release(payload), false);
  assertEquals(pool.release(new Uint8Array(10_000)), false);
  assertEquals(pool.release(payload), true);
  assertEquals(pool.release(payload), false);
});

Deno.test("PayloadPool keeps no more than maximumBytes", () => {
  const pool = new PayloadPool({ maximumBytes: 200_000 });
  const lent = [pool.take(100_000), pool.take(100_000)];
  lent.forEach((payload) => pool.release(payload));
  const again = [pool.take(100_000), pool.take(100_000)].map(({ buffer }) => buffer);
  assertEquals(lent.filter(({ buffer }) => again.includes(buffer)).length, 1);
});

Deno.test("PayloadPool with maximumBytes 0 keeps nothing", () => {
  const pool = new PayloadPool({ maximumBytes: 0 });
  const payload = pool.take(10_000);
  assertEquals(pool.release(payload), true);
  assertNotStrictEquals(pool.take(10_000).buffer, payload.buffer);
});

Deno.test("new PayloadPool() refuses a maximum that is none", () => {
  for (const maximumBytes of [-1, NaN]) {
    assertThrows(() => new PayloadPool({ maximumBytes }), RangeError, "it must be 0 or more");
  }
});

function largePublish(byte: number): Packet {
  const payload = new Uint8Array(50_000).fill(byte);
  return { type: "publish", topic: "t", payload, qos: 0, retain: false, dup: false };
}

Deno.test("PacketDecoder takes the buffers of large packets from the pool", () => {
  const pool = new PayloadPool();
  const decoder = new PacketDecoder({ pool });
  const buffers = new Set<ArrayBufferLike>();
  for (let byte = 1; byte <= 4; byte++) {
    const bytes = encodePacket(largePublish(byte));
    decoder.push(bytes.subarray(0, 10_000));
    assertEquals(decoder.next(), undefined);
    decoder.push(bytes.subarray(10_000));
    const packet = decoder.next();
    assertEquals(packet, largePublish(byte));
    assert(packet?.type === "publish");
    buffers.add(packet.payload.buffer);
    assertEquals(pool.release(packet.payload), true);
  }
  assertEquals(buffers.size, 1);
});

Deno.test("a payload that is not released is not used again", () => {
  const decoder = new PacketDecoder({ pool: new PayloadPool() });
  const packets = [1, 2].map((byte) => {
    const bytes = encodePacket(largePublish(byte));
    decoder.push(bytes.subarray(0, 10_000));
    assertEquals(decoder.next(), undefined);
    decoder.push(bytes.subarray(10_000));
    return decoder.next();
  });
  assertEquals(packets, [largePublish(1), largePublish(2)]);
});

Deno.test("a large packet that is no PUBLISH gives its buffer back by itself", () => {
  const pool = new PayloadPool();
  const before = pool.take(20_000);
  pool.release(before);
  const decoder = new PacketDecoder({ pool });
  const packet: Packet = {
    type: "suback",
    packetId: 1,
    returnCodes: Array.from({ length: 20_000 }, (_, index) => index % 3),
  };
  const bytes = encodePacket(packet);
  decoder.push(bytes.subarray(0, 9000));
  assertEquals(decoder.next(), undefined);
  assert(pool.take(20_000).buffer !== before.buffer);
  decoder.push(bytes.subarray(9000));
  assertEquals(decoder.next(), packet);
  assertEquals(decoder.next(), undefined);
  assert(pool.take(20_000).buffer === before.buffer);
});
