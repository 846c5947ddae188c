/** What a run of all workloads found: the contents of docs/benchmarks/*-codec.json. */

import type { Footprint } from "./footprint.ts";
import type { Machine } from "./machine.ts";
import { pairedRatio, type Spread, spread } from "./median.ts";
import type { RoundTimes } from "./rounds.ts";
import type { Group, Workload } from "./workload.ts";

/** How and where something was measured. */
export interface Run {
  /** ISO 8601, without a time. */
  date: string;
  command: string;
  /** Where chance takes part. */
  seed?: number;
  rounds: number;
  warmUps: number;
  machine: Machine;
  /** Of the runtime and of every package that takes part. */
  versions: Record<string, string>;
}

export interface Results extends Run {
  footprint: Footprint;
  workloads: WorkloadResult[];
}

export interface WorkloadResult {
  group: Group;
  name: string;
  /** How many packets, and how many bytes, one run is. */
  count: number;
  bytes: number;
  contestants: ContestantResult[];
}

export interface ContestantResult {
  name: string;
  perSecond: number;
  /** How many times as fast as others it is, by their names. */
  ratios: Record<string, Spread>;
  /** Of each round. */
  milliseconds: number[];
}

export function resultOf(
  { group, name }: Pick<Workload, "group" | "name">,
  { task, times }: RoundTimes,
): WorkloadResult {
  const rounded = times.map(({ name, milliseconds }) => ({
    name,
    milliseconds: milliseconds.map(roundFigure),
  }));
  const names = times.map(({ name }) => name);
  const contestants = rounded.map(({ name, milliseconds }) => ({
    name,
    perSecond: roundFigure(1000 * task.count / spread(milliseconds).median),
    ratios: Object.fromEntries(
      rounded.filter((other) => rivals(name, names).includes(other.name))
        .map((other) => [other.name, roundSpread(pairedRatio(milliseconds, other.milliseconds))]),
    ),
    milliseconds,
  }));
  return { group, name, count: task.count, bytes: task.bytes, contestants };
}

/** With whom somebody is compared: the first of all, its own kind without WebAssembly, SAP's codec with what it is alike to. */
function rivals(name: string, names: readonly string[]): string[] {
  const [first = ""] = names;
  const rivals = name === first ? [] : [first, `plain ${name}`];
  if (name.startsWith("owned")) rivals.push("SAP xb-msg");
  return rivals;
}

/** Five digits are more than anybody can measure. */
export function roundFigure(value: number): number {
  return Number(value.toPrecision(5));
}

function roundSpread({ median, low, high }: Spread): Spread {
  return { median: roundFigure(median), low: roundFigure(low), high: roundFigure(high) };
}

/** As JSON, with whatever holds nothing but figures on one line. */
export function printResults(results: Run): string {
  const json = JSON.stringify(results, null, 2);
  return json.replace(/[[{][^[\]{}]*[\]}]/g, (leaf) => leaf.replace(/\s+/g, " ")) + "\n";
}
