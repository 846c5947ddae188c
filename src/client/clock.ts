/** Time and timers, as an argument: tests pass one that they turn themselves. */
export interface Clock {
  /** Milliseconds that only ever grow. */
  now(): number;
  /** Calls `callback` once after so many milliseconds; returns what cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
}

/** setTimeout fires at once when the delay does not fit 32 bits. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The clock of this machine. */
export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, Math.max(0, Math.min(delayMs, LONGEST_DELAY_MS)));
    return () => clearTimeout(timer);
  },
};
