/** How much an outbox keeps, and what happens to what is more. */
export interface OutboxLimits {
  /** The most messages. */
  maximumCount?: number;
  /** The most bytes of payload. */
  maximumBytes?: number;
  /**
   * What to do with a message for which there is no room: `"wait"` until there is (default), `"reject"` it
   * with an {@linkcode OutboxFullError}, or `"drop-oldest"`.
   */
  whenFull?: "wait" | "reject" | "drop-oldest";
}

/** Limits with their defaults. */
export type CheckedLimits = Required<OutboxLimits>;

/** Puts in the defaults. Throws a RangeError or TypeError for what is no limit. */
export function checkLimits(
  limits: OutboxLimits,
  defaults: { maximumCount: number; maximumBytes: number },
): CheckedLimits {
  const {
    maximumCount = defaults.maximumCount,
    maximumBytes = defaults.maximumBytes,
    whenFull = "wait",
  } = limits;
  for (const [name, value] of Object.entries({ maximumCount, maximumBytes })) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new RangeError(`Cannot use ${name} ${value}: it must be a whole number of at least 1`);
  }
  if (!["wait", "reject", "drop-oldest"].includes(whenFull)) {
    throw new TypeError(
      `Cannot use whenFull "${whenFull}": it must be "wait", "reject" or "drop-oldest"`,
    );
  }
  return { maximumCount, maximumBytes, whenFull };
}
