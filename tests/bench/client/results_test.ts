import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { describeRun } from "../report.ts";
import { type Goal, GOALS, verdictsOn } from "./goals.ts";
import { clientFiguresTable, clientGoalsTable } from "./report.ts";
import { rowResultOf, valuesOf } from "./results.ts";
import { rowsOf } from "./rows.ts";

const ROUNDS = {
  slow: [{ perSecond: 100, peerShare: 0.1 }, { perSecond: 200 }, { perSecond: 100 }],
  fast: [{ perSecond: 900, cpuMicroseconds: 2 }, { perSecond: 400 }, { perSecond: 300 }],
};
const ROW = rowResultOf(
  "work",
  Object.entries(ROUNDS).map(([name, rounds]) => ({ name, rounds })),
);
const GOAL: Goal = {
  row: "work",
  metric: "perSecond",
  contestant: "fast",
  against: "slow",
  is: "times, at least",
  limit: 3,
};

function verdict(goal: Partial<Goal>) {
  const [only] = verdictsOn([ROW], [{ ...GOAL, ...goal }]);
  return [only?.found, only?.isReached];
}

Deno.test("rowResultOf() takes the medians of each metric", () => {
  assertEquals(ROW.contestants.map(({ medians }) => medians.perSecond), [100, 400]);
  assertEquals(valuesOf(ROW, "fast", "perSecond"), [900, 400, 300]);
});

Deno.test("verdictsOn() takes the median of the ratios of the rounds: 9, 2 and 3", () => {
  assertEquals(verdict({}), [3, true]);
  assertEquals(verdict({ limit: 3.1 }), [3, false]);
  assertEquals(verdict({ is: "times, at most" }), [3, true]);
  assertEquals(verdict({ is: "times, at most", limit: 2.9 }), [3, false]);
});

Deno.test("verdictsOn() takes the difference of the medians where the goal is one", () => {
  assertEquals(verdict({ is: "more, at most", limit: 300 }), [300, true]);
  assertEquals(verdict({ is: "more, at most", limit: 299 }), [300, false]);
});

Deno.test("verdictsOn() leaves out what was not measured, and refuses to compare with nobody", () => {
  assertEquals(verdictsOn([ROW], [{ ...GOAL, row: "other" }]), []);
  assertThrows(() => verdictsOn([ROW], [{ ...GOAL, against: "nobody" }]), RangeError);
});

Deno.test("Every goal of the client is one of a row, and of those who take part in it", () => {
  const rows = rowsOf({ share: 1 });
  for (const { row, contestant, against } of GOALS) {
    const names = rows.find(({ name }) => name === row)?.contestants.map(({ name }) => name);
    assertEquals([names?.includes(contestant), names?.includes(against)], [true, true], row);
  }
});

Deno.test("clientGoalsTable() tells small parts as parts, and says yes and no", () => {
  const rounds = (cpuMicroseconds: number, perSecond: number) => [{ perSecond, cpuMicroseconds }];
  const row = rowResultOf("publish QoS 0, 64 B", [
    { name: "MQTT.js", rounds: rounds(20, 10) },
    { name: "raw", rounds: rounds(1, 1000) },
    { name: "Hubwire", rounds: rounds(1, 300) },
  ]);
  const [, , ...lines] = clientGoalsTable([row]).replace(/ +/g, " ").split("\n");
  assertEquals(lines, [
    "| publish QoS 0, 64 B | a second | Hubwire | MQTT.js | at least 35x | 30x | **no** |",
    "| publish QoS 0, 64 B | µs of CPU each | Hubwire | MQTT.js | at most 1/15 | 1/20 | yes |",
    "| publish QoS 0, 64 B | a second | Hubwire | raw | at least 0.75x | 0.3x | **no** |",
    "",
  ]);
});

Deno.test("clientFiguresTable() names a row once and tells medians, spread and CPU", () => {
  const row = rowResultOf("work", [
    { name: "one", rounds: [{ milliseconds: 2, p99Milliseconds: 9, cpuMicroseconds: 3 }] },
    { name: "other", rounds: [{ milliseconds: 1, cpuMicroseconds: 3, peerShare: 0.256 }] },
  ]);
  const lines = clientFiguresTable([row]).replace(/ +/g, " ").split("\n");
  assertEquals(lines.slice(2, 4), [
    "| work | one | 2.00 ms, p99 9.00 ms | 2.00 ms to 2.00 ms | 3.00 µs | |",
    "| | other | 1.00 ms | 1.00 ms to 1.00 ms | 3.00 µs | 26 % |",
  ]);
});

Deno.test("describeRun() tells no seed where chance takes no part", () => {
  const machine = { system: "", processor: "", cores: 1, memoryGiB: 1, load: 0 };
  const run = { date: "2026-02-03", command: "go", rounds: 9, warmUps: 2, machine, versions: {} };
  assertStringIncludes(describeRun(run), "- 2026-02-03, `go`\n");
});
