import { assertEquals, assertThrows } from "@std/assert";
import { PacketDecoder, seedHash } from "../../src/codec/mod.ts";

const MODULE = new URL("../../src/codec/mod.ts", import.meta.url).href;

/** What a program prints that has the codec to itself: here others have used it before. */
async function run(program: string): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", `import * as codec from "${MODULE}"; ${program}`],
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

const SEED = "const seeded = codec.seedHash(new Uint32Array([0x12345678, 0xfedcba98]));";

Deno.test("seedHash() has an effect as long as nothing is kept, and topics are found all the same", async () => {
  const program = `${SEED}
    const { seedHash, TopicFilters, encodePacket, PacketDecoder } = codec;
    const filters = new TopicFilters();
    for (let i = 0; i < 100; i++) filters.add("a/" + i + "/+", i);
    const decoder = new PacketDecoder();
    const topics = [];
    for (let i = 0; i < 300; i++) {
      decoder.push(encodePacket({ type: "publish", topic: "a/" + i % 100 + "/b", payload: new Uint8Array(1), qos: 0, retain: false, dup: false }));
      topics.push(decoder.next().topic);
    }
    const right = topics.every((topic, i) => filters.match(topic)[0] === i % 100);
    console.log(seeded, right, seedHash(new Uint32Array(2)));`;
  assertEquals(await run(program), "true true false");
});

Deno.test("seedHash() makes other hashes of either of its words", async () => {
  const wasm = new URL("../../src/codec/wasm.ts", import.meta.url).href;
  const seeds = [[0, 0], [1, 0], [2 ** 31, 0], [0, 1], [0, 2], [0, 2 ** 31]];
  const hashes = await Promise.all(
    seeds.map((seed) =>
      run(`import { FIRST_TOPIC, words } from "${wasm}";
      codec.seedHash(new Uint32Array([${seed}]));
      const decoder = new codec.PacketDecoder();
      decoder.push(new Uint8Array([0x30, 4, 0, 2, 0x61, 0x62]));
      decoder.next();
      // Of an entry: address, length in bytes, length in UTF-16, hash.
      console.log(words[FIRST_TOPIC + 3]);`)
    ),
  );
  assertEquals(new Set(hashes).size, seeds.length, hashes.join(", "));
});

Deno.test("seedHash() has no effect once there is a topic filter", async () => {
  const program = `const filters = new codec.TopicFilters(); filters.add("a/b", 1); ${SEED}
    console.log(seeded, filters.match("a/b"));`;
  assertEquals(await run(program), "false [ 1 ]");
});

Deno.test("seedHash() has no effect once a topic came in", () => {
  const decoder = new PacketDecoder();
  decoder.push(new Uint8Array([0x30, 3, 0, 1, 0x61]));
  decoder.next();
  assertEquals(seedHash(new Uint32Array([1, 2])), false);
});

Deno.test("seedHash() refuses half a seed", () => {
  assertThrows(() => seedHash(new Uint32Array(1)), TypeError, "two words");
});
