/** The middle of some numbers, and the middles of the lower and the upper half: how far they scatter. */
export interface Spread {
  median: number;
  low: number;
  high: number;
}

export function spread(values: readonly number[]): Spread {
  return {
    median: quantile(values, 0.5),
    low: quantile(values, 0.25),
    high: quantile(values, 0.75),
  };
}

/**
 * How many times as fast as the other one somebody is, given the times of both in each round.
 *
 * Each round has a ratio of its own, since a machine that is busy is busy for both.
 */
export function pairedRatio(times: readonly number[], others: readonly number[]): Spread {
  if (times.length !== others.length) throw new RangeError("Cannot pair: not as many rounds");
  return spread(times.map((time, round) => (others[round] ?? NaN) / time));
}

/** The value below which this share of all lies. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError("Cannot take the middle of nothing");
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? NaN;
  return below + (above - below) * (at % 1);
}
