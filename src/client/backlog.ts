import type { Message } from "./message.ts";

/** From so many messages, or bytes of them, that were not dealt with yet, reading pauses, until half of them were. */
const HIGH_WATER = { count: 1000, bytes: 16 * 1024 * 1024 };

/**
 * The most that is kept of messages at QoS 0. Reading pauses long before, but cannot while an answer is awaited;
 * what is more than this is then lost, as QoS 0 may be. At QoS 1 and 2 the server holds back what is not acknowledged.
 */
const MOST_AT_QOS_0 = { count: 20_000, bytes: 64 * 1024 * 1024 };

/** Counts messages that came and were not dealt with yet, in a queue or in the hands of handlers. */
export class Backlog {
  /** How many more were let go instead. */
  dropped = 0;
  #count = 0;
  #bytes = 0;
  #full: PromiseWithResolvers<void> | undefined;

  /** How many there are. */
  get size(): number {
    return this.#count;
  }

  /** Settles once there is room for more; `undefined` when there is. */
  get room(): Promise<void> | undefined {
    return this.#full?.promise;
  }

  /** Whether this message is too much, and let go. */
  drops({ qos }: Message): boolean {
    if (qos > 0) return false;
    if (this.#count < MOST_AT_QOS_0.count && this.#bytes < MOST_AT_QOS_0.bytes) return false;
    this.dropped++;
    return true;
  }

  /** One more, of so many bytes. */
  add(bytes: number): void {
    this.#count++;
    this.#bytes += bytes;
    if (this.#count < HIGH_WATER.count && this.#bytes < HIGH_WATER.bytes) return;
    this.#full ??= Promise.withResolvers();
  }

  /** One fewer; whoever had the message may have taken its payload away, so that it is asked no more. */
  remove(bytes: number): void {
    this.#count--;
    this.#bytes -= bytes;
    if (!this.#full) return;
    if (this.#count > HIGH_WATER.count / 2 || this.#bytes > HIGH_WATER.bytes / 2) return;
    this.#full.resolve();
    this.#full = undefined;
  }
}
