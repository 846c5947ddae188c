import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  encodePacket,
  type Packet,
  PacketWriter,
  type PublishPacket,
} from "../../src/codec/mod.ts";
import { leaseSlot, returnSlot, type Slot } from "../../src/codec/arena.ts";
import { concat } from "./_decode.ts";
import { WELL_FORMED } from "./_vectors.ts";

function publish(size: number, topic = "a/b"): PublishPacket {
  const payload = new Uint8Array(size).map((_, at) => at);
  return { type: "publish", topic, payload, qos: 1, retain: false, dup: false, packetId: 5 };
}

const MIXED: Packet[] = [
  ...WELL_FORMED.filter((vector) => !vector.decodeOnly).map((vector) => vector.packet),
  publish(60),
  publish(16_383),
  publish(16_384),
  publish(10),
  publish(200_000),
  publish(10, "x".repeat(30_000)),
  publish(20_000, "x".repeat(30_000)),
  { type: "suback", packetId: 1, returnCodes: Array(20_000).fill(1) },
  ...Array(3000).fill(publish(60)),
];

function leaseAll(): Slot[] {
  const slots: Slot[] = [];
  for (let slot = leaseSlot(); slot; slot = leaseSlot()) slots.push(slot);
  return slots;
}

Deno.test("PacketWriter.take() gives the bytes of all packets in order", () => {
  const writer = new PacketWriter();
  for (const packet of MIXED) writer.write(packet);
  const expected = concat(MIXED.map(encodePacket));
  assertEquals(writer.size, expected.length);
  assertEquals(concat(writer.take()), expected);
  assertEquals(writer.size, 0);
  writer.release();
});

Deno.test("PacketWriter gives the same bytes when no slot is free", () => {
  const slots = leaseAll();
  const writer = new PacketWriter();
  for (const packet of MIXED) writer.write(packet);
  assertEquals(concat(writer.take()), concat(MIXED.map(encodePacket)));
  writer.release();
  slots.forEach(returnSlot);
});

Deno.test("PacketWriter puts small packets into one write", () => {
  const writer = new PacketWriter();
  for (let i = 0; i < 500; i++) writer.write(publish(64));
  assertEquals(writer.take().length, 1);
  writer.release();
});

Deno.test("PacketWriter hands on a large payload without a copy", () => {
  const writer = new PacketWriter();
  const packet = publish(100_000);
  writer.write(packet);
  writer.write({ type: "pingreq" });
  const [head, payload, rest] = writer.take();
  assertStrictEquals(payload, packet.payload);
  assert(head && rest);
  assertEquals(concat([head, packet.payload]), encodePacket(packet));
  assertEquals(rest, encodePacket({ type: "pingreq" }));
  writer.release();
});

Deno.test("PacketWriter leaves what was taken alone until release()", () => {
  const writer = new PacketWriter();
  writer.write(publish(64));
  const taken = concat(writer.take());
  const [view] = (writer.write(publish(32)), writer.take());
  assert(view);
  for (let i = 0; i < 5000; i++) writer.write(publish(100));
  assertEquals(taken, encodePacket(publish(64)));
  assertEquals(view.slice(), encodePacket(publish(32)));
  writer.take();
  writer.release();
});

Deno.test("PacketWriter returns every slot it leased", () => {
  const before = leaseAll();
  before.forEach(returnSlot);
  const writer = new PacketWriter();
  for (const packet of MIXED) writer.write(packet);
  writer.take();
  for (const packet of MIXED) writer.write(packet);
  writer.take();
  writer.release();
  const after = leaseAll();
  after.forEach(returnSlot);
  assertEquals(after.length, before.length);
});

Deno.test("PacketWriter.write() leaves no byte of a packet that may not be sent", () => {
  const writer = new PacketWriter();
  writer.write({ type: "pingreq" });
  assertThrows(() => writer.write(publish(10, "a/#")), TypeError, "MQTT-3.3.2-2");
  assertThrows(() => writer.write({ ...publish(10), packetId: 0 }), RangeError, "MQTT-2.3.1-1");
  assertThrows(() => writer.write({ type: "puback", packetId: 0 }), RangeError, "MQTT-2.3.1-1");
  assertThrows(
    () => writer.write({ type: "subscribe", packetId: 1, subscriptions: [] }),
    TypeError,
  );
  assertThrows(
    () => writer.write({ ...publish(1), topic: undefined as unknown as string }),
    TypeError,
  );
  assertThrows(
    () => writer.write({ ...publish(1), payload: undefined as unknown as Uint8Array }),
    TypeError,
  );
  writer.write({ type: "pubrec", packetId: 1 });
  assertEquals(concat(writer.take()), new Uint8Array([0xc0, 0, 0x50, 2, 0, 1]));
  writer.release();
});

Deno.test("PacketWriter holds no slot after a packet that may not be sent", () => {
  const before = leaseAll();
  before.forEach(returnSlot);
  const writer = new PacketWriter();
  assertThrows(() => writer.write(publish(10, "a/#")));
  assertThrows(() => writer.write({ type: "puback", packetId: 0 }));
  const after = leaseAll();
  after.forEach(returnSlot);
  assertEquals(after.length, before.length);
  // Without a free slot there is nothing to give back.
  const all = leaseAll();
  assertThrows(() => writer.write(publish(10, "a/#")));
  all.forEach(returnSlot);
  writer.write({ type: "pingreq" });
  assertEquals(concat(writer.take()), new Uint8Array([0xc0, 0]));
  writer.release();
});
