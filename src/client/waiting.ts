/** Who waits for an acknowledgement; SUBACK brings return codes with it. */
export interface Waiting {
  resolve(returnCodes: readonly number[]): void;
  reject(reason: unknown): void;
}

/** What an acknowledgement of a message brings. */
export const NO_RETURN_CODES: readonly number[] = [];

/** Nothing comes back for QoS 0. */
export const NOBODY: Waiting = { resolve() {}, reject() {} };

/**
 * Sends something that is answered; returns the answer.
 *
 * A signal ends the wait; the answer, should it come, is then nobody's.
 */
export function waitForAnswer(
  send: (waiting: Waiting) => void,
  signal?: AbortSignal | undefined,
): Promise<readonly number[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly number[]>();
  try {
    send({ resolve, reject });
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
