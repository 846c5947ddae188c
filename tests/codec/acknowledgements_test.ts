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
  const packets: Packet[] = [{ ...PUBLISH, topic: "t" }, ...PUBACKS, ...PUBACKS, ...PUBACKS];
  const stream = concat(packets.map((packet) => encodePacket(packet)));
  const reader = new PacketReader({ role: "client" });
  reader.space().set(stream);
  const cursor = reader.cursor(stream.length);
  const topics: string[] = [];
  while (cursor.next()) topics.push(cursor.topic);
  assertEquals(topics, ["t", ...Array(9).fill("")]);
});

/** Each byte of an identifier is met alone and with the other. */
const IDS = [1, 2, 0xff, 0x100, 0x1234, 0x8000, 0xfffe, 0xffff, 0x0a0b];

for (const type of ["puback", "pubrec", "pubrel", "pubcomp", "unsuback"] as const) {
  Deno.test(`PacketDecoder reads crowds of ${type}, however large`, () => {
    for (let size = 1; size <= 2 * IDS.length; size++) {
      const packets = Array.from({ length: size }, (_, at): Packet => {
        return { type, packetId: IDS[at % IDS.length] ?? 1 };
      });
      assertEquals(decodeAll(concat(packets.map((packet) => encodePacket(packet)))), packets);
    }
  });
}

/** Eight acknowledgements, one of which is replaced. */
function crowdWith(at: number, packet: Uint8Array): Uint8Array[] {
  const crowd: Uint8Array[] = Array.from(
    { length: 8 },
    (_, id) => Uint8Array.of(0x40, 2, 0, id + 1),
  );
  crowd[at] = packet;
  return crowd;
}

Deno.test("PacketDecoder sees another packet at any place of a crowd", () => {
  const others = {
    "another type": Uint8Array.of(0x50, 2, 0x40, 2),
    "a shorter one": Uint8Array.of(0xd0, 0),
    "a length of two bytes": Uint8Array.of(0x40, 0x82, 0, 0, 9),
  };
  for (const [name, other] of Object.entries(others)) {
    for (let at = 0; at < 8; at++) {
      const crowd = crowdWith(at, other);
      assertEquals(decodeAll(concat(crowd)), crowd.flatMap(decodeAll), `${name} at ${at}`);
    }
  }
});

const BROKEN = [[0x40, 2, 0, 0], [0x41, 2, 0, 1], [0xc0, 2, 0, 1], [0x40, 0x42, 0, 1], [
  0x40,
  3,
  0,
  1,
]];

Deno.test("PacketDecoder refuses what is none of a crowd at any place, and where it stands", () => {
  for (let at = 0; at < 8; at++) {
    for (const bytes of BROKEN) {
      const alone = refusalOf(Uint8Array.from(bytes));
      assert(alone);
      const crowd = concat(crowdWith(at, Uint8Array.from(bytes)));
      assertEquals(refusalOf(crowd), [alone[0], 4 * at + alone[1]], `${bytes} at ${at}`);
    }
  }
});

Deno.test("PacketReader takes nothing for a part of a crowd that was read before", () => {
  const reader = new PacketReader({ role: "client" });
  const crowd = concat(
    Array.from({ length: 64 }, (_, id) => Uint8Array.of(0x40, 2, 1, id)),
  );
  reader.space().set(crowd);
  assertEquals(reader.commit(crowd.length).length, 64);
  for (let size = 4; size <= 40; size++) {
    // What stands behind the end are acknowledgements of the crowd before.
    reader.space().set(crowd.subarray(0, size));
    const whole = reader.commit(size).length;
    assertEquals(whole, size >> 2);
    const rest = (4 - size % 4) % 4;
    reader.space().set(crowd.subarray(size, size + rest));
    assertEquals(reader.commit(rest).length, rest ? 1 : 0);
  }
  reader.close();
});

Deno.test("PacketDecoder keeps the names of topics over a crowd larger than a scan describes", () => {
  const topics = Array.from({ length: 200 }, (_, at) => `before/${at}`);
  const publishes = topics.map((topic): Packet => ({ ...PUBLISH, topic }));
  const crowd = Array.from({ length: 9001 }, (_, at): Packet => {
    return { type: "puback", packetId: at + 1 };
  });
  for (const before of [0, 1, 2, 3]) {
    const packets = [...publishes.slice(0, 197 + before), ...crowd, ...publishes];
    assertEquals(decodeAll(concat(packets.map((packet) => encodePacket(packet)))), packets);
  }
});

Deno.test("PacketCursor tells of each of a crowd what it would tell of one", () => {
  const bytes = concat(IDS.map((id) => Uint8Array.of(0x62, 2, id >> 8, id & 255)));
  const reader = new PacketReader({ role: "client" });
  reader.space().set(bytes);
  const cursor = reader.cursor(bytes.length);
  const told: unknown[] = [];
  while (cursor.next()) told.push([cursor.type, cursor.packetId, cursor.payloadLength]);
  assertEquals(told, IDS.map((id) => ["pubrel", id, 0]));
});
