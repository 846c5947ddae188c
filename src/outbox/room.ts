import type { CheckedLimits } from "./limits.ts";
import { messageTooLarge, outboxFull } from "./outbox_errors.ts";

interface Waiter {
  bytes: number;
  admit: () => void;
  fail: (reason: unknown) => void;
}

/**
 * Who may come in: so many messages, so many bytes, and whoever waits does so in the order of arrival.
 *
 * With "drop-oldest" everybody comes in at once, and `surplus` says what has to go.
 */
export class Room {
  readonly #limits: CheckedLimits;
  // A set keeps the order of insertion, and lets go of one in the middle at once.
  readonly #waiters = new Set<Waiter>();
  #count = 0;
  #bytes = 0;

  constructor(limits: CheckedLimits) {
    this.#limits = limits;
  }

  /** Calls `admit` when there is room: at once, or when its turn has come. */
  enter(
    bytes: number,
    options: Omit<Waiter, "bytes"> & { signal: AbortSignal | undefined },
  ): void {
    const { admit, fail, signal } = options;
    const { whenFull, maximumBytes } = this.#limits;
    if (signal?.aborted) return fail(signal.reason);
    if (bytes > maximumBytes) return fail(messageTooLarge(bytes, maximumBytes));
    if (whenFull === "drop-oldest" || this.#waiters.size === 0 && this.#hasRoom(bytes)) {
      this.#take(bytes);
      return admit();
    }
    if (whenFull === "reject") return fail(outboxFull(this.#limits));
    this.#wait({ bytes, admit, fail }, signal);
  }

  /** So much was there already. */
  occupy(count: number, bytes: number): void {
    this.#count += count;
    this.#bytes += bytes;
  }

  /** So much is gone: as many come in as may. */
  leave(count: number, bytes: number): void {
    this.#count -= count;
    this.#bytes -= bytes;
    for (const waiter of this.#waiters) {
      if (!this.#hasRoom(waiter.bytes)) return;
      this.#waiters.delete(waiter);
      this.#take(waiter.bytes);
      waiter.admit();
    }
  }

  /** Nobody waits any more. */
  fail(reason: unknown): void {
    for (const waiter of this.#waiters) waiter.fail(reason);
    this.#waiters.clear();
  }

  #wait({ bytes, admit, fail }: Waiter, signal: AbortSignal | undefined): void {
    const abort = () => {
      const wasFirst = this.#waiters.values().next().value === waiter;
      this.#waiters.delete(waiter);
      fail(signal?.reason);
      // Whoever stood behind a large one may be small enough.
      if (wasFirst) this.leave(0, 0);
    };
    const forget = () => signal?.removeEventListener("abort", abort);
    const waiter: Waiter = {
      bytes,
      admit: () => {
        forget();
        admit();
      },
      fail: (reason) => {
        forget();
        fail(reason);
      },
    };
    signal?.addEventListener("abort", abort, { once: true });
    this.#waiters.add(waiter);
  }

  #hasRoom(bytes: number): boolean {
    const { maximumCount, maximumBytes } = this.#limits;
    return this.#count < maximumCount && this.#bytes + bytes <= maximumBytes;
  }

  #take(bytes: number): void {
    this.#count++;
    this.#bytes += bytes;
  }
}
