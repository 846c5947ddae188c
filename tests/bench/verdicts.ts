import { type Goal, goalsOf } from "./goals.ts";
import type { WorkloadResult } from "./results.ts";

/** A goal and what became of it. */
export interface Verdict extends Goal {
  ratio: number;
  isReached: boolean;
}

/** The goals of workloads that were run, in their order. */
export function verdictsOn(workloads: readonly WorkloadResult[]): Verdict[] {
  return workloads.flatMap(({ group, name, contestants }) => {
    const names = contestants.map((contestant) => contestant.name);
    return goalsOf(group, name, names).map((goal) => {
      const contestant = contestants.find((contestant) => contestant.name === goal.contestant);
      const ratio = contestant?.ratios[goal.against]?.median;
      if (ratio === undefined) {
        throw new Error(`Nobody compared ${goal.contestant} with ${goal.against} on ${name}`);
      }
      return { ...goal, ratio, isReached: ratio >= goal.atLeast };
    });
  });
}
