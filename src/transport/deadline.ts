import { DeadlineError } from "../errors.ts";

/** What is waited for, and how long. */
export interface Deadline {
  /** Which part of connecting: it is named in the error. */
  phase: "connect" | "handshake";
  /** In milliseconds. */
  ms: number;
  /** Where to, for the message. */
  address: string;
  /** Ends the wait early. */
  signal: AbortSignal | undefined;
  /** Undoes what was begun, when the time is up or the signal aborts. */
  abandon: () => void;
}

const REMEDIES = {
  connect: "Check host and port, and that no firewall drops the packets.",
  handshake: "Check that the port is one that speaks TLS; for IoT Hub it is 8883.",
};

/**
 * Waits for `work`, at most until the deadline.
 *
 * @throws {DeadlineError} When the time is up.
 */
export async function withDeadline<T>(work: Promise<T>, deadline: Deadline): Promise<T> {
  const { ms, signal, abandon } = deadline;
  const ended = Promise.withResolvers<never>();
  const timer = setTimeout(() => ended.reject(overdue(deadline)), ms);
  const abort = () => ended.reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) abort();
  try {
    return await Promise.race([work, ended.promise]);
  } catch (error) {
    abandon();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

function overdue({ phase, ms, address }: Deadline): DeadlineError {
  return new DeadlineError(phase, ms, {
    what: `Cannot connect to ${address}`,
    why: phase === "connect"
      ? `no connection within ${ms} ms`
      : `the server did not finish the TLS handshake within ${ms} ms`,
    remedy: REMEDIES[phase],
  });
}
