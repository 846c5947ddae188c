import { assertEquals } from "@std/assert";
import { foundResult, foundResults } from "./_results.ts";
import { printResults } from "./results.ts";

const ROUNDS = {
  "mqtt-packet": [10, 20, 10],
  "SAP xb-msg": [4, 8, 4],
  "plain owned": [2, 4, 4],
  "owned": [1, 2, 1],
};

Deno.test("resultOf() compares all with the first, ours with its plain twin, and owned with SAP's", () => {
  const { contestants } = foundResult(["decode", "work"], ROUNDS);
  const ratios = contestants.map(({ name, ratios }) => [
    name,
    Object.fromEntries(Object.entries(ratios).map(([other, { median }]) => [other, median])),
  ]);
  assertEquals(ratios, [
    ["mqtt-packet", {}],
    ["SAP xb-msg", { "mqtt-packet": 2.5 }],
    ["plain owned", { "mqtt-packet": 5 }],
    ["owned", { "mqtt-packet": 10, "SAP xb-msg": 4, "plain owned": 2 }],
  ]);
});

Deno.test("resultOf() counts per second by the median time", () => {
  const { contestants } = foundResult(["decode", "work"], ROUNDS);
  assertEquals(contestants.map(({ perSecond }) => perSecond), [100_000, 250_000, 250_000, 1e6]);
});

Deno.test("printResults() is JSON of the same, with the times of a contestant on one line", () => {
  const results = foundResults([foundResult(["decode", "work"], ROUNDS)]);
  const text = printResults(results);
  assertEquals(JSON.parse(text), results);
  assertEquals(
    text.split("\n").filter((line) => line.includes('"milliseconds": [ 10, 20, 10 ]')).length,
    1,
  );
});
