/** Acknowledgements come in crowds, which are read in a loop of their own: it must not mistake anything else for one. */

import { assert, assertEquals } from "@std/assert";
import { encodePacket, type Packet, PacketDecoder, PacketReader } from "../../src/codec/mod.ts";
import { concat } from "./_decode.ts";
import { PUBLISH } from "./_packets.ts";
import { refusalOf } from "./_refusal.ts";

function decodeAll(stream: Uint8Array): Packet[] {
  const decoder = new PacketDecoder();
  decoder.push(stream);
  const packets: Packet[] = [];
  for (let packet = decoder.next(); packet; packet = decoder.next()) packets.push(packet);
  return packets;
}

const PUBACKS = [1, 2, 3].map((packetId): Packet => ({ type: "puback", packetId }));

Deno.test("PacketDecoder tells a crowd of acknowledgements from a PUBLISH that looks like the bytes around one", () => {
  // The byte before the crowd and the first of it are the first two of the PUBLISH behind it.
  const before: Packet = { ...PUBLISH, payload: Uint8Array.of(0x30) };
  const behind: Packet = { ...PUBLISH, topic: "t", payload: new Uint8Array(0x40 - 3).fill(7) };
  const packets = [before, ...PUBACKS.slice(0, 1), behind, ...PUBACKS];
  assertEquals(decodeAll(concat(packets.map((packet) => encodePacket(packet)))), packets);
});

for (const first of [0x40, 0x50, 0x62, 0x70, 0xb0]) {
  const acknowledgement = Uint8Array.of(first, 2, 0, 1);
  const longForm = Uint8Array.of(first, 0x82, 0x80, 0, 0, 1);
  const lookAlikes = {
    "a reserved type": Uint8Array.of(0, 0, 0, 1),
    "another flag": Uint8Array.of(first ^ 1, 2, 0, 1),
    "another length": Uint8Array.of(first, 3, 0, 1, 1),
    "no packet identifier": Uint8Array.of(first, 2, 0, 0),
    "the end of a length before it": Uint8Array.of(0x80, 0, 1, 1),
  };
  for (const [name, bytes] of Object.entries(lookAlikes)) {
    Deno.test(`PacketDecoder refuses ${name} behind 0x${first.toString(16)} as it does alone`, () => {
      const alone = refusalOf(bytes);
      assert(alone);
      const [statement, offset] = alone;
      for (const before of [acknowledgement, longForm]) {
        assertEquals(refusalOf(concat([before, bytes])), [statement, before.length + offset]);
      }
    });
  }
}

Deno.test("PacketCursor has no topic on any of a crowd of acknowledgements", () => {
  const packets: Packet[] = [{ ...PUBLISH, topic: "t" }, ...PUBACKS];
  const stream = concat(packets.map((packet) => encodePacket(packet)));
  const reader = new PacketReader({ role: "client" });
  reader.space().set(stream);
  const cursor = reader.cursor(stream.length);
  const topics: string[] = [];
  while (cursor.next()) topics.push(cursor.topic);
  assertEquals(topics, ["t", "", "", ""]);
});
