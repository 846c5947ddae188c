/**
 * Publishes that have to wait: for an acknowledgement that frees a place in the window, or for room in the
 * send buffer. They leave in the order in which they came.
 */

interface Waiter {
  run: () => void;
  fail: (reason: unknown) => void;
}

export class PublishGate {
  readonly #isOpen: () => boolean;
  /** In order; as a set, so that one that gives up costs nothing. */
  readonly #waiters = new Set<Waiter>();

  /** `isOpen` says whether one more publish may leave now. */
  constructor(isOpen: () => boolean) {
    this.#isOpen = isOpen;
  }

  /** How many wait. */
  get size(): number {
    return this.#waiters.size;
  }

  /** Whether a publish may leave at once, overtaking nobody. */
  get isOpen(): boolean {
    return this.#waiters.size === 0 && this.#isOpen();
  }

  /** Runs `action` when it is its turn; settles as it does. */
  enter<R>(action: () => Promise<R>, signal: AbortSignal | undefined): Promise<R> {
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    const abort = () => {
      this.#waiters.delete(waiter);
      reject(signal?.reason);
    };
    const forget = () => signal?.removeEventListener("abort", abort);
    const waiter: Waiter = {
      run: () => {
        forget();
        resolve(action());
      },
      fail: (reason) => {
        forget();
        reject(reason);
      },
    };
    signal?.addEventListener("abort", abort, { once: true });
    this.#waiters.add(waiter);
    return promise;
  }

  /** Something was freed: as many go on as may. */
  advance(): void {
    if (this.#waiters.size === 0) return;
    for (const waiter of this.#waiters) {
      if (!this.#isOpen()) return;
      this.#waiters.delete(waiter);
      waiter.run();
    }
  }

  /** Nobody goes on any more. */
  fail(reason: unknown): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of waiters) waiter.fail(reason);
  }
}
