/** What the encoder owes to each statement: exact bytes, or a refusal before the first byte. */

import { assertEquals } from "@std/assert";
import { encodePacket, type Packet } from "../../src/codec/mod.ts";
import { fromHex, toHex } from "../_kit/hex.ts";
import { decodeAll } from "./_decode.ts";
import {
  CONNACK,
  CONNECT,
  packetsWithFilter,
  packetsWithName,
  packetsWithText,
  PUBLISH,
  WILL,
} from "./_packets.ts";
import { assertBothWays, assertUnsendable } from "./_sendable.ts";

/** "MQTT", level 4. */
const PROTOCOL = "0004 4D515454 04";

Deno.test("encodePacket() refuses a surrogate alone in every string [MQTT-1.5.3-1]", () => {
  for (const text of ["\uD800", "a\uDBFF", "\uDC00a", "a\uDFFFa", "\uD83D\uD83D\uDE00"]) {
    for (const packet of packetsWithText(text)) assertUnsendable(packet, "[MQTT-1.5.3-1]");
  }
});

Deno.test("encodePacket() refuses U+0000 in every string [MQTT-1.5.3-2] [MQTT-4.7.3-2]", () => {
  for (const text of ["\0", "a\0", "\0a", "a\0a"]) {
    for (const packet of packetsWithText(text)) assertUnsendable(packet, "[MQTT-1.5.3-2]");
  }
});

Deno.test("encodePacket() writes the flag bits of each type [MQTT-2.2.2-1] [MQTT-3.6.1-1] [MQTT-3.8.1-1] [MQTT-3.10.1-1]", () => {
  assertBothWays({ ...CONNECT, clientId: "" }, `10 0C ${PROTOCOL} 02 003C 0000`);
  assertBothWays(CONNACK, "20 02 0000");
  assertBothWays({ type: "puback", packetId: 1 }, "40 02 0001");
  assertBothWays({ type: "pubrec", packetId: 1 }, "50 02 0001");
  assertBothWays({ type: "pubrel", packetId: 1 }, "62 02 0001");
  assertBothWays({ type: "pubcomp", packetId: 1 }, "70 02 0001");
  assertBothWays(
    { type: "subscribe", packetId: 1, subscriptions: [{ topicFilter: "a", qos: 0 }] },
    "82 06 0001 0001 61 00",
  );
  assertBothWays({ type: "suback", packetId: 1, returnCodes: [0] }, "90 03 0001 00");
  assertBothWays({ type: "unsubscribe", packetId: 1, topicFilters: ["a"] }, "A2 05 0001 0001 61");
  assertBothWays({ type: "unsuback", packetId: 1 }, "B0 02 0001");
  assertBothWays({ type: "pingreq" }, "C0 00");
  assertBothWays({ type: "pingresp" }, "D0 00");
  assertBothWays({ type: "disconnect" }, "E0 00");
});

Deno.test("encodePacket() writes identifiers from 1 to 65535 only [MQTT-2.3.1-1] [MQTT-2.3.1-4]", () => {
  const subscriptions = [{ topicFilter: "a", qos: 0 as const }];
  const carriers: [rest: object, hex: (id: string) => string][] = [
    [{ ...PUBLISH, qos: 1 }, (id) => `32 05 0001 74 ${id}`],
    [{ ...PUBLISH, qos: 2 }, (id) => `34 05 0001 74 ${id}`],
    [{ type: "subscribe", subscriptions }, (id) => `82 06 ${id} 0001 61 00`],
    [{ type: "unsubscribe", topicFilters: ["a"] }, (id) => `A2 05 ${id} 0001 61`],
    [{ type: "suback", returnCodes: [0] }, (id) => `90 03 ${id} 00`],
    [{ type: "unsuback" }, (id) => `B0 02 ${id}`],
  ];
  for (const [rest, hex] of carriers) {
    for (const [packetId, id] of [[1, "0001"], [256, "0100"], [65_535, "FFFF"]] as const) {
      assertBothWays({ ...rest, packetId } as Packet, hex(id));
    }
    for (const packetId of [0, -1, 65_536, 0x10001]) {
      assertUnsendable({ ...rest, packetId }, "[MQTT-2.3.1-1]", RangeError);
    }
  }
});

Deno.test("encodePacket() writes no identifier at QoS 0 and refuses one [MQTT-2.3.1-5]", () => {
  assertBothWays({ ...PUBLISH, payload: fromHex("0001") }, "30 05 0001 74 0001");
  for (const packetId of [1, 65_535, -1]) {
    assertUnsendable({ ...PUBLISH, packetId }, "[MQTT-2.3.1-5]");
  }
});

Deno.test("encodePacket() writes the identifier it is given into an acknowledgement [MQTT-2.3.1-6]", () => {
  const types = { puback: "40", pubrec: "50", pubrel: "62", pubcomp: "70" } as const;
  for (const [type, first] of Object.entries(types)) {
    for (const [packetId, id] of [[1, "0001"], [258, "0102"], [65_535, "FFFF"]] as const) {
      assertBothWays({ type: type as keyof typeof types, packetId }, `${first} 02 ${id}`);
    }
    for (const packetId of [0, -1, 65_536]) {
      assertUnsendable({ type, packetId }, "[MQTT-2.3.1-1]", RangeError);
    }
  }
});

Deno.test("encodePacket() begins CONNECT with MQTT, level 4 and no reserved flag [MQTT-3.1.2-1] [MQTT-3.1.2-2] [MQTT-3.1.2-3]", () => {
  for (const packet of connectPackets()) {
    const bytes = encodePacket(packet);
    assertEquals(toHex(bytes.subarray(2, 9)), PROTOCOL.replaceAll(" ", ""));
    assertEquals((bytes[9] ?? 1) & 1, 0);
    assertEquals(decodeAll([bytes]), [packet]);
  }
});

/** Every combination of flags that may be sent. */
function* connectPackets(): Generator<Packet> {
  const wills = [0, 1, 2].flatMap((qos) => [false, true].map((retain) => ({ qos, retain })));
  for (const cleanSession of [false, true]) {
    for (const will of [undefined, ...wills]) {
      for (
        const credentials of [{}, { username: "u" }, { username: "u", password: fromHex("00") }]
      ) {
        const wish = will ? { will: { ...WILL, ...will } } : {};
        yield { ...CONNECT, cleanSession, ...credentials, ...wish } as Packet;
      }
    }
  }
}

Deno.test("encodePacket() writes will topic and will message behind the client id [MQTT-3.1.2-9]", () => {
  const will = { topic: "w", payload: fromHex("0102"), qos: 0, retain: false } as const;
  assertBothWays({ ...CONNECT, will }, `10 14 ${PROTOCOL} 06 003C 0001 63 0001 77 0002 0102`);
  assertUnsendable({ ...CONNECT, will: { ...WILL, topic: undefined } }, "not a string");
  assertUnsendable({ ...CONNECT, will: { ...WILL, payload: undefined } }, "not a Uint8Array");
});

Deno.test("encodePacket() writes no bit and no field of a will where there is none [MQTT-3.1.2-11] [MQTT-3.1.2-13] [MQTT-3.1.2-15]", () => {
  assertBothWays(CONNECT, `10 0D ${PROTOCOL} 02 003C 0001 63`);
});

Deno.test("encodePacket() writes will QoS 0, 1 and 2 and refuses others [MQTT-3.1.2-14]", () => {
  for (const [qos, flags] of [[0, "06"], [1, "0E"], [2, "16"]] as const) {
    const will = { ...WILL, qos };
    assertBothWays({ ...CONNECT, will }, `10 12 ${PROTOCOL} ${flags} 003C 0001 63 0001 77 0000`);
  }
  const will = { ...WILL, retain: true };
  assertBothWays({ ...CONNECT, will }, `10 12 ${PROTOCOL} 26 003C 0001 63 0001 77 0000`);
  for (const qos of [3, -1, 4, 0.5, undefined]) {
    assertUnsendable({ ...CONNECT, will: { ...WILL, qos } }, "QoS", RangeError);
  }
});

Deno.test("encodePacket() sets the flag of each credential that is there, and of no other [MQTT-3.1.2-18] [MQTT-3.1.2-19] [MQTT-3.1.2-20] [MQTT-3.1.2-21]", () => {
  const password = fromHex("FF00");
  assertBothWays(CONNECT, `10 0D ${PROTOCOL} 02 003C 0001 63`);
  assertBothWays({ ...CONNECT, username: "" }, `10 0F ${PROTOCOL} 82 003C 0001 63 0000`);
  assertBothWays({ ...CONNECT, username: "u" }, `10 10 ${PROTOCOL} 82 003C 0001 63 0001 75`);
  assertBothWays(
    { ...CONNECT, username: "u", password },
    `10 14 ${PROTOCOL} C2 003C 0001 63 0001 75 0002 FF00`,
  );
});

Deno.test("encodePacket() refuses a password without a user name [MQTT-3.1.2-22]", () => {
  for (const password of [new Uint8Array(0), new Uint8Array(1)]) {
    assertUnsendable({ ...CONNECT, password }, "[MQTT-3.1.2-22]");
  }
});

Deno.test("encodePacket() writes the fields of CONNECT in their order [MQTT-3.1.3-1] [MQTT-3.1.3-3]", () => {
  const packet = {
    ...CONNECT,
    clientId: "id",
    keepAliveSeconds: 0x0102,
    username: "user",
    password: fromHex("03"),
    will: { topic: "will", payload: fromHex("0405"), qos: 1, retain: true },
  } as const;
  const fields = "0002 6964 0004 77696C6C 0002 0405 0004 75736572 0001 03";
  assertBothWays(packet, `10 21 ${PROTOCOL} EE 0102 ${fields}`);
});

Deno.test("encodePacket() writes client id, will topic and user name as UTF-8 [MQTT-3.1.3-4] [MQTT-3.1.3-10] [MQTT-3.1.3-11]", () => {
  assertBothWays({ ...CONNECT, clientId: "é" }, `10 0E ${PROTOCOL} 02 003C 0002 C3A9`);
  assertBothWays(
    { ...CONNECT, will: { ...WILL, topic: "€" } },
    `10 14 ${PROTOCOL} 06 003C 0001 63 0003 E282AC 0000`,
  );
  assertBothWays(
    { ...CONNECT, username: "😀" },
    `10 13 ${PROTOCOL} 82 003C 0001 63 0004 F09F9880`,
  );
});

Deno.test("encodePacket() writes an empty client id with a clean session only [MQTT-3.1.3-7]", () => {
  assertBothWays({ ...CONNECT, clientId: "" }, `10 0C ${PROTOCOL} 02 003C 0000`);
  assertBothWays({ ...CONNECT, cleanSession: false }, `10 0D ${PROTOCOL} 00 003C 0001 63`);
  assertUnsendable({ ...CONNECT, clientId: "", cleanSession: false }, "[MQTT-3.1.3-7]");
});

Deno.test("encodePacket() refuses a CONNACK that refuses and has a session [MQTT-3.2.2-4]", () => {
  assertBothWays({ ...CONNACK, sessionPresent: true }, "20 02 0100");
  for (const returnCode of [1, 2, 3, 4, 5]) {
    assertBothWays({ ...CONNACK, returnCode }, `20 02 000${returnCode}`);
    assertUnsendable({ ...CONNACK, sessionPresent: true, returnCode }, "[MQTT-3.2.2-4]");
  }
});

Deno.test("encodePacket() refuses DUP at QoS 0 [MQTT-3.3.1-2]", () => {
  assertUnsendable({ ...PUBLISH, dup: true }, "[MQTT-3.3.1-2]");
  assertUnsendable({ ...PUBLISH, dup: true, retain: true }, "[MQTT-3.3.1-2]");
  assertBothWays({ ...PUBLISH, dup: true, qos: 1, packetId: 1 }, "3A 05 0001 74 0001");
  assertBothWays({ ...PUBLISH, dup: true, qos: 2, packetId: 1 }, "3C 05 0001 74 0001");
});

Deno.test("encodePacket() refuses any QoS but 0, 1 and 2 [MQTT-3.3.1-4]", () => {
  for (const qos of [3, -1, 4, 1.5, NaN, "1", undefined]) {
    assertUnsendable({ ...PUBLISH, qos, packetId: 1 }, "[MQTT-3.3.1-4]", RangeError);
  }
});

Deno.test("encodePacket() writes the topic name first, as UTF-8 [MQTT-3.3.2-1]", () => {
  const packet = { ...PUBLISH, topic: "é/€/😀", payload: fromHex("AA"), retain: true } as const;
  assertBothWays(packet, "31 0E 000B C3A9 2F E282AC 2F F09F9880 AA");
  assertBothWays(
    { ...packet, qos: 2, packetId: 7 },
    "35 10 000B C3A9 2F E282AC 2F F09F9880 0007 AA",
  );
});

Deno.test("encodePacket() refuses wildcards in topic names and writes them in filters [MQTT-3.3.2-2] [MQTT-4.7.1-1]", () => {
  for (const topic of ["+", "#", "a/+", "+/a", "a/+/a", "a/#", "a+", "#a"]) {
    for (const packet of packetsWithName(topic)) assertUnsendable(packet, "[MQTT-3.3.2-2]");
  }
  assertBothWays(
    { type: "unsubscribe", packetId: 1, topicFilters: ["+/#"] },
    "A2 07 0001 0003 2B2F23",
  );
});

Deno.test("encodePacket() writes filters as UTF-8 [MQTT-3.8.3-1] [MQTT-3.10.3-1]", () => {
  const topicFilter = "é/€/😀";
  const text = "000B C3A9 2F E282AC 2F F09F9880";
  assertBothWays(
    { type: "subscribe", packetId: 1, subscriptions: [{ topicFilter, qos: 2 }] },
    `82 10 0001 ${text} 02`,
  );
  assertBothWays(
    { type: "unsubscribe", packetId: 1, topicFilters: [topicFilter] },
    `A2 0F 0001 ${text}`,
  );
});

Deno.test("encodePacket() refuses SUBSCRIBE and UNSUBSCRIBE without a filter [MQTT-3.8.3-3] [MQTT-3.10.3-2]", () => {
  assertUnsendable({ type: "subscribe", packetId: 1, subscriptions: [] }, "[MQTT-3.8.3-3]");
  assertUnsendable({ type: "unsubscribe", packetId: 1, topicFilters: [] }, "[MQTT-3.10.3-2]");
});

Deno.test("encodePacket() requests QoS 0, 1 and 2 and refuses others [MQTT-3-8.3-4]", () => {
  for (const qos of [0, 1, 2] as const) {
    const subscriptions = [{ topicFilter: "a", qos }];
    assertBothWays({ type: "subscribe", packetId: 1, subscriptions }, `82 06 0001 0001 61 0${qos}`);
  }
  for (const qos of [3, -1, 256, 0.5, undefined]) {
    const subscriptions = [{ topicFilter: "a", qos }];
    assertUnsendable({ type: "subscribe", packetId: 1, subscriptions }, "QoS", RangeError);
  }
});

Deno.test("encodePacket() writes return codes 0, 1, 2 and 128 in their order, one at least [MQTT-3.8.4-5] [MQTT-3.9.3-1] [MQTT-3.9.3-2]", () => {
  assertBothWays(
    { type: "suback", packetId: 1, returnCodes: [2, 128, 0, 1] },
    "90 06 0001 02800001",
  );
  assertUnsendable({ type: "suback", packetId: 1, returnCodes: [] }, "[MQTT-3.8.4-5]");
  for (const code of [3, 127, 129, 255, 256, -1, 0.5]) {
    const packet = { type: "suback", packetId: 1, returnCodes: [0, code] };
    assertUnsendable(packet, "[MQTT-3.9.3-2]", RangeError);
  }
});

Deno.test("encodePacket() refuses # unless it is a whole level and the last [MQTT-4.7.1-2]", () => {
  for (const filter of ["a#", "#a", "#/", "#/a", "a/#/", "a/b#", "##", "#/#"]) {
    for (const packet of packetsWithFilter(filter)) assertUnsendable(packet, "[MQTT-4.7.1-2]");
  }
});

Deno.test("encodePacket() refuses + unless it is a whole level [MQTT-4.7.1-3]", () => {
  for (const filter of ["a+", "+a", "a/+b", "a/b+/c", "++", "+/a+"]) {
    for (const packet of packetsWithFilter(filter)) assertUnsendable(packet, "[MQTT-4.7.1-3]");
  }
});

Deno.test("encodePacket() refuses empty topics [MQTT-4.7.3-1]", () => {
  for (const packet of [...packetsWithName(""), ...packetsWithFilter("")]) {
    assertUnsendable(packet, "[MQTT-4.7.3-1]");
  }
});

Deno.test("encodePacket() writes topics of 65535 bytes and refuses longer ones [MQTT-4.7.3-3]", () => {
  const longest = ["a".repeat(65_535), "é".repeat(32_767) + "a", "€".repeat(21_845)];
  for (const topic of longest) {
    assertEquals(decodeAll([encodePacket({ ...PUBLISH, topic })]), [{ ...PUBLISH, topic }]);
    const tooLong = [...packetsWithName(topic + "a"), ...packetsWithFilter("b" + topic)];
    for (const packet of tooLong) assertUnsendable(packet, "[1.5.3]", RangeError);
  }
});
