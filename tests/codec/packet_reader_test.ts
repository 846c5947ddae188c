import { assert, assertEquals, assertThrows } from "@std/assert";
import { encodePacket, type Packet, PacketReader } from "../../src/codec/mod.ts";
import { leaseSlot, returnSlot, type Slot } from "../../src/codec/arena.ts";
import { MalformedPacketError } from "../../src/errors.ts";
import { randomFrom, SEED } from "../_kit/seed.ts";
import { concat } from "./_decode.ts";

/** Reads a stream as a socket would give it: each read at most `size` bytes, and at most what fits. */
function readAll(reader: PacketReader, stream: Uint8Array, size: () => number): Packet[] {
  const packets: Packet[] = [];
  for (let at = 0; at < stream.length;) {
    const space = reader.space();
    assert(space.length > 0, "a read needs space");
    const piece = stream.subarray(at, at + Math.min(size(), space.length));
    space.set(piece);
    at += piece.length;
    packets.push(...reader.commit(piece.length));
  }
  return packets;
}

function makePackets(sizes: readonly number[]): Packet[] {
  return sizes.map((size, index) => ({
    type: "publish",
    topic: `topic/${index % 7}`,
    payload: new Uint8Array(size).map((_, at) => at * 3 + index),
    qos: 1,
    retain: false,
    dup: false,
    packetId: index % 65_535 + 1,
  }));
}

function slotsFree(): number {
  const slots: Slot[] = [];
  for (let slot = leaseSlot(); slot; slot = leaseSlot()) slots.push(slot);
  slots.forEach(returnSlot);
  return slots.length;
}

const SIZES = [10, 3000, 64, 40_000, 0, 5000, 200_000, 64, 64, 1500, 60_000, 4080, 4096, 4100];

Deno.test("PacketReader gives the same packets whatever each read brings", () => {
  const packets = makePackets(SIZES);
  const stream = concat(packets.map(encodePacket));
  for (const size of [1, 100, 2047, 2048, 5000, 16_384, 1_000_000]) {
    const reader = new PacketReader();
    assertEquals(readAll(reader, stream, () => size), packets, `reads of ${size} bytes`);
    reader.close();
  }
});

Deno.test("PacketReader gives the same packets in bursts and pauses of random length", () => {
  const random = randomFrom(SEED);
  for (let round = 0; round < 20; round++) {
    const packets = makePackets(
      Array.from({ length: 60 }, () => Math.floor(random() ** 4 * 80_000)),
    );
    const reader = new PacketReader();
    const size = () => 1 + Math.floor(random() ** 3 * 70_000);
    assertEquals(readAll(reader, concat(packets.map(encodePacket)), size), packets);
    reader.close();
  }
});

Deno.test("two PacketReaders that take turns in a burst do not disturb each other", () => {
  const packets = makePackets(Array(500).fill(100));
  const stream = concat(packets.map(encodePacket));
  const readers = [new PacketReader(), new PacketReader()];
  const got: Packet[][] = [[], []];
  for (let at = 0; at < stream.length; at += 2048) {
    // Both reads are pending at once, as they are on two sockets.
    const spaces = readers.map((reader) => reader.space());
    const piece = stream.subarray(at, at + 2048);
    spaces.forEach((space) => space.set(piece));
    readers.forEach((reader, index) => got[index]?.push(...reader.commit(piece.length)));
  }
  readers.forEach((reader) => reader.close());
  assertEquals(got, [packets, packets]);
});

Deno.test("PacketReader leases a slot for a burst only, and gives it back", () => {
  const free = slotsFree();
  const reader = new PacketReader();
  const stream = concat(makePackets(Array(100).fill(1000)).map(encodePacket));
  readAll(reader, stream.subarray(0, 81_920), () => 8192);
  assertEquals(slotsFree(), free - 1);
  readAll(reader, stream.subarray(81_920), () => 1000);
  assertEquals(slotsFree(), free);
  readAll(reader, stream.subarray(0, 81_920), () => 8192);
  assertEquals(slotsFree(), free - 1);
  reader.close();
  assertEquals(slotsFree(), free);
});

Deno.test("PacketReader works without a slot when all are leased", () => {
  const slots: Slot[] = [];
  for (let slot = leaseSlot(); slot; slot = leaseSlot()) slots.push(slot);
  const packets = makePackets(SIZES);
  const reader = new PacketReader();
  const stream = concat(packets.map(encodePacket));
  assertEquals(readAll(reader, stream, () => 20_000), packets);
  assertEquals(reader.space().length, 16_384);
  assertEquals(readAll(reader, stream, () => 100), packets);
  assertEquals(reader.space().length, 2048);
  reader.close();
  slots.forEach(returnSlot);
});

Deno.test("PacketReader reads the rest of a large packet straight into its payload", () => {
  const [packet] = makePackets([100_000]);
  assert(packet);
  const bytes = encodePacket(packet);
  const reader = new PacketReader();
  readAll(reader, bytes.subarray(0, 2000), () => 2000);
  assertEquals(reader.space().length, bytes.length - 2000);
  assertEquals(readAll(reader, bytes.subarray(2000), () => 100_000), [packet]);
  reader.close();
});

Deno.test("PacketReader.space() throws once the packets before a malformed one are out", () => {
  const reader = new PacketReader({ role: "client" });
  reader.space().set([0xd0, 0, 0xc0, 0]);
  assertEquals(reader.commit(4), [{ type: "pingresp" }]);
  const error = assertThrows(() => reader.space(), MalformedPacketError);
  assertEquals(error.offset, 2);
  reader.close();
});

Deno.test("new PacketReader() refuses options that make no sense", () => {
  assertThrows(() => new PacketReader({ maximumPacketSize: 0 }), RangeError);
});
