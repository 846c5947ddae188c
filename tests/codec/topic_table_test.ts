/** What the table of topics keeps, counted: whatever it forgets or keeps twice costs time, and nobody else would notice. */

import { assert, assertEquals } from "@std/assert";
import { encodePacket, PacketDecoder, TopicFilters } from "../../src/codec/mod.ts";
import {
  FILTER_NODES,
  FIRST_TOPIC,
  FLIPS,
  TOPIC_CAPACITY,
  TOPICS,
  words,
} from "../../src/codec/wasm.ts";
import { fromHex } from "../_kit/hex.ts";
import { concat } from "./_decode.ts";
import { PUBLISH } from "./_packets.ts";
import { refusalOf } from "./_refusal.ts";

/** Words of an entry of the table: address, length in bytes, length in UTF-16, hash. */
const ENTRY_WORDS = 4;
/** The bits of a hash that say where in the table a topic belongs. */
const SLOT_MASK = 0x7fff;

const decoder = new PacketDecoder();
let fillers = 0;

/** Decodes these topics at once, each with a payload that begins with another byte than the one before. */
function receive(topics: readonly string[]): void {
  decoder.push(
    concat(
      topics.map((topic, index) =>
        encodePacket({
          ...PUBLISH,
          topic,
          payload: new Uint8Array(20).fill(index % 2 ? 0x11 : 0x22),
        })
      ),
    ),
  );
  for (const topic of topics) {
    const packet = decoder.next();
    assert(packet?.type === "publish");
    if (packet.topic !== topic) assertEquals(packet.topic, topic);
  }
}

/** Fills the table with other topics until an empty generation begins. */
function beginGeneration(): void {
  const before = words[FLIPS];
  for (let round = 0; words[FLIPS] === before; round++) {
    assert(round < 40, "the table of topics never changes generation");
    receive(Array.from({ length: 500 }, () => `filler/${fillers++}`));
  }
}

/** How many of these the table took in. */
function newlyKept(topics: readonly string[]): number {
  const [before, flips] = [kept(), words[FLIPS]];
  receive(topics);
  assertEquals(words[FLIPS], flips, "a test within one generation");
  return kept() - before;
}

function kept(): number {
  return words[TOPICS + ((words[FLIPS] ?? 0) & 1)] ?? 0;
}

Deno.test("a topic of any length is kept once, whatever comes behind it", () => {
  beginGeneration();
  for (let length = 2; length <= 80; length++) {
    const topics = ["x", "y"].map((letter) => letter.padStart(length, "k"));
    const [x = "", y = ""] = topics;
    assertEquals(newlyKept([x, y, x, x, y, y, x]), 2, `length ${length}`);
    assertEquals(newlyKept([y, x, x, y]), 0, `length ${length}`);
  }
});

Deno.test("topics of one length are all kept, wherever they differ", () => {
  for (const place of ["begin", "end"] as const) {
    beginGeneration();
    for (let length = 5; length <= 40; length++) {
      const topics = Array.from({ length: 200 }, (_, index) => {
        const number = `${place === "begin" ? index + 100 : index + 500}`;
        return place === "begin" ? number.padEnd(length, "-") : number.padStart(length, "-");
      });
      assertEquals(newlyKept(topics), 200, `${length} characters that differ at the ${place}`);
    }
  }
});

Deno.test("topics of up to 1024 bytes are kept, longer ones never", () => {
  beginGeneration();
  assertEquals(newlyKept(["l".repeat(1023), "l".repeat(1024), "é".repeat(512)]), 3);
  assertEquals(newlyKept(["l".repeat(1025), "m".repeat(2000), "l".repeat(1025)]), 0);
});

Deno.test("as many packets as fit a read leave the table alone", () => {
  beginGeneration();
  const topics = Array.from({ length: 3000 }, (_, index) => `bystander/${index}`);
  assertEquals(newlyKept(topics), 3000);
  const smallest = encodePacket({ ...PUBLISH, topic: "r" });
  const stream = concat(Array.from({ length: 30_000 }, () => smallest));
  decoder.push(stream);
  for (let at = 0; at < stream.length; at += smallest.length) assert(decoder.next());
  assertEquals(decoder.next(), undefined);
  assertEquals(newlyKept(topics), 0);
});

Deno.test("a malformed topic is not kept", () => {
  beginGeneration();
  const known = kept();
  const malformed = ["30 04 0002 6100", "30 04 0002 612B", "30 04 0002 61FF", "32 04 0002 6162"];
  for (const hex of malformed) assert(refusalOf(fromHex(hex)));
  assertEquals(kept(), known);
});

Deno.test("a topic that was kept by the generation before is not kept again", () => {
  for (let round = 0; round < 2; round++) {
    beginGeneration();
    const topics = Array.from({ length: 50 }, (_, index) => `older/${round}/${index}`);
    receive(topics);
    beginGeneration();
    assertEquals(newlyKept(topics), 0);
    beginGeneration();
  }
});

Deno.test("the first topic of a generation is found like any other", () => {
  for (const parity of [0, 1]) {
    do beginGeneration(); while (((words[FLIPS] ?? 0) & 1) !== parity);
    // Those 500 were of the scan that began it.
    const first = `filler/${fillers - 500}`;
    assertEquals(newlyKept([`between/${parity}`, first, `between/${parity}`, first]), 1);
  }
});

Deno.test("a generation whose topics are long gives way before its memory is full", () => {
  beginGeneration();
  const before = words[FLIPS] ?? 0;
  for (let index = 0; index < 3000; index += 50) {
    receive(Array.from({ length: 50 }, (_, at) => `${index + at}/`.padEnd(1000, "long")));
  }
  // Three million bytes, at most a million in each.
  assert((words[FLIPS] ?? 0) - before >= 2);
});

Deno.test("a list that is read bit by bit leaves the words of all tables alone", () => {
  beginGeneration();
  const filters = new TopicFilters<number>();
  filters.add("some/filter", 1);
  const tables = () => [...words.subarray(TOPICS, TOPICS + 2), words[FLIPS], words[FILTER_NODES]];
  const before = tables();
  const topicFilters = Array.from({ length: 5000 }, (_, index) => `filter/${index}`);
  const lists = new PacketDecoder({ role: "server" });
  lists.push(encodePacket({ type: "unsubscribe", packetId: 1, topicFilters }));
  assertEquals(lists.next(), { type: "unsubscribe", packetId: 1, topicFilters });
  assertEquals(tables(), before);
  filters[Symbol.dispose]();
});

Deno.test("topics that crowd around one place of the table are kept as far as a short search goes", () => {
  const crowd: string[] = [];
  for (let index = 0; crowd.length < 60; index += 500) {
    const topics = Array.from({ length: 500 }, (_, at) => `crowd/${index + at}`);
    receive(topics);
    const generation = (words[FLIPS] ?? 0) & 1;
    const end = FIRST_TOPIC + (generation * TOPIC_CAPACITY + kept()) * ENTRY_WORDS;
    for (let at = 0; at < 500 && at < kept(); at++) {
      const hash = words[end - (at + 1) * ENTRY_WORDS + 3] ?? 0;
      if ((hash & SLOT_MASK) < 8) crowd.push(topics[499 - at] ?? "");
    }
  }
  beginGeneration();
  const found = newlyKept(crowd);
  assert(found >= 32 && found <= 40, `${found} of ${crowd.length} were kept`);
  assertEquals(newlyKept(crowd.slice(0, 32)), 0);
});
