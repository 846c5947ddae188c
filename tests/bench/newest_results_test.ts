import { assertEquals, assertRejects } from "@std/assert";
import { tempFolder } from "../_kit/temp.ts";
import { foundResults } from "./_results.ts";
import { newestResults } from "./newest_results.ts";
import { printResults, type Results } from "./results.ts";

async function findIn(files: Record<string, Partial<Results>>) {
  await using folder = await tempFolder();
  for (const [name, parts] of Object.entries(files)) {
    await folder.write(name, printResults({ ...foundResults([]), ...parts }));
  }
  return await newestResults(new URL(`file://${folder.file("")}`), "codec");
}

Deno.test("newestResults() takes the latest date, and only files of the codec", async () => {
  const { name, results } = await findIn({
    "2026-01-02-codec.json": { seed: 1 },
    "2026-10-02-codec.json": { seed: 2 },
    "2026-11-02-client.json": { seed: 3 },
  });
  assertEquals([name, results.seed], ["2026-10-02-codec.json", 2]);
});

Deno.test("newestResults() refuses to quote few rounds, quick runs, a part, and nothing", async () => {
  const command = "deno task bench:codec";
  await assertRejects(() => findIn({ "2026-01-02-codec.json": { rounds: 6 } }), RangeError);
  for (const flag of ["--quick", "--only decode"]) {
    const file = { "2026-01-02-codec.json": { command: `${command} ${flag}` } };
    await assertRejects(() => findIn(file), RangeError, flag);
  }
  await assertRejects(() => findIn({}), RangeError, "no results");
});
