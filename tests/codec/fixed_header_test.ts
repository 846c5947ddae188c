/** First bytes and lengths by table: every type, every flag, every role, every size of the length field. */

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  type DecoderOptions,
  encodePacket,
  type Packet,
  PacketDecoder,
  PacketWriter,
  type Role,
} from "../../src/codec/mod.ts";
import { fromHex, toHex } from "../_kit/hex.ts";
import { concat, decodeAll } from "./_decode.ts";
import { PUBLISH } from "./_packets.ts";
import { assertRefused, refusalOf } from "./_refusal.ts";

/** From type 1: who sends it, the flags it must carry, and its only remaining length. */
const TYPES: readonly (readonly [sender: Role, flags: number | undefined, length?: number])[] = [
  ["client", 0], // CONNECT
  ["server", 0, 2], // CONNACK
  ["any", undefined], // PUBLISH
  ["any", 0, 2], // PUBACK
  ["any", 0, 2], // PUBREC
  ["any", 2, 2], // PUBREL
  ["any", 0, 2], // PUBCOMP
  ["client", 2], // SUBSCRIBE
  ["server", 0], // SUBACK
  ["client", 2], // UNSUBSCRIBE
  ["server", 0, 2], // UNSUBACK
  ["client", 0, 0], // PINGREQ
  ["server", 0, 0], // PINGRESP
  ["client", 0, 0], // DISCONNECT
];

const ROLES = ["client", "server", "any"] as const;

function statementOfFirstByte(first: number, role: Role): string | undefined {
  const [sender, flags] = TYPES[(first >> 4) - 1] ?? ["nobody"];
  if (sender === "nobody" || (role !== "any" && role === sender)) return "2.2.1";
  if (flags === undefined) return (first & 6) === 6 ? "MQTT-3.3.1-4" : undefined;
  return (first & 15) === flags ? undefined : "MQTT-2.2.2-2";
}

Deno.test("PacketDecoder judges each of 256 first bytes for each role, as soon as it is there [MQTT-2.2.2-2] [MQTT-3.3.1-4]", () => {
  for (const role of ROLES) {
    for (let first = 0; first < 256; first++) {
      const statement = statementOfFirstByte(first, role);
      const expected = statement && [statement, 0];
      assertEquals(refusalOf(new Uint8Array([first]), { role }), expected, `${role} ${first}`);
      if (statement) {
        assertRefused(new Uint8Array([first, 2, 0, 1]), { role, statement, offset: 0 });
      }
    }
  }
});

Deno.test("PacketDecoder refuses a remaining length that its type cannot have, before the body is there [2.2.3]", () => {
  for (const [index, [, flags = 0, length]] of TYPES.entries()) {
    if (length === undefined) continue;
    const first = index + 1 << 4 | flags;
    for (const remaining of [0, 1, 2, 3, 4, 127]) {
      const expected = remaining === length ? undefined : ["2.2.3", 1];
      assertEquals(refusalOf(new Uint8Array([first, remaining])), expected);
    }
    assertEquals(refusalOf(new Uint8Array([first, 0x80 | length, 1])), ["2.2.3", 1]);
    assertEquals(refusalOf(new Uint8Array([first, 0x80 | length, 0x80, 0x80, 1])), ["2.2.3", 1]);
  }
});

Deno.test("PacketDecoder takes a length in more bytes than needed, up to four [2.2.3] (P11)", () => {
  for (const length of ["00", "8000", "808000", "80808000"]) {
    assertEquals(decodeAll([fromHex(`C0${length}`)]), [{ type: "pingreq" }]);
  }
  for (const length of ["05", "8500", "858000", "85808000"]) {
    const bytes = fromHex(`30 ${length} 0001 74 AABB`);
    const packets = [{ ...PUBLISH, payload: fromHex("AABB") }];
    assertEquals(decodeAll([bytes]), packets);
    for (let at = 1; at < bytes.length; at++) {
      assertEquals(decodeAll([bytes.subarray(0, at), bytes.subarray(at)]), packets);
    }
  }
});

Deno.test("PacketDecoder refuses a fourth length byte that continues [2.2.3] (P9)", () => {
  for (const last of ["80", "81", "FF"]) {
    for (const bytes of [`30 8080 80 ${last}`, `30 FFFF FF ${last}`, `C0 8080 80 ${last} 00`]) {
      assertRefused(fromHex(bytes), { statement: "2.2.3", offset: 4 });
    }
  }
});

/** Remaining lengths at which the length field changes, and the field. */
const LENGTHS: readonly (readonly [remaining: number, field: string])[] = [
  [127, "7F"],
  [128, "8001"],
  [16_383, "FF7F"],
  [16_384, "808001"],
  [2_097_151, "FFFF7F"],
  [2_097_152, "80808001"],
  [268_435_455, "FFFFFF7F"],
];

Deno.test("encodePacket() writes the shortest length field at each boundary [2.2.3]", () => {
  assertEquals(toHex(encodePacket({ type: "pingreq" })), "C000");
  for (const [remaining, field] of LENGTHS.slice(0, 6)) {
    const bytes = encodePacket({ ...PUBLISH, payload: new Uint8Array(remaining - 3) });
    assertEquals(toHex(bytes.subarray(0, -(remaining - 3))), `30${field}000174`);
    const id = encodePacket({
      ...PUBLISH,
      qos: 1,
      packetId: 1,
      payload: new Uint8Array(remaining - 5),
    });
    assertEquals(toHex(id.subarray(0, 1 + field.length / 2 + 5)), `32${field}0001740001`);
  }
  for (const [remaining, field] of LENGTHS.slice(0, 4)) {
    const returnCodes = Array(remaining - 2).fill(128);
    const bytes = encodePacket({ type: "suback", packetId: 1, returnCodes });
    assertEquals(toHex(bytes.subarray(0, -(remaining - 2))), `90${field}0001`);
  }
});

/** A payload that claims a length without the memory. */
function claimed(length: number): Uint8Array {
  return Object.create(Uint8Array.prototype, { length: { value: length } });
}

Deno.test("PacketWriter writes the longest length there is and refuses one byte more [2.2.3]", () => {
  for (const qos of [0, 1] as const) {
    const packet = { ...PUBLISH, qos, ...(qos ? { packetId: 1 } : {}) };
    const largest = 268_435_455 - 3 - 2 * qos;
    const writer = new PacketWriter();
    const payload = claimed(largest);
    writer.write({ ...packet, payload });
    const [head, body] = writer.take();
    assert(head);
    assertEquals(toHex(head), qos ? "32FFFFFF7F0001740001" : "30FFFFFF7F000174");
    assertStrictEquals(body, payload);
    assertEquals(refusalOf(new Uint8Array([0x30, 0xff, 0xff, 0xff, 0x7f])), ["2.2.3", 1]);
    const tooLarge = claimed(largest + 1);
    let message = "";
    try {
      writer.write({ ...packet, payload: tooLarge });
    } catch (error) {
      assert(error instanceof RangeError);
      message = error.message;
    }
    assert(message.includes("268435455 bytes [2.2.3]"), message);
    assertEquals(writer.size, 0);
    writer.release();
  }
});

Deno.test("PacketDecoder takes packets up to the maximum and refuses one byte more at the header [2.2.3] (P10)", () => {
  for (const [remaining, field] of LENGTHS) {
    const header = fromHex(`30${field}`);
    const size = header.length + remaining;
    assertEquals(refusalOf(header, { maximumPacketSize: size }), undefined);
    assertRefused(header, {
      maximumPacketSize: size - 1,
      statement: "2.2.3",
      offset: 1,
      code: "MQTT_PACKET_TOO_LARGE",
    });
  }
});

Deno.test("PacketDecoder refuses at 1 MiB and one byte unless told otherwise [2.2.3]", () => {
  const mebibyte = 1024 * 1024;
  const payload = new Uint8Array(mebibyte - 4 - 3);
  const bytes = encodePacket({ ...PUBLISH, payload });
  assertEquals(bytes.length, mebibyte);
  assertEquals(decodeAll([bytes]).length, 1);
  const more = encodePacket({ ...PUBLISH, payload: new Uint8Array(payload.length + 1) });
  assertEquals(refusalOf(more), ["2.2.3", 1]);
});

Deno.test("PacketDecoder refuses a list above 512 KiB whatever the maximum [2.2.3]", () => {
  const options: DecoderOptions = { maximumPacketSize: 268_435_460 };
  // 4 bytes of header, and all but them.
  assertEquals(refusalOf(fromHex("90 FCFF1F"), options), undefined);
  const refusal = { ...options, statement: "2.2.3", offset: 1, code: "MQTT_PACKET_TOO_LARGE" };
  assertRefused(fromHex("90 FDFF1F"), refusal);
  assertEquals(refusalOf(fromHex("30 FDFF1F"), options), undefined);
});

Deno.test("PacketDecoder reads the largest list there may be", () => {
  const bytes = new Uint8Array(512 * 1024).fill(1);
  bytes.set(fromHex("90 FCFF1F 0102"));
  for (const chunks of [[bytes], [bytes.subarray(0, 5000), bytes.subarray(5000)]]) {
    const [packet] = decodeAll(chunks);
    assert(packet?.type === "suback");
    assertEquals([packet.packetId, packet.returnCodes.length], [258, 512 * 1024 - 6]);
    assertEquals(new Set(packet.returnCodes), new Set([1]));
  }
});

Deno.test("PacketDecoder leaves alone what a PacketWriter has given out, however large a packet is", () => {
  const writer = new PacketWriter();
  const sent: Packet = { ...PUBLISH, topic: "sent", payload: new Uint8Array(15_000).fill(7) };
  for (let i = 0; i < 4; i++) writer.write(sent);
  const taken = writer.take();
  const payload = new Uint8Array(9_000_000).fill(0xee);
  const bytes = encodePacket({ ...PUBLISH, payload });
  const options = { maximumPacketSize: bytes.length };
  const [packet] = decodeAll([bytes.subarray(0, 1000), bytes.subarray(1000)], options);
  assert(packet?.type === "publish");
  assertEquals(packet.payload.length, payload.length);
  assert(packet.payload.every((byte) => byte === 0xee));
  assertEquals(concat(taken), concat(Array(4).fill(encodePacket(sent))));
  writer.release();
});

Deno.test("PacketDecoder reads a thousand packets at once, and one byte at a time (P27)", () => {
  const packets: Packet[] = Array.from({ length: 1000 }, (_, index) => ({
    ...PUBLISH,
    payload: new Uint8Array(index % 200),
  }));
  const stream = concat(packets.map(encodePacket));
  assertEquals(decodeAll([stream]), packets);
  const decoder = new PacketDecoder();
  for (const byte of stream) decoder.push(new Uint8Array([byte]));
  for (const packet of packets) assertEquals(decoder.next(), packet);
  assertEquals(decoder.next(), undefined);
});
