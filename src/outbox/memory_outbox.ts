import { type CheckedLimits, checkLimits, type OutboxLimits } from "./limits.ts";
import type { KeptMessage, MessageToKeep } from "./message.ts";
import { outboxClosed } from "./outbox_errors.ts";
import { Room } from "./room.ts";

const DEFAULTS = { maximumCount: 10_000, maximumBytes: 16 * 2 ** 20 };

/**
 * Keeps in memory what is not yet delivered. It is lost with the process; {@linkcode kvOutbox} keeps it.
 *
 * At most 10 000 messages and 16 MiB of payload, unless said otherwise; what is more waits.
 *
 * @example The newest hundred readings are enough
 * ```ts
 * import { memoryOutbox } from "@hubwire/hubwire/mqtt";
 *
 * await using outbox = memoryOutbox({ maximumCount: 100, whenFull: "drop-oldest" });
 * await outbox.open();
 * const payload = new TextEncoder().encode("21.5");
 * const sequence = await outbox.add({ topic: "temperature", payload, qos: 1, retain: false });
 * const [message] = await outbox.read(0, 10);
 * if (message?.sequence !== sequence) throw new Error("It is the oldest and the only one");
 * await outbox.remove(sequence);
 * ```
 * @throws {RangeError} If a limit is no whole number of at least 1.
 */
export function memoryOutbox(options: OutboxLimits = {}): MemoryOutbox {
  return new MemoryOutbox(checkLimits(options, DEFAULTS));
}

/** What {@linkcode memoryOutbox} makes. */
export class MemoryOutbox implements AsyncDisposable {
  /** Told which message was dropped to make room. */
  ondropped?: ((sequence: number) => void) | undefined;
  readonly #limits: CheckedLimits;
  readonly #room: Room;
  // A map keeps the order of insertion.
  readonly #messages = new Map<number, KeptMessage>();
  #bytes = 0;
  #lastSequence = 0;
  #isOpen = false;

  /** Made by {@linkcode memoryOutbox}. */
  constructor(limits: CheckedLimits) {
    this.#limits = limits;
    this.#room = new Room(limits);
  }

  /** How many messages are kept. */
  get count(): number {
    return this.#messages.size;
  }

  /** How many bytes of payload they are. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Makes it ready. */
  open(): Promise<void> {
    this.#isOpen = true;
    return Promise.resolve();
  }

  /**
   * Keeps a copy of a message behind all others; returns its sequence.
   *
   * @throws {OutboxFullError} If there is no room and it does not wait.
   */
  add(message: MessageToKeep, signal?: AbortSignal): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    if (!this.#isOpen) reject(outboxClosed());
    else {
      const admit = () => resolve(this.#keep(message));
      this.#room.enter(message.payload.length, { admit, fail: reject, signal });
    }
    return promise;
  }

  /** The messages behind a sequence, oldest first, at most so many. */
  read(after: number, limit: number): Promise<KeptMessage[]> {
    if (!this.#isOpen) return Promise.reject(outboxClosed());
    const messages: KeptMessage[] = [];
    for (const message of this.#from(after + 1)) {
      if (messages.length >= limit) break;
      messages.push({ ...message });
    }
    return Promise.resolve(messages);
  }

  /** Forgets a message; that it is not there is no mistake. */
  remove(sequence: number): Promise<void> {
    if (!this.#isOpen) return Promise.reject(outboxClosed());
    this.#forget(sequence);
    return Promise.resolve();
  }

  /** Whoever waits for room fails. What is kept is there again after the next `open`. */
  close(): Promise<void> {
    this.#isOpen = false;
    this.#room.fail(outboxClosed());
    return Promise.resolve();
  }

  /** The same as `close`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #keep({ topic, payload, qos, retain }: MessageToKeep): number {
    const sequence = ++this.#lastSequence;
    this.#messages.set(sequence, { topic, payload: payload.slice(), qos, retain, sequence });
    this.#bytes += payload.length;
    for (const oldest of this.#messages.keys()) {
      if (this.count <= this.#limits.maximumCount && this.bytes <= this.#limits.maximumBytes) break;
      this.#forget(oldest);
      // Whatever a listener throws is none of our business.
      queueMicrotask(() => this.ondropped?.(oldest));
    }
    return sequence;
  }

  /** The oldest are mostly asked for in a row: then nothing is searched for. */
  *#from(sequence: number): Generator<KeptMessage> {
    const [oldest = 0] = this.#messages.keys();
    if (sequence - oldest < this.#messages.size / 2) {
      for (const message of this.#messages.values()) {
        if (message.sequence >= sequence) yield message;
      }
      return;
    }
    for (let next = sequence; next <= this.#lastSequence; next++) {
      const message = this.#messages.get(next);
      if (message) yield message;
    }
  }

  #forget(sequence: number): void {
    const message = this.#messages.get(sequence);
    if (!message) return;
    this.#messages.delete(sequence);
    this.#bytes -= message.payload.length;
    this.#room.leave(1, message.payload.length);
  }
}
