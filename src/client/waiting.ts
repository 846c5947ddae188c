/** Who waits for an acknowledgement; SUBACK brings return codes with it. */
export interface Waiting {
  resolve(returnCodes?: readonly number[]): void;
  reject(reason: unknown): void;
}

/** Nothing comes back for QoS 0. */
export const NOBODY: Waiting = { resolve() {}, reject() {} };

/** An answer that is to come. `T` is return codes, or nothing. */
export class Answer<T extends readonly number[] | void> implements Waiting {
  readonly promise: Promise<T>;
  #settle!: (answer: T | Promise<never>) => void;

  constructor() {
    // There are as many as messages, and to ask for the second function makes one a quarter dearer.
    this.promise = new Promise((resolve) => this.#settle = resolve);
  }

  resolve(returnCodes?: readonly number[]): void {
    this.#settle(returnCodes as T);
  }

  reject(reason: unknown): void {
    const rejection = Promise.reject(reason);
    // Where there has been an answer already, nobody looks at it.
    rejection.catch(() => {});
    this.#settle(rejection);
  }
}

/**
 * Sends something that is answered; returns the answer: return codes, or nothing.
 *
 * A signal ends the wait; the answer, should it come, is then nobody's.
 */
export function waitForAnswer<T extends readonly number[] | void>(
  send: (waiting: Waiting) => void,
  signal?: AbortSignal | undefined,
): Promise<T> {
  const answer = new Answer<T>();
  try {
    send(answer);
  } catch (error) {
    answer.reject(error);
  }
  if (!signal) return answer.promise;
  const abort = () => answer.reject(signal.reason);
  const forget = () => signal.removeEventListener("abort", abort);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  answer.promise.then(forget, forget);
  return answer.promise;
}
