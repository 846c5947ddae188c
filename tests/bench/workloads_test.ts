import { assert, assertEquals } from "@std/assert";
import { decodeWorkloads } from "./decode.ts";
import { encodeWorkloads } from "./encode.ts";
import { goalsOf, workloadsWithGoals } from "./goals.ts";
import { matchWorkloads } from "./match.ts";
import { runRounds } from "./rounds.ts";

const WORKLOADS = [decodeWorkloads, encodeWorkloads, matchWorkloads].flatMap((make) =>
  make({ seed: 3, share: 1 / 4 })
);

for (const workload of WORKLOADS) {
  Deno.test(`${workload.group} ${workload.name}: everybody finds the same, also in a row`, async () => {
    const { task, times } = await runRounds(workload, { rounds: 1, warmUps: 1, now: () => 0 });
    assert(task.count > 0 && times.length > 1);
  });
}

Deno.test("goalsOf() names no contestant that its workload does not have", () => {
  for (const { group, name, contestants } of WORKLOADS) {
    const names = contestants().map((contestant) => contestant.name);
    for (const { contestant, against } of goalsOf(group, name, names)) {
      assertEquals([contestant, against].filter((name) => !names.includes(name)), [], name);
    }
  }
});

Deno.test("workloadsWithGoals() are all measured", () => {
  for (const group of new Set(WORKLOADS.map((workload) => workload.group))) {
    const names = WORKLOADS.filter((one) => one.group === group).map(({ name }) => name);
    assertEquals([...workloadsWithGoals(group)].filter((name) => !names.includes(name)), []);
  }
});
