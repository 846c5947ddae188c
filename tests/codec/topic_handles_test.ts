/** Topics on their way out are kept in the codec's memory, which is bounded: what is kept must stay what it is. */

import { assertEquals } from "@std/assert";
import { encodePacket, PacketDecoder } from "../../src/codec/mod.ts";
import { PUBLISH } from "./_packets.ts";

/** Encodes a PUBLISH to each of these; returns the first whose bytes have another topic. */
function firstWrong(topics: readonly string[]): string | undefined {
  return topics.find((topic) => {
    const bytes = encodePacket({ ...PUBLISH, topic, payload: new Uint8Array(2000) });
    const at = bytes.length - 2000 - topic.length;
    return new TextDecoder().decode(bytes.subarray(at, at + topic.length)) !== topic;
  });
}

for (const length of [1000, 40]) {
  Deno.test(`encodePacket() keeps topics of ${length} bytes apart, however many there are`, () => {
    const count = 10_000_000 / (length + 2000);
    const topics = Array.from({ length: count }, (_, index) => `${index}/`.padEnd(length, "x"));
    // The second time most of them are known.
    for (const part of [topics, topics, topics.slice(-300), topics.slice(-300)]) {
      assertEquals(firstWrong(part), undefined);
    }
  });
}

Deno.test("topics that come in leave those that go out alone, however long and many", () => {
  const going = Array.from({ length: 300 }, (_, index) => `going/${index}`);
  assertEquals(firstWrong(going), undefined);
  const decoder = new PacketDecoder();
  for (let index = 0; index < 4000; index++) {
    const topic = `${index}/`.padEnd(1000, "coming");
    decoder.push(encodePacket({ ...PUBLISH, topic, payload: new Uint8Array(0) }));
    const packet = decoder.next();
    assertEquals(packet?.type === "publish" && packet.topic, topic);
    if (index % 100 === 0) assertEquals(firstWrong(going), undefined);
  }
});
