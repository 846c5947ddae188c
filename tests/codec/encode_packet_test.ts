import { assertEquals, assertThrows } from "@std/assert";
import { encodePacket, type Packet, type SubscribePacket } from "../../src/codec/mod.ts";
import { toHex } from "../_kit/hex.ts";
import { decodeAll } from "./_decode.ts";
import { WELL_FORMED } from "./_vectors.ts";

for (const { name, bytes, packet, decodeOnly } of WELL_FORMED) {
  if (decodeOnly) continue;
  Deno.test(`encodePacket() writes ${name}`, () => {
    assertEquals(toHex(encodePacket(packet)), toHex(bytes));
  });
}

const PUBLISH = {
  type: "publish",
  topic: "t",
  payload: new Uint8Array(0),
  qos: 0,
  retain: false,
  dup: false,
} as const;
const CONNECT = {
  type: "connect",
  clientId: "c",
  cleanSession: true,
  keepAliveSeconds: 60,
} as const;
const WILL = { topic: "w", payload: new Uint8Array(0), qos: 0, retain: false } as const;

function subscribe(topicFilter: string): SubscribePacket {
  return { type: "subscribe", packetId: 1, subscriptions: [{ topicFilter, qos: 0 }] };
}

/** Whatever a program may pass in spite of the types. */
type Anything = Record<string, unknown>;

const REFUSED: [name: string, packet: Anything, Mistake: typeof TypeError, statement: string][] = [
  ["+ in a topic name", { ...PUBLISH, topic: "a/+" }, TypeError, "MQTT-3.3.2-2"],
  ["# in a topic name", { ...PUBLISH, topic: "a/#" }, TypeError, "MQTT-3.3.2-2"],
  ["an empty topic name", { ...PUBLISH, topic: "" }, TypeError, "MQTT-4.7.3-1"],
  ["NUL in a topic name", { ...PUBLISH, topic: "a\0" }, TypeError, "MQTT-1.5.3-2"],
  ["a high surrogate at the end", { ...PUBLISH, topic: "a\uD83D" }, TypeError, "MQTT-1.5.3-1"],
  ["a high surrogate before a letter", { ...PUBLISH, topic: "\uD83Da" }, TypeError, "MQTT-1.5.3-1"],
  ["a low surrogate alone", { ...PUBLISH, topic: "\uDE00" }, TypeError, "MQTT-1.5.3-1"],
  ["two high surrogates", { ...PUBLISH, topic: "\uD83D\uD83D" }, TypeError, "MQTT-1.5.3-1"],
  ["U+0001 (P28)", { ...PUBLISH, topic: "\u0001" }, TypeError, "1.5.3"],
  ["U+001F (P28)", { ...PUBLISH, topic: "\u001F" }, TypeError, "1.5.3"],
  ["U+007F (P28)", { ...PUBLISH, topic: "\u007F" }, TypeError, "1.5.3"],
  ["U+009F (P28)", { ...PUBLISH, topic: "\u009F" }, TypeError, "1.5.3"],
  ["U+FDD0 (P28)", { ...PUBLISH, topic: "\uFDD0" }, TypeError, "1.5.3"],
  ["U+FDEF (P28)", { ...PUBLISH, topic: "\uFDEF" }, TypeError, "1.5.3"],
  ["U+FFFE (P28)", { ...PUBLISH, topic: "\uFFFE" }, TypeError, "1.5.3"],
  ["U+1FFFF (P28)", { ...PUBLISH, topic: "\u{1FFFF}" }, TypeError, "1.5.3"],
  ["a topic of 65536 characters", { ...PUBLISH, topic: "a".repeat(65536) }, RangeError, "1.5.3"],
  ["a topic of 65536 bytes", { ...PUBLISH, topic: "é".repeat(32768) }, RangeError, "1.5.3"],
  [
    "a topic of 65537 bytes",
    { ...PUBLISH, topic: "a" + "€".repeat(21845) + "b" },
    RangeError,
    "1.5.3",
  ],
  [
    "a topic of 65536 bytes in fours",
    { ...PUBLISH, topic: "😀".repeat(16384) },
    RangeError,
    "1.5.3",
  ],
  ["a topic that is no string", { ...PUBLISH, topic: 7 }, TypeError, "not a string"],
  ["a topic that is missing", { ...PUBLISH, topic: undefined }, TypeError, "not a string"],
  ["a payload that is a string", { ...PUBLISH, payload: "hi" }, TypeError, "Uint8Array"],
  ["a payload that is missing", { ...PUBLISH, payload: undefined }, TypeError, "Uint8Array"],
  ["QoS 3", { ...PUBLISH, qos: 3, packetId: 1 }, RangeError, "MQTT-3.3.1-4"],
  ["QoS that is missing", { ...PUBLISH, qos: undefined }, RangeError, "MQTT-3.3.1-4"],
  ["QoS 1 without packet identifier", { ...PUBLISH, qos: 1 }, RangeError, "MQTT-2.3.1-1"],
  ["packet identifier 65536", { ...PUBLISH, qos: 1, packetId: 65536 }, RangeError, "MQTT-2.3.1-1"],
  ["packet identifier -1", { ...PUBLISH, qos: 2, packetId: -1 }, RangeError, "MQTT-2.3.1-1"],
  ["packet identifier 1.5", { ...PUBLISH, qos: 2, packetId: 1.5 }, RangeError, "whole number"],
  ["packet identifier at QoS 0", { ...PUBLISH, packetId: 1 }, TypeError, "MQTT-2.3.1-5"],
  ["DUP at QoS 0", { ...PUBLISH, dup: true }, TypeError, "MQTT-3.3.1-2"],
  ["PUBACK of 0", { type: "puback", packetId: 0 }, RangeError, "MQTT-2.3.1-1"],
  ["UNSUBACK of 65536", { type: "unsuback", packetId: 65536 }, RangeError, "MQTT-2.3.1-1"],
  [
    "an empty client id with a kept session",
    { ...CONNECT, clientId: "", cleanSession: false },
    TypeError,
    "MQTT-3.1.3-7",
  ],
  [
    "a password without a user name",
    { ...CONNECT, password: new Uint8Array(1) },
    TypeError,
    "MQTT-3.1.2-22",
  ],
  [
    "a password that is a string",
    { ...CONNECT, username: "u", password: "p" },
    TypeError,
    "Uint8Array",
  ],
  [
    "a password of 65536 bytes",
    { ...CONNECT, username: "u", password: new Uint8Array(65536) },
    RangeError,
    "1.5.3",
  ],
  ["a will with QoS 3", { ...CONNECT, will: { ...WILL, qos: 3 } }, RangeError, "QoS"],
  [
    "a will to a wildcard",
    { ...CONNECT, will: { ...WILL, topic: "#" } },
    TypeError,
    "MQTT-3.3.2-2",
  ],
  ["keep-alive of 65536 seconds", { ...CONNECT, keepAliveSeconds: 65536 }, RangeError, "3.1.2.10"],
  ["keep-alive of -1 seconds", { ...CONNECT, keepAliveSeconds: -1 }, RangeError, "3.1.2.10"],
  [
    "keep-alive of half a second",
    { ...CONNECT, keepAliveSeconds: 0.5 },
    RangeError,
    "whole number",
  ],
  [
    "CONNACK with return code 6",
    { type: "connack", sessionPresent: false, returnCode: 6 },
    RangeError,
    "3.2.2.3",
  ],
  [
    "CONNACK with return code -1",
    { type: "connack", sessionPresent: false, returnCode: -1 },
    RangeError,
    "3.2.2.3",
  ],
  [
    "CONNACK with return code 0.5",
    { type: "connack", sessionPresent: false, returnCode: 0.5 },
    RangeError,
    "3.2.2.3",
  ],
  [
    "CONNACK refused with a session",
    { type: "connack", sessionPresent: true, returnCode: 5 },
    TypeError,
    "MQTT-3.2.2-4",
  ],
  [
    "SUBSCRIBE to nothing",
    { type: "subscribe", packetId: 1, subscriptions: [] },
    TypeError,
    "MQTT-3.8.3-3",
  ],
  [
    "SUBSCRIBE without identifier",
    { type: "subscribe", packetId: 0, subscriptions: [] },
    RangeError,
    "MQTT-2.3.1-1",
  ],
  [
    "SUBSCRIBE with QoS 3",
    { type: "subscribe", packetId: 1, subscriptions: [{ topicFilter: "a", qos: 3 }] },
    RangeError,
    "QoS",
  ],
  ["an empty filter", { ...subscribe("") }, TypeError, "MQTT-4.7.3-1"],
  ["# inside a level", { ...subscribe("a#") }, TypeError, "MQTT-4.7.1-2"],
  ["# before the end", { ...subscribe("#/a") }, TypeError, "MQTT-4.7.1-2"],
  ["+ inside a level", { ...subscribe("a/b+/c") }, TypeError, "MQTT-4.7.1-3"],
  [
    "UNSUBSCRIBE from nothing",
    { type: "unsubscribe", packetId: 1, topicFilters: [] },
    TypeError,
    "MQTT-3.10.3-2",
  ],
  [
    "SUBACK of nothing",
    { type: "suback", packetId: 1, returnCodes: [] },
    TypeError,
    "MQTT-3.8.4-5",
  ],
  [
    "SUBACK with return code 3",
    { type: "suback", packetId: 1, returnCodes: [0, 3] },
    RangeError,
    "MQTT-3.9.3-2",
  ],
  ["a type that is none", { type: "auth" }, TypeError, "auth"],
  [
    "SUBACK larger than the scratch area",
    { type: "suback", packetId: 1, returnCodes: Array(524_288).fill(0) },
    RangeError,
    "448 KiB",
  ],
  [
    "SUBSCRIBE larger than the scratch area",
    {
      type: "subscribe",
      packetId: 1,
      subscriptions: Array(10).fill({ topicFilter: "a".repeat(60_000), qos: 0 }),
    },
    RangeError,
    "448 KiB",
  ],
];

for (const [name, packet, Mistake, statement] of REFUSED) {
  Deno.test(`encodePacket() refuses ${name} [${statement}]`, () => {
    assertThrows(() => encodePacket(packet as unknown as Packet), Mistake, statement);
  });
}

Deno.test("encodePacket() writes the longest topic [MQTT-4.7.3-3]", () => {
  for (
    const topic of [
      "a".repeat(65535),
      "€".repeat(21845),
      "a" + "é".repeat(32767),
      "abc" + "😀".repeat(16383),
    ]
  ) {
    const [packet] = decodeAll([encodePacket({ ...PUBLISH, topic })]);
    assertEquals(packet, { ...PUBLISH, topic });
  }
});

Deno.test("encodePacket() writes filters with wildcards at every place they may stand", () => {
  for (const filter of ["#", "+", "/#", "a/#", "+/a", "a/+", "a/+/b", "+/+/#", "/", "//"]) {
    assertEquals(decodeAll([encodePacket(subscribe(filter))]), [subscribe(filter)]);
  }
});

Deno.test("encodePacket() writes a remaining length at each boundary [2.2.3]", () => {
  for (
    const [remaining, size] of [[127, 2], [128, 3], [16383, 3], [16384, 4], [2097151, 4], [
      2097152,
      5,
    ]] as const
  ) {
    const bytes = encodePacket({ ...PUBLISH, payload: new Uint8Array(remaining - 3) });
    assertEquals(bytes.length, size + remaining);
  }
  for (const [remaining, size] of [[127, 2], [128, 3], [16383, 3], [16384, 4]] as const) {
    const returnCodes = Array(remaining - 2).fill(0);
    assertEquals(
      encodePacket({ type: "suback", packetId: 1, returnCodes }).length,
      size + remaining,
    );
  }
});

Deno.test("encodePacket() refuses a packet above 268435455 bytes [2.2.3]", () => {
  // A view that claims the length without the memory.
  const payload = Object.create(Uint8Array.prototype, { length: { value: 268_435_453 } });
  assertThrows(() => encodePacket({ ...PUBLISH, payload }), RangeError, "268435455");
});

Deno.test("encodePacket() keeps topics apart while the handles change generation", () => {
  const topics = Array.from({ length: 20_000 }, (_, index) => `t/${index}`);
  const again = [...topics, ...topics.slice(-7000), ...topics.slice(0, 10)];
  for (const topic of again) {
    const [packet] = decodeAll([encodePacket({ ...PUBLISH, topic })]);
    assertEquals(packet, { ...PUBLISH, topic });
  }
});

Deno.test("encodePacket() keeps topics apart when they fill the handles' memory", () => {
  const topics = Array.from({ length: 1500 }, (_, index) => `${index}/`.padEnd(1024, "x"));
  for (const topic of [...topics, ...topics]) {
    const [packet] = decodeAll([encodePacket({ ...PUBLISH, topic })]);
    assertEquals(packet, { ...PUBLISH, topic });
  }
});

Deno.test("encodePacket() gives every packet bytes of its own", () => {
  const first = encodePacket({ ...PUBLISH, payload: new Uint8Array([1]) });
  const copy = first.slice();
  for (let i = 0; i < 10_000; i++) encodePacket({ ...PUBLISH, payload: new Uint8Array([2]) });
  assertEquals(first, copy);
});

Deno.test("encodePacket() gives a control packet an ArrayBuffer of its own: it may hold a password", () => {
  const bytes = encodePacket({ ...CONNECT, username: "u", password: new Uint8Array([1, 2, 3]) });
  assertEquals(bytes.buffer.byteLength, bytes.length);
});
