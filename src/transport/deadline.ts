import { DeadlineError } from "../errors.ts";

/** What is waited for, and how long. */
export interface Deadline {
  /** Which part of connecting: it is named in the error. */
  phase: "connect" | "proxy" | "handshake";
  /** In milliseconds. */
  ms: number;
  /** Where to, for the message. */
  address: string;
  /** Ends the wait early. */
  signal: AbortSignal | undefined;
  /** Undoes what was begun, when the time is up or the signal aborts. */
  abandon: () => void;
}

/** What setTimeout takes. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Returns a deadline that is one.
 *
 * @throws {RangeError} If it is not a whole number of milliseconds from 1 to 2 147 483 647.
 */
export function checkDeadline(name: string, ms: number): number {
  if (Number.isInteger(ms) && ms >= 1 && ms <= LONGEST_MS) return ms;
  throw new RangeError(
    `Cannot use ${name} ${ms}: it must be a whole number from 1 to ${LONGEST_MS}`,
  );
}

/** Waits for `work`, unless the signal aborts before. */
export async function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (!signal) return await work;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

const REASONS = {
  connect: "no connection",
  proxy: "no answer from the proxy",
  handshake: "the server did not finish the TLS handshake",
};
const REMEDIES = {
  connect: "Check host and port, and that no firewall drops the packets.",
  proxy: "Check the proxy's host, port and kind, and that it can reach the server.",
  handshake: "Check that the port is one that speaks TLS; for IoT Hub it is 8883.",
};

/**
 * Waits for `work`, at most until the deadline.
 *
 * @throws {DeadlineError} When the time is up.
 */
export async function withDeadline<T>(work: Promise<T>, deadline: Deadline): Promise<T> {
  const { ms, signal, abandon } = deadline;
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(overdue(deadline)), ms);
  try {
    return await unlessAborted(Promise.race([work, late]), signal);
  } catch (error) {
    abandon();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function overdue({ phase, ms, address }: Deadline): DeadlineError {
  return new DeadlineError(phase, ms, {
    what: `Cannot connect to ${address}`,
    why: `${REASONS[phase]} within ${ms} ms`,
    remedy: REMEDIES[phase],
  });
}
