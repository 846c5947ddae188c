import { assertEquals } from "@std/assert";
import { Segment } from "../../src/outbox/segment.ts";
import { SegmentCache } from "../../src/outbox/segment_cache.ts";

function segment(first: number, last = first): Segment {
  return new Segment({ first, last, bytes: 0 }, {
    sizes: new Uint32Array(last - first + 1),
    parts: 0,
  });
}

Deno.test("SegmentCache finds the segment that holds a sequence, in whatever order they came", () => {
  const cache = new SegmentCache();
  const [low, middle, high] = [segment(1, 10), segment(15, 20), segment(21, 30)];
  for (const one of [middle, high, low]) cache.put(one);
  const found = [0, 1, 10, 11, 14, 15, 20, 21, 30, 31].map((sequence) => cache.find(sequence));
  assertEquals(
    found.map((one) => one?.range.first),
    [undefined, 1, 1, undefined, undefined, 15, 15, 21, 21, undefined],
  );
});

Deno.test("SegmentCache keeps the newest state of a segment, until it is deleted", () => {
  const cache = new SegmentCache();
  cache.put(segment(1, 10));
  cache.find(5);
  const newer = segment(1, 10);
  newer.remove(5);
  cache.put(newer);
  assertEquals(cache.find(5)?.count, 9);
  cache.delete(newer);
  assertEquals(cache.find(5), undefined);
});

Deno.test("SegmentCache is bounded: the oldest go", () => {
  const cache = new SegmentCache();
  for (let first = 1; first <= 5000; first++) cache.put(segment(first));
  assertEquals([cache.find(904), cache.find(905)?.range.first], [undefined, 905]);
});
