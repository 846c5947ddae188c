import { assert, assertEquals } from "@std/assert";
import { encodePacket, PacketDecoder } from "../../src/codec/mod.ts";
import { FLIPS, TOPICS, words } from "../../src/codec/wasm.ts";
import { randomFrom, SEED } from "../_kit/seed.ts";
import { concat } from "./_decode.ts";

const EMPTY = new Uint8Array(0);

function publish(topic: string): Uint8Array {
  return encodePacket({
    type: "publish",
    topic,
    payload: EMPTY,
    qos: 0,
    retain: false,
    dup: false,
  });
}

/** Decodes all in one chunk and compares every topic. */
function checkTopics(decoder: PacketDecoder, topics: string[]): void {
  decoder.push(concat(topics.map(publish)));
  for (const topic of topics) {
    const packet = decoder.next();
    assert(packet?.type === "publish");
    if (packet.topic !== topic) assertEquals(packet.topic, topic);
  }
  assertEquals(decoder.next(), undefined);
}

function keptTopics(): number {
  return (words[TOPICS] ?? 0) + (words[TOPICS + 1] ?? 0);
}

Deno.test("a topic of the older generation keeps its name in the scan that begins a new one", () => {
  const decoder = new PacketDecoder();
  const old = Array.from({ length: 40_000 }, (_, index) => `old/${index}`);
  checkTopics(decoder, old);
  // Whatever is known by now and whatever is new, in one chunk and in turns, over several changes.
  for (let round = 0; round < 20; round++) {
    const mixed = Array.from(
      { length: 3000 },
      (_, index) => [`old/${index * 13}`, `new/${round}/${index}`],
    );
    checkTopics(decoder, mixed.flat());
  }
});

Deno.test("topics of random traffic keep their names", () => {
  const random = randomFrom(SEED);
  const decoder = new PacketDecoder();
  for (let round = 0; round < 40; round++) {
    const topics = Array.from(
      { length: 2500 },
      () => random() < 0.5 ? `hot/${Math.floor(random() * 5000)}` : `cold/${random()}`,
    );
    checkTopics(decoder, topics);
  }
});

Deno.test("a topic that is known is not kept again", () => {
  const decoder = new PacketDecoder();
  const topics = Array.from({ length: 1000 }, (_, index) => `known/${index}`);
  checkTopics(decoder, topics);
  const [kept, flips] = [keptTopics(), words[FLIPS]];
  checkTopics(decoder, [...topics, ...topics.toReversed()]);
  assertEquals([keptTopics(), words[FLIPS]], [kept, flips]);
});

Deno.test("topics that differ in their last characters only are all kept", () => {
  const decoder = new PacketDecoder();
  for (const prefix of ["p/", "prefix/", "a-longer-prefix/", "devices/d1/messages/devicebound/"]) {
    const before = keptTopics();
    const flips = words[FLIPS];
    const topics = Array.from({ length: 1000 }, (_, index) => prefix + `${index}`.padStart(3, "0"));
    checkTopics(decoder, topics);
    if (words[FLIPS] === flips) assertEquals(keptTopics() - before, 1000, prefix);
  }
});

Deno.test("the memory of a topic ends where the next begins", () => {
  const decoder = new PacketDecoder();
  const topics = Array.from(
    { length: 3000 },
    (_, index) => `${index}`.padEnd(1 + index % 1024, "é"),
  );
  checkTopics(decoder, topics.filter((topic) => new TextEncoder().encode(topic).length <= 65_535));
});
