import { DeadlineError, type ErrorText } from "../errors.ts";
import type { Clock } from "./clock.ts";

/** What ends a wait early. What has begun is not undone by that: see each call. */
export interface CallOptions {
  /** Ends the wait; the call rejects with its reason. */
  signal?: AbortSignal;
  /**
   * How long to wait at most, in milliseconds, for a connection and the answer; then the call rejects with a
   * `DeadlineError`. Default: none, and what waits is told when the connection ends for good.
   */
  deadlineMs?: number;
}

/** A call that may take no longer than its caller wants to wait. */
export interface Call<O extends CallOptions> {
  /** Which: it is named in the error. */
  phase: keyof typeof TEXTS;
  clock: Clock;
  options: O;
}

const AFTER_A_REQUEST = "The server may still carry it out: ask again, that does no harm.";

/** What was waited for, and what becomes of it. */
const TEXTS = {
  connect: {
    what: "Cannot connect",
    why: "there was no connection",
    remedy: "Nothing is left of the attempt: see to host and network, or give it more time.",
  },
  publish: {
    what: "A message was not acknowledged",
    why: "the server did not take it over",
    remedy: "What has left, or is in the outbox, stays on its way and may still arrive: " +
      "publish it again only if it may come twice.",
  },
  subscribe: {
    what: "Cannot subscribe",
    why: "the server did not answer",
    remedy: AFTER_A_REQUEST,
  },
  unsubscribe: {
    what: "Cannot unsubscribe",
    why: "the server did not answer",
    remedy: AFTER_A_REQUEST,
  },
  switch: {
    what: "Cannot change the transport",
    why: "the server did not accept the new one",
    remedy: "The old one goes on: see to the new one, or give it more time.",
  },
} satisfies Record<string, ErrorText>;

/** What setTimeout takes. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Does `work` with a signal that also aborts when the time is up.
 *
 * It waits no longer than that, except for connecting: only when that has ended itself there is nothing left of it, and
 * the next attempt may begin.
 *
 * @throws {DeadlineError} When the time is up.
 * @throws {RangeError} If the deadline is not a whole number of milliseconds from 1 to 2 147 483 647.
 */
export async function withinDeadline<O extends CallOptions, T>(
  { phase, clock, options }: Call<O>,
  work: (options: Omit<O, "deadlineMs">) => Promise<T>,
): Promise<T> {
  const { deadlineMs, ...rest } = options;
  if (deadlineMs === undefined) return await work(rest);
  if (!(Number.isInteger(deadlineMs) && deadlineMs >= 1 && deadlineMs <= LONGEST_MS)) {
    throw new RangeError(
      `Cannot use deadlineMs ${deadlineMs}: it must be a whole number from 1 to ${LONGEST_MS}`,
    );
  }
  const { promise: late, reject } = Promise.withResolvers<never>();
  late.catch(() => {});
  const controller = new AbortController();
  const cancel = clock.schedule(deadlineMs, () => {
    const error = overdue(phase, deadlineMs);
    controller.abort(error);
    reject(error);
  });
  const signals = options.signal ? [options.signal, controller.signal] : [controller.signal];
  try {
    const working = work({ ...rest, signal: AbortSignal.any(signals) });
    return await (isConnecting(phase) ? working : Promise.race([late, working]));
  } finally {
    cancel();
  }
}

function isConnecting(phase: keyof typeof TEXTS): boolean {
  return phase === "connect" || phase === "switch";
}

function overdue(phase: keyof typeof TEXTS, deadlineMs: number): DeadlineError {
  const { why, ...text } = TEXTS[phase];
  return new DeadlineError(phase, deadlineMs, { ...text, why: `${why} within ${deadlineMs} ms` });
}
