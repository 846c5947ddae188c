/** What the results of the client say, as tables: for a terminal and for docs/benchmarks.md. */

import { table } from "../markdown.ts";
import { spread } from "../median.ts";
import { figure } from "../report.ts";
import { type Verdict, verdictsOn } from "./goals.ts";
import type { Metric } from "./measure.ts";
import { type RowResult, valuesOf } from "./results.ts";

const TITLES: Record<Metric, string> = {
  perSecond: "a second",
  cpuMicroseconds: "µs of CPU each",
  milliseconds: "ms",
  p99Milliseconds: "ms, 99th percentile",
  kilobytes: "kB each",
  peerShare: "CPU of the peer",
};

/** Goals and what became of them. */
export function clientGoalsTable(rows: readonly RowResult[]): string {
  return table(
    ["work", "what", "contestant", "against", "goal", "found", "reached"],
    verdictsOn(rows).map((verdict) => [
      verdict.row,
      TITLES[verdict.metric],
      verdict.contestant,
      verdict.against,
      limitOf(verdict),
      foundIn(verdict),
      verdict.isReached ? "yes" : "**no**",
    ]),
  );
}

/** The medians of everybody, and the ratio to the first contestant in what the row is about. */
export function clientFiguresTable(rows: readonly RowResult[]): string {
  return table(
    ["work", "contestant", "median", "half of the rounds", "CPU each", "CPU of the peer"],
    rows.flatMap(figureRows),
  );
}

function figureRows(row: RowResult): string[][] {
  return row.contestants.map(({ name, medians }, index) => {
    const metric = mainMetric(row);
    const { low, high } = spread(valuesOf(row, name, metric));
    const { cpuMicroseconds, peerShare, p99Milliseconds } = medians;
    const p99 = p99Milliseconds === undefined ? "" : `, p99 ${figure(p99Milliseconds)} ms`;
    return [
      index === 0 ? row.name : "",
      name,
      `${amount(metric, medians[metric])}${p99}`,
      `${amount(metric, low)} to ${amount(metric, high)}`,
      cpuMicroseconds === undefined ? "" : `${figure(cpuMicroseconds)} µs`,
      peerShare === undefined ? "" : `${Math.round(100 * peerShare)} %`,
    ];
  });
}

/** What a row is about. */
function mainMetric({ contestants: [first] }: RowResult): Metric {
  const told = Object.keys(first?.medians ?? {});
  const order: Metric[] = ["perSecond", "milliseconds", "kilobytes"];
  return order.find((metric) => told.includes(metric)) ?? "cpuMicroseconds";
}

function amount(metric: Metric, value = NaN): string {
  if (metric === "kilobytes") return `${figure(value)} kB`;
  if (metric === "milliseconds") return `${figure(value)} ms`;
  return value >= 100_000 ? `${figure(value / 1e6)} million/s` : `${figure(value)} /s`;
}

function limitOf(verdict: Verdict): string {
  const { is, limit } = verdict;
  if (is === "more, at most") return `at most ${limit} more`;
  return `${is === "times, at least" ? "at least" : "at most"} ${times(verdict, limit)}`;
}

function foundIn(verdict: Verdict): string {
  const { is, found } = verdict;
  return is === "more, at most" ? `${figure(found)} more` : times(verdict, found);
}

/** What has to be a small part is told as one. */
function times({ is, limit }: Verdict, value: number): string {
  if (is === "times, at most" && limit < 0.5) return `1/${Number(figure(1 / value))}`;
  return `${Number(figure(value))}x`;
}
