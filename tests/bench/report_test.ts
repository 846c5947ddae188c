import { assertEquals, assertStringIncludes } from "@std/assert";
import { foundResult, foundResults } from "./_results.ts";
import { readmeFigures } from "./readme_figures.ts";
import { describeFootprint, describeRun, figure, figuresTable, goalsTable } from "./report.ts";

const WORKLOAD = foundResult(["decode", "QoS 0, 64 B, one topic"], {
  "mqtt-packet": [42, 41, 43],
  "SAP xb-msg": [8, 8, 8],
  "plain cursor": [2, 2, 2],
  "plain owned": [4, 4, 4],
  "cursor": [1, 1, 1],
  "lazy": [2, 2, 2],
  "owned": [3, 3, 3],
  "PacketDecoder": [6, 6, 6],
});
const RESULTS = foundResults([WORKLOAD]);

Deno.test("figure() has three digits, whole above a hundred", () => {
  assertEquals([1234.5, 99.95, 42.06, 9.996, 1.236, 0.0123].map(figure), [
    "1235",
    "100",
    "42.1",
    "10.0",
    "1.24",
    "0.012",
  ]);
});

Deno.test("describeRun() tells date, command, seed, rounds, machine and versions", () => {
  const text = describeRun(RESULTS);
  for (const part of ["2026-02-03", "deno task bench:codec", "seed 1", "9 rounds", "Abacus <5>"]) {
    assertStringIncludes(text, part);
  }
  assertStringIncludes(text, "deno 2.9.6, mqtt-packet 9.0.2");
  assertStringIncludes(describeFootprint(RESULTS), "7000 bytes");
});

Deno.test("figuresTable() names a workload once and tells of each contestant", () => {
  const lines = figuresTable([WORKLOAD]).replace(/ +/g, " ").split("\n");
  assertEquals(lines[2], "| QoS 0, 64 B, one topic | mqtt-packet | 0.024 | 1 | | |");
  assertEquals(lines[6], "| | cursor | 1.00 | 42.0 | 41.5 to 42.5 | 2.00 plain cursor |");
});

Deno.test("goalsTable() says yes and no", () => {
  const lines = goalsTable([WORKLOAD]).replace(/ +/g, " ").split("\n");
  assertEquals(
    lines[2],
    "| decode QoS 0, 64 B, one topic | cursor | mqtt-packet | 40 | 42.0 | yes |",
  );
  assertEquals(
    lines[5],
    "| decode QoS 0, 64 B, one topic | owned | SAP xb-msg | 3 | 2.67 | **no** |",
  );
});

Deno.test("readmeFigures() quotes against mqtt-packet and against plain TypeScript", () => {
  const lines = readmeFigures(RESULTS).replace(/ +/g, " ").split("\n");
  assertEquals(
    lines[2],
    "| decode, walking over the packets (`PacketReader.cursor`) | 42.0 | 2.00 |",
  );
});
