import { assertEquals, assertStringIncludes } from "@std/assert";
import { type OutboxResults, outboxTable } from "./outbox_report.ts";

const RESULTS: OutboxResults = {
  date: "2026-01-01",
  command: "deno task bench:outbox",
  rounds: 3,
  warmUps: 0,
  machine: { system: "", processor: "", cores: 2, memoryGiB: 1, load: 0 },
  versions: {},
  messages: 100_000,
  figures: {
    storedPerSecond: [50_000, 70_000, 60_000],
    deliveredPerSecond: [1, 2, 3],
    restartMilliseconds: [900, 2000, 1100],
  },
  queued: { messages: 1_000_000, heapGrownBy: 20_000, residentGrownBy: -5, file: 2 ** 20 },
};

Deno.test("outboxTable() holds the medians against their goals", () => {
  const answers = outboxTable(RESULTS).split("\n").slice(2, -1).map((line) =>
    line.split("|").map((cell) => cell.trim()).at(-2)
  );
  assertEquals(answers, ["yes", "", "**no**", "yes", "", ""]);
  assertStringIncludes(outboxTable(RESULTS), "restart with 100000 queued");
});
