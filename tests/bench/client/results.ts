/** What a run of all rows found: the contents of docs/benchmarks/*-client.json. */

import { spread } from "../median.ts";
import { roundFigure, type Run } from "../results.ts";
import type { Figures, Measured, Metric } from "./measure.ts";

export interface ClientResults extends Run {
  rows: RowResult[];
}

export interface RowResult {
  name: string;
  contestants: ContestantResult[];
}

export interface ContestantResult extends Measured {
  /** Of each metric. */
  medians: Figures;
}

/** The figures of a row with their medians. */
export function rowResultOf(name: string, measured: readonly Measured[]): RowResult {
  const contestants = measured.map(({ name, rounds }): ContestantResult => {
    const rounded = rounds.map(roundFigures);
    const metrics = Object.keys(rounded[0] ?? {}) as Metric[];
    const medians = Object.fromEntries(metrics.map((metric) => {
      const values = rounded.map((figures) => figures[metric] ?? NaN);
      return [metric, roundFigure(spread(values).median)];
    }));
    return { name, medians, rounds: rounded };
  });
  return { name, contestants };
}

function roundFigures(figures: Figures): Figures {
  return Object.fromEntries(
    Object.entries(figures).map(([metric, value]) => [metric, roundFigure(value)]),
  );
}

/** The figures of one contestant, round by round. */
export function valuesOf({ contestants }: RowResult, name: string, metric: Metric): number[] {
  const rounds = contestants.find((contestant) => contestant.name === name)?.rounds ?? [];
  return rounds.map((figures) => figures[metric] ?? NaN);
}
