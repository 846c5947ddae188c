import { assert, assertEquals } from "@std/assert";
import { GOALS, verdictsOn } from "../bench/client/goals.ts";
import { Laboratory } from "../bench/client/laboratory.ts";
import { measureRow } from "../bench/client/measure.ts";
import { rowResultOf } from "../bench/client/results.ts";
import { rowsOf } from "../bench/client/rows.ts";

Deno.test("deno task bench:client: everybody does everything, however little, and nothing is lost", async () => {
  await using laboratory = await Laboratory.open();
  const results = [];
  for (const row of rowsOf({ share: 0 })) {
    const measured = await measureRow(row, laboratory, { rounds: 1, warmUps: 0 });
    assert(measured, row.name);
    results.push(rowResultOf(row.name, measured));
  }
  const verdicts = verdictsOn(results);
  assertEquals(verdicts.length, GOALS.length);
  for (const { row, found } of verdicts) assert(Number.isFinite(found), row);
});
