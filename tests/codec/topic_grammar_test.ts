/** Wildcards and NUL at every place of topics, against a grammar in plain TypeScript. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { encodePacket, type Packet, PacketDecoder } from "../../src/codec/mod.ts";
import { concat, decodeAll } from "./_decode.ts";
import { packetsWithFilter, packetsWithName, PUBLISH } from "./_packets.ts";
import { refusalOf } from "./_refusal.ts";

/** The statement that a topic breaks, and where. */
type Verdict = [statement: string, at: number] | undefined;

function judgeName(topic: string): Verdict {
  if (topic === "") return ["MQTT-4.7.3-1", 0];
  const wildcard = topic.search(/[+#]/);
  return wildcard < 0 ? undefined : ["MQTT-3.3.2-2", wildcard];
}

/** The first wildcard that is not a whole level, or a `#` that is not the last. */
function judgeFilter(filter: string): Verdict {
  if (filter === "") return ["MQTT-4.7.3-1", 0];
  for (const { 0: wildcard, index } of filter.matchAll(/[+#]/g)) {
    const beginsLevel = index === 0 || filter[index - 1] === "/";
    const next = filter[index + 1];
    const endsLevel = next === undefined || wildcard === "+" && next === "/";
    if (beginsLevel && endsLevel) continue;
    return [wildcard === "#" ? "MQTT-4.7.1-2" : "MQTT-4.7.1-3", index];
  }
  return undefined;
}

/** Every string of `length` of these letters. */
function* words(letters: string, length: number): Generator<string> {
  if (length === 0) return yield "";
  for (const rest of words(letters, length - 1)) for (const letter of letters) yield letter + rest;
}

function publishBytes(topic: string): Uint8Array {
  const text = new TextEncoder().encode(topic);
  return concat([new Uint8Array([0x30, 2 + text.length, 0, text.length]), text]);
}

function subscribeBytes(filter: string): Uint8Array {
  const text = new TextEncoder().encode(filter);
  const head = new Uint8Array([0x82, 5 + text.length, 0, 1, 0, text.length]);
  return concat([head, text, new Uint8Array(1)]);
}

function unsubscribeBytes(filter: string): Uint8Array {
  const bytes = subscribeBytes(filter).slice(0, -1);
  bytes.set([0xa2, bytes.length - 2]);
  return bytes;
}

/** Both codecs say of a name what the grammar says. */
function checkName(topic: string): void {
  const verdict = judgeName(topic);
  const start = topic === "" ? 2 : 4;
  assertEquals(refusalOf(publishBytes(topic)), verdict && [verdict[0], start + verdict[1]], topic);
  checkEncoder(packetsWithName(topic), verdict);
}

function checkFilter(filter: string): void {
  const verdict = judgeFilter(filter);
  const expected: Verdict = verdict && [verdict[0], 6 + verdict[1]];
  assertEquals(refusalOf(subscribeBytes(filter)), expected, filter);
  assertEquals(refusalOf(unsubscribeBytes(filter)), expected, filter);
  checkEncoder(packetsWithFilter(filter), verdict);
}

function checkEncoder(packets: readonly object[], verdict: Verdict): void {
  for (const packet of packets) {
    if (verdict) {
      const [statement, at] = verdict;
      const error = assertThrows(() => encodePacket(packet as Packet), TypeError, statement);
      assert(error.message.endsWith(`(at ${at})`), error.message);
    } else assertEquals(decodeAll([encodePacket(packet as Packet)]), [packet]);
  }
}

Deno.test("names of up to five characters are judged by the grammar, in and out [MQTT-3.3.2-2] [MQTT-4.7.1-1] [MQTT-4.7.3-1]", () => {
  for (let length = 0; length <= 4; length++) {
    for (const topic of words("a/+#", length)) checkName(topic);
  }
  for (const topic of words("/+#", 5)) checkName(topic);
});

Deno.test("filters of up to five characters are judged by the grammar, in and out [MQTT-4.7.1-2] [MQTT-4.7.1-3] [MQTT-4.7.3-1]", () => {
  for (let length = 0; length <= 5; length++) {
    for (const filter of words("a/+#", length)) checkFilter(filter);
  }
});

Deno.test("a wildcard is found at every place of a name and of a filter [MQTT-3.3.2-2] [MQTT-4.7.1-2] [MQTT-4.7.1-3]", () => {
  for (let at = 0; at <= 40; at++) {
    for (const wildcard of ["+", "#"]) {
      for (const behind of [0, 1, 16]) {
        const topic = "x".repeat(at) + wildcard + "y".repeat(behind);
        checkName(topic);
        checkFilter(topic);
        checkFilter("x".repeat(at) + "/" + wildcard + (behind ? "/" + "y".repeat(behind) : ""));
      }
    }
  }
});

Deno.test("a wildcard behind a topic is none of it", () => {
  // QoS 0: the payload follows; filters: the requested QoS, or the length of the next one.
  const payload = new TextEncoder().encode("+#");
  const [packet] = decodeAll([encodePacket({ ...PUBLISH, payload })]);
  assertEquals(packet, { ...PUBLISH, payload });
  const topicFilters = ["a", "b".repeat(0x2323), "#", "c".repeat(0x2b2b), "+"];
  const unsubscribe: Packet = { type: "unsubscribe", packetId: 1, topicFilters };
  assertEquals(decodeAll([encodePacket(unsubscribe)]), [unsubscribe]);
});

Deno.test("PacketDecoder tells topics apart by each of their bytes", () => {
  const decoder = new PacketDecoder();
  for (let length = 1; length <= 50; length++) {
    for (let at = 0; at < length; at++) {
      const topics = ["s", "t", "s"].map((letter) =>
        "s".repeat(at) + letter + "s".repeat(length - at - 1)
      );
      decoder.push(concat(topics.map(publishBytes)));
      for (const topic of topics) assertEquals(decoder.next(), { ...PUBLISH, topic });
    }
  }
});

Deno.test("PacketDecoder tells a topic from its beginning", () => {
  const decoder = new PacketDecoder();
  const topics = Array.from({ length: 60 }, (_, length) => "u".repeat(length + 1));
  for (const order of [topics, topics.toReversed(), topics]) {
    decoder.push(concat(order.map(publishBytes)));
    for (const topic of order) assertEquals(decoder.next(), { ...PUBLISH, topic });
  }
});
