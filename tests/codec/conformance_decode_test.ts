/** What the decoder owes to each statement: the packet, or the same refusal however the bytes are cut. */

import { assertEquals } from "@std/assert";
import type { Role } from "../../src/codec/mod.ts";
import { fromHex } from "../_kit/hex.ts";
import { decodeAll } from "./_decode.ts";
import { PUBLISH } from "./_packets.ts";
import { assertRefused } from "./_refusal.ts";

/** "MQTT", level 4. */
const PROTOCOL = "0004 4D515454 04";

type Refused = readonly [hex: string, offset: number];

/** Demands that each of these bytes is refused for breaking that statement, at that byte. */
function refuses(statement: string, cases: readonly Refused[], role: Role = "any"): void {
  for (const [hex, offset] of cases) assertRefused(fromHex(hex), { statement, offset, role });
}

/** Bytes in hex, with their length before them: one field. */
function field(hex: string): string {
  const { length } = fromHex(hex);
  return length.toString(16).padStart(4, "0") + hex;
}

/** Each packet that can hold this string in hex, and where the string begins. */
function packetsWith(hex: string, kinds: { names?: true; filters?: true; texts?: true }) {
  const text = field(hex);
  const packets: [body: string, first: string, at: number][] = [];
  if (kinds.names) {
    packets.push([text, "30", 2], [`${text} 0001`, "32", 2]);
    packets.push([`${PROTOCOL} 06 003C 0001 63 ${text} 0000`, "10", 15]);
  }
  if (kinds.filters) {
    packets.push([`0001 ${text} 00`, "82", 4], [`0001 0001 61 00 ${text} 00`, "82", 8]);
    packets.push([`0001 ${text}`, "A2", 4], [`0001 0001 61 ${text}`, "A2", 7]);
  }
  if (kinds.texts) {
    packets.push([`${PROTOCOL} 02 003C ${text}`, "10", 12]);
    packets.push([`${PROTOCOL} 82 003C 0001 63 ${text}`, "10", 15]);
  }
  return packets.map(([body, first, at]) => {
    const remaining = fromHex(body).length.toString(16).padStart(2, "0");
    return { hex: `${first} ${remaining} ${body}`, textAt: at + 2 };
  });
}

/** A string that is refused wherever it stands, at its byte `at`. */
function refusesText(
  statement: string,
  [hex, at]: Refused,
  kinds: Parameters<typeof packetsWith>[1],
): void {
  for (const { hex: bytes, textAt } of packetsWith(hex, kinds)) {
    refuses(statement, [[bytes, textAt + at]]);
  }
}

const EVERYWHERE = { names: true, filters: true, texts: true } as const;

Deno.test("PacketDecoder refuses what is no UTF-8 in every string [MQTT-1.5.3-1] [MQTT-3.1.3-4] [MQTT-3.1.3-10] [MQTT-3.1.3-11] [MQTT-3.3.2-1] [MQTT-3.8.3-1] [MQTT-3.10.3-1]", () => {
  const bad: Refused[] = [["FF", 0], ["61C0AF", 1], ["EDA080", 0], ["6161F4908080", 2], ["C3", 0]];
  for (const text of bad) refusesText("MQTT-1.5.3-1", text, EVERYWHERE);
});

Deno.test("PacketDecoder refuses U+0000 in every string [MQTT-1.5.3-2] [MQTT-4.7.3-2]", () => {
  const bad: Refused[] = [["00", 0], ["6100", 1], ["C3A90061", 2]];
  for (const text of bad) refusesText("MQTT-1.5.3-2", text, EVERYWHERE);
});

Deno.test("PacketDecoder keeps U+FEFF wherever it stands in a string [MQTT-1.5.3-3]", () => {
  for (const topic of ["\uFEFF", "\uFEFFa", "a\uFEFF", "\uFEFF\uFEFF"]) {
    const text = field(new TextEncoder().encode(topic).toHex());
    const size = fromHex(text).length;
    const publish = fromHex(`300${size.toString(16)}${text}`);
    assertEquals(decodeAll([publish]), [{ ...PUBLISH, topic }]);
    const subscribe = fromHex(`820${(size + 3).toString(16)}0001${text}00`);
    const subscriptions = [{ topicFilter: topic, qos: 0 as const }];
    assertEquals(decodeAll([subscribe]), [{ type: "subscribe", packetId: 1, subscriptions }]);
  }
});

Deno.test("PacketDecoder refuses other flag bits than the type's [MQTT-2.2.2-2] [MQTT-3.6.1-1] [MQTT-3.8.1-1] [MQTT-3.10.1-1] [MQTT-3.14.1-1]", () => {
  for (const type of [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]) {
    const legal = [6, 8, 10].includes(type) ? 2 : 0;
    for (let flags = 0; flags < 16; flags++) {
      if (flags === legal) continue;
      const hex = (type << 4 | flags).toString(16).padStart(2, "0");
      refuses("MQTT-2.2.2-2", [[hex, 0], [`${hex} 02 0001`, 0]]);
    }
  }
});

Deno.test("PacketDecoder refuses identifier 0 and a missing one [MQTT-2.3.1-1] [MQTT-2.3.1-4]", () => {
  refuses("MQTT-2.3.1-1", [
    ["32 05 0001 61 0000", 5],
    ["34 05 0001 61 0000", 5],
    ["32 03 0001 61", 5],
    ["34 04 0001 61 00", 5],
    ["82 06 0000 0001 61 00", 2],
    ["A2 05 0000 0001 61", 2],
    ["90 03 0000 00", 2],
    ["B0 02 0000", 2],
    ["40 02 0000", 2],
    ["50 02 0000", 2],
    ["62 02 0000", 2],
    ["70 02 0000", 2],
  ]);
});

Deno.test("PacketDecoder takes the payload of QoS 0 to begin behind the topic [MQTT-2.3.1-5]", () => {
  const [packet] = decodeAll([fromHex("30 05 0001 74 0001")]);
  assertEquals(packet, { ...PUBLISH, payload: fromHex("0001") });
});

Deno.test("PacketDecoder refuses a CONNECT of another protocol [MQTT-3.1.2-1]", () => {
  // The names of 3.1 and of other lengths, and each byte of the right one changed.
  const headers = ["0006 4D514973 6470", "0003 4D5154", "0005 4D515454 54", "0000"];
  const changed = Array.from({ length: 6 }, (_, at) => {
    const header = fromHex("0004 4D515454");
    header[at] = (header[at] ?? 0) ^ 1;
    return header.toHex();
  });
  for (const header of [...headers, ...changed]) {
    const body = `${header} 04 02 003C 0000 0000`;
    const size = fromHex(body).length.toString(16).padStart(2, "0");
    refuses("MQTT-3.1.2-1", [[`10 ${size} ${body}`, 2]], "server");
  }
});

Deno.test("PacketDecoder refuses a CONNECT of another level [MQTT-3.1.2-2]", () => {
  for (const level of ["00", "03", "05", "84"]) {
    refuses("MQTT-3.1.2-2", [[`10 0C 0004 4D515454 ${level} 02 003C 0000`, 8]], "server");
  }
});

Deno.test("PacketDecoder refuses the reserved connect flag [MQTT-3.1.2-3]", () => {
  for (const flags of ["01", "03", "FF"]) {
    refuses("MQTT-3.1.2-3", [[`10 0C ${PROTOCOL} ${flags} 003C 0000`, 9]], "server");
  }
});

Deno.test("PacketDecoder refuses a CONNECT that announces a field and ends before it [MQTT-3.1.2-9] [MQTT-3.1.2-19] [MQTT-3.1.2-21] [MQTT-3.1.3-3]", () => {
  refuses("1.5.3", [
    [`10 0A ${PROTOCOL} 02 003C`, 12],
    [`10 0B ${PROTOCOL} 02 003C 00`, 12],
    [`10 0D ${PROTOCOL} 06 003C 0001 63`, 15],
    [`10 10 ${PROTOCOL} 06 003C 0001 63 0001 77`, 18],
    [`10 11 ${PROTOCOL} 06 003C 0001 63 0001 77 00`, 18],
    [`10 12 ${PROTOCOL} 06 003C 0001 63 0001 77 0001`, 18],
    [`10 0D ${PROTOCOL} 82 003C 0001 63`, 15],
    [`10 0F ${PROTOCOL} 82 003C 0001 63 0001`, 15],
    [`10 10 ${PROTOCOL} C2 003C 0001 63 0001 75`, 18],
    [`10 12 ${PROTOCOL} C2 003C 0001 63 0001 75 0002`, 18],
  ], "server");
});

Deno.test("PacketDecoder refuses a CONNECT with a field more than it announces [MQTT-3.1.2-11] [MQTT-3.1.2-18] [MQTT-3.1.2-20]", () => {
  refuses("2.2.3", [
    [`10 10 ${PROTOCOL} 02 003C 0001 63 0001 75`, 15],
    [`10 13 ${PROTOCOL} 82 003C 0001 63 0001 75 0001 70`, 18],
    [`10 15 ${PROTOCOL} 06 003C 0001 63 0001 77 0000 0001 75`, 20],
    [`10 0E ${PROTOCOL} 02 003C 0001 63 00`, 15],
  ], "server");
});

Deno.test("PacketDecoder refuses will flags that contradict each other [MQTT-3.1.2-11] [MQTT-3.1.2-13] [MQTT-3.1.2-14] [MQTT-3.1.2-15]", () => {
  for (const flags of ["0A", "12", "1A", "22", "3A", "1E", "3E", "08", "20"]) {
    const hex = `10 11 ${PROTOCOL} ${flags} 003C 0000 0001 77 0000`;
    refuses("MQTT-3.1.2-14", [[hex, 9]], "server");
  }
});

Deno.test("PacketDecoder refuses a password without a user name [MQTT-3.1.2-22]", () => {
  refuses("MQTT-3.1.2-22", [
    [`10 0F ${PROTOCOL} 42 003C 0000 0001 70`, 9],
    [`10 0E ${PROTOCOL} 40 003C 0000 0000`, 9],
  ], "server");
});

Deno.test("PacketDecoder reads the fields of CONNECT in their order [MQTT-3.1.3-1] [MQTT-3.1.3-3]", () => {
  const fields = "0002 6964 0004 77696C6C 0002 0405 0004 75736572 0001 03";
  assertEquals(decodeAll([fromHex(`10 21 ${PROTOCOL} F6 0102 ${fields}`)]), [{
    type: "connect",
    clientId: "id",
    cleanSession: true,
    keepAliveSeconds: 0x0102,
    username: "user",
    password: fromHex("03"),
    will: { topic: "will", payload: fromHex("0405"), qos: 2, retain: true },
  }]);
});

Deno.test("PacketDecoder refuses PUBLISH with both QoS bits at its first byte [MQTT-3.3.1-4]", () => {
  for (const first of ["36", "37", "3E", "3F"]) {
    refuses("MQTT-3.3.1-4", [[first, 0], [`${first} 05 0001 61 0001`, 0]]);
  }
});

Deno.test("PacketDecoder refuses a PUBLISH whose topic is not whole [MQTT-3.3.2-1]", () => {
  refuses("1.5.3", [
    ["30 00", 2],
    ["30 00 0000", 2],
    ["30 01 00", 2],
    ["30 01 00 00", 2],
    ["30 02 0001", 2],
    ["30 04 0003 6161", 2],
    ["30 02 FFFF", 2],
    ["32 04 0003 0001", 2],
  ]);
});

Deno.test("PacketDecoder refuses wildcards in topic names [MQTT-3.3.2-2]", () => {
  for (const text of [["23", 0], ["2B", 0], ["612F23", 2], ["2B2F61", 0], ["C3A92B", 2]] as const) {
    refusesText("MQTT-3.3.2-2", text, { names: true });
  }
});

Deno.test("PacketDecoder refuses lists without an entry [MQTT-3.8.3-3] [MQTT-3.8.4-5] [MQTT-3.10.3-2]", () => {
  refuses("MQTT-3.8.3-3", [["82 02 0001", 4]]);
  refuses("MQTT-3.8.4-5", [["90 02 0001", 4]]);
  refuses("MQTT-3.10.3-2", [["A2 02 0001", 4]]);
});

Deno.test("PacketDecoder refuses a requested QoS that is none, and a missing one [MQTT-3-8.3-4]", () => {
  for (const qos of ["03", "04", "80", "FF"]) {
    refuses("MQTT-3-8.3-4", [
      [`82 06 0001 0001 61 ${qos}`, 7],
      [`82 0A 0001 0001 61 00 0001 62 ${qos}`, 11],
    ]);
  }
  refuses("MQTT-3-8.3-4", [["82 05 0001 0001 61", 7], ["82 09 0001 0001 61 00 0001 62", 11]]);
});

Deno.test("PacketDecoder gives return codes in their order [MQTT-3.9.3-1]", () => {
  const returnCodes = [2, 0, 128, 1, 128];
  const bytes = fromHex("90 07 0102 02 00 80 01 80");
  assertEquals(decodeAll([bytes]), [{ type: "suback", packetId: 258, returnCodes }]);
});

Deno.test("PacketDecoder refuses return codes that are none [MQTT-3.9.3-2]", () => {
  for (const code of ["03", "7F", "81", "FF"]) {
    refuses("MQTT-3.9.3-2", [[`90 03 0001 ${code}`, 4], [`90 05 0001 0080 ${code}`, 6]]);
  }
});

Deno.test("PacketDecoder refuses # unless it is a whole level and the last [MQTT-4.7.1-2]", () => {
  for (const text of [["6123", 1], ["2361", 0], ["232F", 0], ["2B2F612F232F", 4]] as const) {
    refusesText("MQTT-4.7.1-2", text, { filters: true });
  }
});

Deno.test("PacketDecoder refuses + unless it is a whole level [MQTT-4.7.1-3]", () => {
  for (const text of [["612B", 1], ["2B61", 0], ["2B2B", 0], ["2B2F612B2F23", 3]] as const) {
    refusesText("MQTT-4.7.1-3", text, { filters: true });
  }
});

Deno.test("PacketDecoder refuses empty topics [MQTT-4.7.3-1]", () => {
  refuses("MQTT-4.7.3-1", [["30 02 0000", 2], ["32 06 0000 0001 6161", 2]]);
  refusesText("MQTT-4.7.3-1", ["", 0], { filters: true });
  refuses("MQTT-4.7.3-1", [[`10 11 ${PROTOCOL} 06 003C 0001 63 0000 0000`, 17]]);
});

Deno.test("PacketDecoder takes topics of 65535 bytes [MQTT-4.7.3-3]", () => {
  // 65537 bytes follow the header, 65535 of them the topic.
  const bytes = new Uint8Array(4 + 65_537).fill(0x61);
  bytes.set(fromHex("30 81 80 04 FFFF"));
  assertEquals(decodeAll([bytes]), [{ ...PUBLISH, topic: "a".repeat(65_535) }]);
});

Deno.test("PacketDecoder refuses for good what breaks the protocol [MQTT-4.8.0-1]", () => {
  refuses("2.2.1", [["00", 0], ["F0 00", 0]]);
  refuses("2.2.1", [["10", 0], ["82", 0], ["A2", 0], ["C0", 0], ["E0", 0]], "client");
  refuses("2.2.1", [["20", 0], ["90", 0], ["B0", 0], ["D0", 0]], "server");
  refuses("2.2.3", [["40 01 00", 1], ["40 03 000100", 1], ["D0 01 00", 1], ["C0 FF FF FF 80", 4]]);
  refuses("3.2.2.1", [["20 02 0200", 2], ["20 02 FF00", 2]]);
});
