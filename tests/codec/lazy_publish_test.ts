import { assert, assertEquals, assertInstanceOf, assertStrictEquals } from "@std/assert";
import {
  encodePacket,
  type LazyPacket,
  LazyPublish,
  type Packet,
  PacketReader,
} from "../../src/codec/mod.ts";
import { concat } from "./_decode.ts";

const PACKETS: Packet[] = [0, 64, 3000, 90_000].flatMap((size, index): Packet[] => [
  {
    type: "publish",
    topic: `t/${index}`,
    payload: new Uint8Array(size).map((_, at) => at + index),
    qos: (index % 3) as 0 | 1 | 2,
    retain: index % 2 === 1,
    dup: index === 2,
    ...(index % 3 > 0 ? { packetId: index } : {}),
  },
  { type: "puback", packetId: index + 1 },
]);

function readAll(): LazyPacket[] {
  const stream = concat(PACKETS.map(encodePacket));
  const reader = new PacketReader();
  const packets: LazyPacket[] = [];
  for (let at = 0; at < stream.length;) {
    const space = reader.space();
    const piece = stream.subarray(at, at + space.length);
    space.set(piece);
    at += piece.length;
    for (const cursor = reader.cursor(piece.length); cursor.next();) {
      packets.push(cursor.lazyPacket());
    }
  }
  reader.close();
  return packets;
}

/** The fields that a PUBLISH has. */
function plain(packet: Packet): unknown {
  if (packet.type !== "publish") return packet;
  const { type, topic, payload, qos, retain, dup, packetId } = packet;
  return { type, topic, payload, qos, retain, dup, packetId };
}

Deno.test("PacketCursor.lazyPacket() says the same as packet()", () => {
  assertEquals(readAll().map(plain), PACKETS.map(plain));
});

Deno.test("LazyPublish.payload is the same view each time, of the bytes it tells", () => {
  const [packet] = readAll().filter((packet) => packet.type === "publish").slice(1);
  assertInstanceOf(packet, LazyPublish);
  const { payload, bytes, payloadStart, payloadLength } = packet;
  assertStrictEquals(packet.payload, payload);
  assertEquals(bytes.subarray(payloadStart, payloadStart + payloadLength), payload);
});

Deno.test("LazyPublish can be sent on as it is", () => {
  for (const [index, packet] of readAll().entries()) {
    const before = PACKETS[index];
    assert(before);
    assertEquals(encodePacket(packet), encodePacket(before));
  }
});

Deno.test("LazyPublish keeps its payload when more is read", () => {
  const reader = new PacketReader();
  const read = (byte: number) => {
    const packet = encodePacket({
      type: "publish",
      topic: "t",
      payload: new Uint8Array(100).fill(byte),
      qos: 0,
      retain: false,
      dup: false,
    });
    reader.space().set(packet);
    const cursor = reader.cursor(packet.length);
    cursor.next();
    const lazy = cursor.lazyPacket();
    cursor.next();
    return lazy;
  };
  const first = read(1);
  read(2);
  assertInstanceOf(first, LazyPublish);
  assertEquals(first.payload, new Uint8Array(100).fill(1));
});
