import { assertEquals, assertThrows } from "@std/assert";
import { pairedRatio, spread } from "./median.ts";

Deno.test("spread() tells the middle and the middles of both halves, whatever the order", () => {
  assertEquals(spread([5, 1, 4, 2, 3]), { low: 2, median: 3, high: 4 });
  assertEquals(spread([1, 2]), { low: 1.25, median: 1.5, high: 1.75 });
  assertEquals(spread([7]), { low: 7, median: 7, high: 7 });
});

Deno.test("spread() refuses no numbers at all", () => {
  assertThrows(() => spread([]), RangeError);
});

Deno.test("pairedRatio() compares within each round: a round in which all are slow changes nothing", () => {
  assertEquals(pairedRatio([1, 10, 2], [4, 40, 8]), { low: 4, median: 4, high: 4 });
});

Deno.test("pairedRatio() is the median of the ratios, not the ratio of the medians", () => {
  assertEquals(pairedRatio([1, 2, 4], [1, 8, 4]).median, 1);
});

Deno.test("pairedRatio() refuses rounds that only one of them had", () => {
  assertThrows(() => pairedRatio([1], [1, 2]), RangeError);
});
