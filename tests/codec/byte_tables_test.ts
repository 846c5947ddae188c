/** Bytes with a meaning of their own, all 256 values of each: flags of CONNECT and CONNACK, codes, QoS. */

import { assertEquals } from "@std/assert";
import { type ConnectPacket, encodePacket } from "../../src/codec/mod.ts";
import { fromHex, toHex } from "../_kit/hex.ts";
import { concat, decodeAll } from "./_decode.ts";
import { refusalOf } from "./_refusal.ts";

const BYTES = Array.from({ length: 256 }, (_, byte) => byte);

/** A CONNECT with these flags and every field that they announce. */
function connectBytes(flags: number): Uint8Array {
  const fields = [
    "0002 6964",
    flags & 4 ? "0003 772F74 0002 0102" : "",
    flags & 0x80 ? "0004 75736572" : "",
    flags & 0x40 ? "0001 FF" : "",
  ].map(fromHex);
  const body = concat([fromHex("0004 4D515454 04"), new Uint8Array([flags, 1, 2]), ...fields]);
  return concat([new Uint8Array([0x10, body.length]), body]);
}

function connectPacket(flags: number): ConnectPacket {
  const packet: ConnectPacket = {
    type: "connect",
    clientId: "id",
    cleanSession: (flags & 2) > 0,
    keepAliveSeconds: 258,
  };
  if (flags & 0x80) packet.username = "user";
  if (flags & 0x40) packet.password = fromHex("FF");
  if (flags & 4) {
    const qos = (flags >> 3 & 3) as 0 | 1 | 2;
    packet.will = { topic: "w/t", payload: fromHex("0102"), qos, retain: (flags & 0x20) > 0 };
  }
  return packet;
}

/** The statement that connect flags break. */
function judgeFlags(flags: number): string | undefined {
  if (flags & 1) return "MQTT-3.1.2-3";
  const hasWill = (flags & 4) > 0;
  const willQos = flags >> 3 & 3;
  if (willQos === 3 || !hasWill && (willQos > 0 || flags & 0x20)) return "MQTT-3.1.2-14";
  return flags & 0x40 && !(flags & 0x80) ? "MQTT-3.1.2-22" : undefined;
}

Deno.test("connect flags of every value are judged, and legal ones read and written [MQTT-3.1.2-3] [MQTT-3.1.2-11] [MQTT-3.1.2-14] [MQTT-3.1.2-22]", () => {
  const legal = BYTES.filter((flags) => judgeFlags(flags) === undefined);
  assertEquals(legal.length, 2 * 3 * 7);
  for (const flags of BYTES) {
    const bytes = connectBytes(flags);
    const statement = judgeFlags(flags);
    assertEquals(refusalOf(bytes), statement && [statement, 9], `flags ${flags}`);
    if (statement) continue;
    assertEquals(decodeAll([bytes]), [connectPacket(flags)]);
    assertEquals(toHex(encodePacket(connectPacket(flags))), toHex(bytes));
  }
});

Deno.test("PacketDecoder refuses a CONNECT cut short or made longer at any place, whatever its flags [MQTT-3.1.2-9] [MQTT-3.1.2-19] [MQTT-3.1.2-21]", () => {
  for (const flags of BYTES.filter((flags) => judgeFlags(flags) === undefined)) {
    const bytes = connectBytes(flags);
    for (let length = 2; length < bytes.length; length++) {
      const short = bytes.slice(0, length);
      short[1] = length - 2;
      const [statement, offset] = refusalOf(short) ?? [];
      assertEquals(statement, length < 12 ? "2.2.3" : "1.5.3");
      if (length < 12) assertEquals(offset, 1);
    }
    const long = concat([bytes, new Uint8Array(1)]);
    long[1] = bytes.length - 1;
    assertEquals(refusalOf(long), ["2.2.3", bytes.length]);
  }
});

Deno.test("keep-alive is two bytes, the higher first", () => {
  for (const keepAliveSeconds of [0, 1, 255, 256, 258, 32_768, 65_535]) {
    const packet: ConnectPacket = { ...connectPacket(2), keepAliveSeconds };
    const bytes = encodePacket(packet);
    assertEquals([bytes[10], bytes[11]], [keepAliveSeconds >> 8, keepAliveSeconds & 255]);
    assertEquals(decodeAll([bytes]), [packet]);
  }
});

Deno.test("CONNACK flags of every value are judged, and every code read [3.2.2.1] (P1) (P4)", () => {
  for (const flags of BYTES) {
    for (const code of flags < 2 ? BYTES : [0, 1, 5, 255]) {
      const bytes = new Uint8Array([0x20, 2, flags, code]);
      assertEquals(refusalOf(bytes), flags > 1 ? ["3.2.2.1", 2] : undefined);
      if (flags > 1) continue;
      const packet = { type: "connack", sessionPresent: flags === 1, returnCode: code } as const;
      assertEquals(decodeAll([bytes]), [packet]);
      if (code > 5 || flags === 1 && code > 0) continue;
      assertEquals(encodePacket(packet), bytes);
    }
  }
});

Deno.test("SUBACK codes of every value are judged at every place [MQTT-3.9.3-2]", () => {
  for (const code of BYTES) {
    const isLegal = [0, 1, 2, 128].includes(code);
    for (const returnCodes of [[code], [0, code], [128, 2, code, 1]]) {
      const bytes = new Uint8Array([0x90, 2 + returnCodes.length, 0, 1, ...returnCodes]);
      const at = returnCodes.indexOf(code, returnCodes.length > 1 ? 1 : 0);
      assertEquals(refusalOf(bytes), isLegal ? undefined : ["MQTT-3.9.3-2", 4 + at]);
      if (!isLegal) continue;
      const packet = { type: "suback", packetId: 1, returnCodes } as const;
      assertEquals(decodeAll([bytes]), [{ ...packet, returnCodes: [...returnCodes] }]);
      assertEquals(encodePacket({ ...packet, returnCodes: [...returnCodes] }), bytes);
    }
  }
});

Deno.test("requested QoS of every value is judged at every place [MQTT-3-8.3-4]", () => {
  for (const qos of BYTES) {
    for (const before of ["", "0001 61 02", "0002 612F 00 0001 23 01"].map(fromHex)) {
      const entries = concat([before, fromHex("0003 2B2F62"), new Uint8Array([qos])]);
      const head = new Uint8Array([0x82, 2 + entries.length, 1, 2]);
      const bytes = concat([head, entries]);
      const at = bytes.length - 1;
      assertEquals(refusalOf(bytes), qos > 2 ? ["MQTT-3-8.3-4", at] : undefined);
      if (qos > 2) continue;
      const [packet] = decodeAll([bytes]);
      if (packet?.type !== "subscribe") throw new Error(`not a SUBSCRIBE: ${packet?.type}`);
      assertEquals(packet.packetId, 258);
      assertEquals(packet.subscriptions.at(-1), { topicFilter: "+/b", qos: qos as 0 | 1 | 2 });
      assertEquals(encodePacket(packet), bytes);
    }
  }
});

Deno.test("PacketDecoder refuses SUBSCRIBE and UNSUBSCRIBE cut short at any place [1.5.3] [MQTT-3-8.3-4]", () => {
  const subscribe = fromHex("82 10 0001 0003 612F62 02 0001 23 01 0001 2B 00");
  const ends = [10, 14, 18];
  for (let length = 5; length < subscribe.length; length++) {
    const short = subscribe.slice(0, length);
    short[1] = length - 2;
    const missesQos = ends.includes(length + 1);
    const begin = Math.max(4, ...ends.filter((end) => end <= length));
    const expected = missesQos ? ["MQTT-3-8.3-4", length] : ["1.5.3", begin];
    assertEquals(refusalOf(short), ends.includes(length) ? undefined : expected, `${length}`);
  }
});
