import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  fragmentedStream,
  manyTopics,
  mixedPackets,
  publishes,
  publishesOfNewTopics,
  TOPIC,
  wholeStream,
} from "./corpus.ts";

const OPTIONS = { count: 300, payloadSize: 64, seed: 5 };

function join(chunks: readonly Uint8Array[]): number[] {
  return chunks.flatMap((chunk) => [...chunk]);
}

Deno.test("publishes() are the same for a seed, and others for another", () => {
  assertEquals(publishes(OPTIONS), publishes(OPTIONS));
  assertNotEquals(publishes(OPTIONS), publishes({ ...OPTIONS, seed: 6 }));
  assertEquals([TOPIC.length, new Set(manyTopics(100)).size], [40, 100]);
});

Deno.test("publishesOfNewTopics() repeat no topic, neither in a round nor in another, while it warms up either", () => {
  const topics = [-2, -1, 0, 1].flatMap((round) =>
    publishesOfNewTopics({ ...OPTIONS, round }).map(({ topic }) => topic)
  );
  assertEquals(new Set(topics).size, 4 * OPTIONS.count);
});

Deno.test("mixedPackets() have all three kinds", () => {
  const kinds = mixedPackets(OPTIONS).map((packet) =>
    packet.cmd === "publish" ? `${packet.cmd} ${packet.qos}` : packet.cmd
  );
  assertEquals(new Set(kinds), new Set(["publish 0", "publish 1", "puback"]));
});

Deno.test("wholeStream() counts passes, and its chunks are its bytes", () => {
  const packets = publishes(OPTIONS);
  const once = wholeStream(packets);
  const thrice = wholeStream(packets, 3);
  assertEquals([thrice.count, thrice.bytes, thrice.checksum], [
    3 * once.count,
    3 * once.bytes,
    3 * once.checksum,
  ]);
  assertEquals(join(once.pieces), join(once.chunks));
  assertEquals(thrice.buffers.length, 3 * once.buffers.length);
});

Deno.test("fragmentedStream() cuts the same bytes into 1 to 1460 at a time", () => {
  const packets = publishes(OPTIONS);
  const stream = fragmentedStream(packets, { seed: 5, passes: 1 });
  assertEquals(join(stream.chunks), join(wholeStream(packets).chunks));
  assert(stream.chunks.every(({ length }) => length >= 1 && length <= 1460));
  assert(stream.chunks.length > 20);
});
