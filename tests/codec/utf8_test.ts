/** Strings at the edges of UTF-8, in the blocks of 16 bytes that are checked at once and in what is left. */

import { assertEquals, assertThrows } from "@std/assert";
import { encodePacket, PacketDecoder } from "../../src/codec/mod.ts";
import { fromHex } from "../_kit/hex.ts";
import { concat } from "./_decode.ts";
import { CONNECT, packetsWithText, PUBLISH } from "./_packets.ts";
import { refusalOf } from "./_refusal.ts";
import { assertUnsendable } from "./_sendable.ts";

const OFFSETS = Array.from({ length: 41 }, (_, offset) => offset);

/** First and last sequence of each row of table 3-7 of the Unicode standard. */
const WELL_FORMED = [
  ["01", "7F", "C280", "DFBF", "E0A080", "E0BFBF", "E18080", "ECBFBF", "ED8080", "ED9FBF"],
  ["EE8080", "EFBFBF", "F0908080", "F0BFBFBF", "F1808080", "F3BFBFBF", "F4808080", "F48FBFBF"],
].flat();

/** One step outside of each row: first byte, second byte below and above, third, fourth. */
const ILL_FORMED = [
  ["80", "BF", "C080", "C1BF", "F5808080", "F8808080", "FE", "FF"],
  ["C27F", "C2C0", "DF7F", "DFC0", "E09F80", "E0C080", "E17F80", "E1C080", "EC7F80", "ECC080"],
  ["ED7F80", "EDA080", "EDBFBF", "EE7F80", "EEC080", "EF7F80", "EFC080"],
  ["F08F8080", "F0C08080", "F17F8080", "F1C08080", "F37F8080", "F3C08080", "F47F8080", "F4908080"],
  ["E0A07F", "E0A0C0", "ED9F7F", "ED9FC0", "EFBF7F", "EFBFC0"],
  ["F0907F80", "F090C080", "F48F7F80", "F48FC080", "F090807F", "F09080C0", "F48FBF7F", "F48FBFC0"],
].flat();

/** Cut off within the sequence; the bytes that would complete it follow the string. */
const CUT_OFF = WELL_FORMED.flatMap((hex) =>
  Array.from(
    { length: hex.length / 2 - 1 },
    (_, at) => [hex.slice(0, at * 2 + 2), hex.slice(at * 2 + 2)],
  )
);

/** A PUBLISH with this topic, and what follows the topic. */
function publishBytes(topic: Uint8Array, payload = new Uint8Array(0)): Uint8Array {
  const head = [0x30, 2 + topic.length + payload.length, 0, topic.length];
  return concat([new Uint8Array(head), topic, payload]);
}

/** `offset` letters, the sequence, and letters up to no, half and more than a block behind it. */
function* placesOf(sequence: Uint8Array, offset: number): Generator<Uint8Array> {
  for (const behind of [0, 7, 17]) {
    yield concat([new Uint8Array(offset).fill(0x61), sequence, new Uint8Array(behind).fill(0x62)]);
  }
}

function decodeTopic(decoder: PacketDecoder, topic: Uint8Array): string | undefined {
  decoder.push(publishBytes(topic));
  const packet = decoder.next();
  return packet?.type === "publish" ? packet.topic : undefined;
}

Deno.test("PacketDecoder takes the edges of UTF-8 at every offset of a string [MQTT-1.5.3-1]", () => {
  const decoder = new PacketDecoder();
  const reference = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for (const sequence of WELL_FORMED.map(fromHex)) {
    for (const topic of OFFSETS.flatMap((offset) => [...placesOf(sequence, offset)])) {
      assertEquals(decodeTopic(decoder, topic), reference.decode(topic));
    }
  }
});

Deno.test("PacketDecoder refuses one step outside of UTF-8 at every offset of a string [MQTT-1.5.3-1]", () => {
  for (const sequence of ILL_FORMED.map(fromHex)) {
    for (const offset of OFFSETS) {
      for (const topic of placesOf(sequence, offset)) {
        assertEquals(refusalOf(publishBytes(topic)), ["MQTT-1.5.3-1", 4 + offset]);
      }
    }
  }
});

Deno.test("PacketDecoder refuses a character that the end of its string cuts off [MQTT-1.5.3-1]", () => {
  for (const [head, rest] of CUT_OFF as [string, string][]) {
    for (const offset of OFFSETS) {
      const topic = concat([new Uint8Array(offset).fill(0x61), fromHex(head)]);
      const bytes = publishBytes(topic, fromHex(rest));
      assertEquals(refusalOf(bytes), ["MQTT-1.5.3-1", 4 + offset]);
    }
  }
});

Deno.test("PacketDecoder refuses U+0000 at every offset of a string [MQTT-1.5.3-2]", () => {
  for (const sequence of ["00", "0000", "00C3A9"].map(fromHex)) {
    for (const offset of OFFSETS) {
      for (const topic of placesOf(sequence, offset)) {
        assertEquals(refusalOf(publishBytes(topic)), ["MQTT-1.5.3-2", 4 + offset]);
      }
    }
  }
});

Deno.test("PacketDecoder judges first and second bytes as the platform does [MQTT-1.5.3-1]", () => {
  const reference = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const judgement = (bytes: Uint8Array) => {
    try {
      return reference.decode(bytes);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return "MQTT-1.5.3-1";
    }
  };
  for (const tail of ["", "80", "8080"].map(fromHex)) {
    for (let first = 0x7e; first <= 0xff; first++) {
      for (let second = 0x7e; second <= 0xc1; second++) {
        const topic = concat([new Uint8Array([first, second]), tail]);
        const [statement] = refusalOf(publishBytes(topic)) ?? [];
        assertEquals(statement ?? decodeTopic(new PacketDecoder(), topic), judgement(topic));
      }
    }
  }
});

/** Whether a code point may be sent: no surrogate, control character or non-character. */
function maySend(point: number): boolean {
  if (point < 0x20 || point >= 0x7f && point <= 0x9f) return false;
  if (point >= 0xd800 && point <= 0xdfff || point >= 0xfdd0 && point <= 0xfdef) return false;
  return (point & 0xffff) < 0xfffe;
}

Deno.test("encodePacket() writes every code point as the platform does [MQTT-1.5.3-1]", () => {
  const encoder = new TextEncoder();
  const legal = Array.from({ length: 0x110000 }, (_, point) => point).filter(maySend);
  for (let at = 0; at < legal.length; at += 1000) {
    const clientId = String.fromCodePoint(...legal.slice(at, at + 1000));
    const bytes = encodePacket({ ...CONNECT, clientId });
    const text = encoder.encode(clientId);
    assertEquals(bytes.subarray(bytes.length - text.length), text);
  }
});

Deno.test("encodePacket() refuses every code point that may not be sent [1.5.3]", () => {
  for (let point = 0; point < 0x110000; point++) {
    if (maySend(point)) {
      // The edges of what is refused; the rest was written above.
      if (maySend(point - 1) && maySend(point + 1)) continue;
      encodePacket({ ...CONNECT, clientId: String.fromCodePoint(point) });
    } else {
      const clientId = `ab${String.fromCodePoint(point)}`;
      assertThrows(() => encodePacket({ ...CONNECT, clientId }), TypeError, "(at 2)");
    }
  }
});

Deno.test("encodePacket() names the place of what may not be sent, at every offset [MQTT-1.5.3-1] [MQTT-1.5.3-2]", () => {
  const bad = [["\0", "U+0000"], ["\uD800", "surrogate"], ["\uDFFF", "surrogate"], [
    "\x7F",
    "control",
  ]];
  for (const [text, why] of bad as [string, string][]) {
    for (const offset of OFFSETS) {
      for (const letter of ["a", "é", "€"]) {
        const clientId = letter.repeat(offset) + text + letter.repeat(offset % 3);
        const error = assertThrows(() => encodePacket({ ...CONNECT, clientId }), TypeError, why);
        assertEquals(error.message.slice(-`(at ${offset})`.length), `(at ${offset})`);
      }
    }
  }
});

Deno.test("encodePacket() joins surrogates only with their other half [MQTT-1.5.3-1]", () => {
  for (const high of [0xd800, 0xd83d, 0xdbff]) {
    for (const low of [0xdc00, 0xde00, 0xdffd]) {
      const pair = String.fromCharCode(high, low);
      const bytes = encodePacket({ ...CONNECT, clientId: pair });
      assertEquals(bytes.subarray(-4), new TextEncoder().encode(pair));
      // What the pair has left in memory must not complete its first half.
      assertUnsendable({ ...CONNECT, clientId: String.fromCharCode(high) }, "[MQTT-1.5.3-1]");
    }
    for (const other of [0x61, 0xd7ff, 0xd800, 0xdbff, 0xe000]) {
      const text = String.fromCharCode(high, other);
      for (const packet of packetsWithText(text)) assertUnsendable(packet, "[MQTT-1.5.3-1]");
    }
  }
  for (const low of [0xdc00, 0xdfff]) {
    const text = String.fromCharCode(low, 0xdc00);
    for (const packet of packetsWithText(text)) assertUnsendable(packet, "[MQTT-1.5.3-1]");
  }
});

Deno.test("encodePacket() counts 65535 bytes, whatever they are made of [MQTT-4.7.3-3]", () => {
  for (const [letter, size] of [["a", 1], ["é", 2], ["€", 3], ["😀", 4]] as const) {
    for (let before = 0; before < size; before++) {
      const count = Math.floor((65_535 - before) / size);
      const text = "x".repeat(before) + letter.repeat(count);
      const bytes = encodePacket({ ...PUBLISH, topic: text });
      assertEquals(bytes.length, 4 + 2 + before + count * size);
      // The first character that does not fit is named by its place.
      const at = `(at ${text.length})`;
      const rest = 65_535 - before - count * size;
      const tooLong = text + "x".repeat(rest) + "x";
      if (tooLong.length > 65_535) continue;
      assertThrows(
        () => encodePacket({ ...PUBLISH, topic: text + letter }),
        RangeError,
        at,
      );
      assertThrows(() => encodePacket({ ...PUBLISH, topic: tooLong }), RangeError, "65535 bytes");
      encodePacket({ ...PUBLISH, topic: text + "x".repeat(rest) });
    }
  }
});
