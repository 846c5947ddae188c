import { assertEquals, assertThrows } from "@std/assert";
import { foundResult } from "./_results.ts";
import { verdictsOn } from "./verdicts.ts";

const PUBACK: ["decode", string] = ["decode", "PUBACK"];

Deno.test("verdictsOn() holds the median against the goal; to reach it is enough", () => {
  const reached = foundResult(PUBACK, { "mqtt-packet": [50, 50, 1], "cursor": [1, 1, 1] });
  const missed = foundResult(PUBACK, { "mqtt-packet": [49, 49, 90], "cursor": [1, 1, 1] });
  assertEquals(
    verdictsOn([reached, missed]).map((
      { atLeast, ratio, isReached },
    ) => [atLeast, ratio, isReached]),
    [[50, 50, true], [50, 49, false]],
  );
});

Deno.test("verdictsOn() wants no loss against plain TypeScript where a workload has no goal of its own for it", () => {
  const times = { "mqtt-packet": [9], "plain cursor": [1], "cursor": [1] };
  const [only, ...more] = verdictsOn([foundResult(["decode", "mixed"], times)]);
  assertEquals(more, []);
  assertEquals(only, {
    group: "decode",
    workload: "mixed",
    contestant: "cursor",
    against: "plain cursor",
    atLeast: 0.95,
    ratio: 1,
    isReached: true,
  });
});

Deno.test("verdictsOn() refuses results in which a goal's contestant is missing", () => {
  assertThrows(() => verdictsOn([foundResult(PUBACK, { "mqtt-packet": [1] })]), Error, "cursor");
});
