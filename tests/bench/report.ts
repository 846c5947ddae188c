/** What the results say, as tables: for a terminal, for docs/benchmarks.md and for the README. */

import { table } from "./markdown.ts";
import type { ContestantResult, Results, Run, WorkloadResult } from "./results.ts";
import { verdictsOn } from "./verdicts.ts";

/** What a run was made with. */
export function describeRun(
  { date, command, rounds, warmUps, seed, machine, versions }: Run,
): string {
  const { system, processor, cores, memoryGiB, load } = machine;
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ");
  return [
    `- ${date}, \`${command}\`${seed === undefined ? "" : `, seed ${seed}`}`,
    `- medians of ${rounds} rounds after ${warmUps} that are thrown away`,
    `- ${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}; load ${load} when it began`,
    `- ${list}`,
  ].join("\n") + "\n";
}

/** What the codec costs when it does nothing, and what it may cost. */
export function describeFootprint({ footprint: { module, connection } }: Results): string {
  const limit = 16 * 1024;
  return [
    `- the module has ${module} bytes (goal: at most ${limit})`,
    `- a reader and a writer that are idle hold ${connection} bytes (goal: at most ${limit})`,
  ].join("\n") + "\n";
}

/** Everything about the workloads of one group. */
export function figuresTable(workloads: readonly WorkloadResult[]): string {
  return table(
    ["work", "contestant", "million/s", "ratio", "half of the rounds", "to others"],
    workloads.flatMap(workloadRows),
  );
}

export function goalsTable(workloads: readonly WorkloadResult[]): string {
  return table(
    ["work", "contestant", "against", "goal", "ratio", "reached"],
    verdictsOn(workloads).map(({ group, workload, contestant, against, ...verdict }) => [
      `${group} ${workload}`,
      contestant,
      against,
      `${verdict.atLeast}`,
      figure(verdict.ratio),
      verdict.isReached ? "yes" : "**no**",
    ]),
  );
}

/** A number with three digits, which is more than the machine is good for. */
export function figure(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  if (value >= 9.995) return value.toFixed(1);
  return value.toFixed(value >= 0.1 ? 2 : 3);
}

function workloadRows({ name, contestants }: WorkloadResult): string[][] {
  const baseline = contestants[0]?.name ?? "";
  return contestants.map((contestant, index) => [
    index === 0 ? name : "",
    contestant.name,
    figure(contestant.perSecond / 1e6),
    ...ratioCells(contestant, baseline),
  ]);
}

function ratioCells({ name, ratios }: ContestantResult, baseline: string): string[] {
  if (name === baseline) return ["1", "", ""];
  const { [baseline]: main, ...others } = ratios;
  if (!main) throw new Error(`Nobody compared ${name} with ${baseline}`);
  const list = Object.entries(others).map(([other, { median }]) => `${figure(median)} ${other}`);
  return [figure(main.median), `${figure(main.low)} to ${figure(main.high)}`, list.join(", ")];
}
