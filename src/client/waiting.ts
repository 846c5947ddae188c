/** Who waits for an acknowledgement; SUBACK brings return codes with it. */
export interface Waiting {
  resolve(returnCodes?: readonly number[]): void;
  reject(reason: unknown): void;
}

/** Nothing comes back for QoS 0. */
export const NOBODY: Waiting = { resolve() {}, reject() {} };

/**
 * Sends something that is answered; returns the answer: return codes, or nothing.
 *
 * A signal ends the wait; the answer, should it come, is then nobody's.
 */
export function waitForAnswer<Answer>(
  send: (waiting: Waiting) => void,
  signal?: AbortSignal | undefined,
): Promise<Answer> {
  const waiting = Promise.withResolvers<Answer>();
  const { promise, reject } = waiting;
  try {
    send(waiting as Waiting);
  } catch (error) {
    reject(error);
  }
  if (!signal) return promise;
  const abort = () => reject(signal.reason);
  const forget = () => signal.removeEventListener("abort", abort);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  promise.then(forget, forget);
  return promise;
}
