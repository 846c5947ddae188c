import { assertEquals } from "@std/assert";
import { rowResultOf } from "./client/results.ts";
import { rowsOf } from "./client/rows.ts";
import { newestResults } from "./newest_results.ts";
import { resultOf } from "./results.ts";
import { reportFiles } from "./write_report.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test("docs/benchmarks.md and its chart are those of the newest results: deno task bench:report", async () => {
  for (const [path, text] of await reportFiles()) {
    if (path === "README.md") continue; // tests/readme_test.ts
    assertEquals(await Deno.readTextFile(new URL(path, ROOT)), text, path);
  }
});

Deno.test("The newest results: every ratio is the median of those of its rounds", async () => {
  const { results } = await newestResults(new URL("docs/benchmarks/", ROOT), "codec");
  for (const result of results.workloads) {
    const { count, bytes, contestants } = result;
    for (const { milliseconds } of contestants) assertEquals(milliseconds.length, results.rounds);
    const task = { count, bytes, checksum: 0 };
    assertEquals(resultOf(result, { task, times: contestants }), result);
  }
});

Deno.test("The newest results of the client: every median is that of its rounds, and every row is there", async () => {
  const { results } = await newestResults(new URL("docs/benchmarks/", ROOT), "client");
  assertEquals(results.rows.map(({ name }) => name), rowsOf({ share: 1 }).map(({ name }) => name));
  for (const row of results.rows) {
    for (const { rounds } of row.contestants) assertEquals(rounds.length, results.rounds);
    assertEquals(rowResultOf(row.name, row.contestants), row);
  }
});
