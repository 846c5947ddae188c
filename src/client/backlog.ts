/** From so many messages on that were not dealt with yet, reading from the socket pauses, until half of them were. */
const HIGH_WATER = 1000;

/** Counts messages that came and were not dealt with yet, in a queue or in the hands of handlers. */
export class Backlog {
  /** How many more were let go instead. */
  dropped = 0;
  #size = 0;
  #full: PromiseWithResolvers<void> | undefined;

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** Settles once there is room for more; `undefined` when there is. */
  get room(): Promise<void> | undefined {
    return this.#full?.promise;
  }

  /** One more. */
  add(): void {
    if (++this.#size >= HIGH_WATER) this.#full ??= Promise.withResolvers();
  }

  /** So many fewer. */
  remove(count = 1): void {
    this.#size -= count;
    if (this.#size > HIGH_WATER / 2) return;
    this.#full?.resolve();
    this.#full = undefined;
  }
}
