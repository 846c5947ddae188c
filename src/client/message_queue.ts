import type { HubwireError } from "../errors.ts";
import type { Message } from "./message.ts";

/** From so many waiting messages on, reading from the socket pauses, until half of them are gone. */
const HIGH_WATER = 1000;

/** A message for whoever iterates, and what is to be told when it was dealt with. */
interface Entry {
  message: Message;
  done: () => void;
}

type Waiter = PromiseWithResolvers<Entry | undefined>;

/** Messages that wait for an async iterator; each goes to one of them. */
export class MessageQueue {
  #entries: Entry[] = [];
  readonly #waiters: Waiter[] = [];
  #iterators = 0;
  #end: { error: HubwireError | undefined } | undefined;
  #full: PromiseWithResolvers<void> | undefined;

  /** Whether anybody has asked for messages. */
  get isWanted(): boolean {
    return this.#iterators > 0;
  }

  /** Settles once there is room for more; `undefined` when there is. */
  get room(): Promise<void> | undefined {
    return this.#full?.promise;
  }

  /** Hands a message to an iterator that waits, or keeps it for the next that asks. */
  push(message: Message, done: () => void): void {
    const waiter = this.#waiters.shift();
    if (waiter) return waiter.resolve({ message, done });
    this.#entries.push({ message, done });
    if (this.#entries.length >= HIGH_WATER) this.#full ??= Promise.withResolvers();
  }

  /** Nothing more comes: iterators end after what still waits, with this error if there is one. */
  end(error: HubwireError | undefined): void {
    if (this.#end) return;
    this.#end = { error };
    this.#full?.resolve();
    for (const waiter of this.#waiters.splice(0)) {
      if (error) waiter.reject(error);
      else waiter.resolve(undefined);
    }
  }

  /** A new iterator over the messages that come from now on, and those that no other one has taken. */
  iterate(): AsyncIterableIterator<Message> {
    this.#iterators++;
    return new MessageIterator(this);
  }

  /** The next message, when there is one; `undefined` at the end. */
  take(): Waiter {
    const waiter: Waiter = Promise.withResolvers();
    const entry = this.#entries.shift();
    if (entry) waiter.resolve(entry);
    else if (!this.#end) this.#waiters.push(waiter);
    else if (this.#end.error) waiter.reject(this.#end.error);
    else waiter.resolve(undefined);
    if (this.#entries.length <= HIGH_WATER / 2) this.#makeRoom();
    return waiter;
  }

  /** An iterator is left, while this waits for its next message. */
  leave(waiter: Waiter | undefined): void {
    this.#iterators--;
    const at = waiter ? this.#waiters.indexOf(waiter) : -1;
    if (at < 0) return;
    this.#waiters.splice(at, 1);
    waiter?.resolve(undefined);
  }

  #makeRoom(): void {
    this.#full?.resolve();
    this.#full = undefined;
  }
}

/** A message counts as dealt with when its iterator is asked for the next one, or is left. */
class MessageIterator implements AsyncIterableIterator<Message> {
  readonly #queue: MessageQueue;
  #current: Entry | undefined;
  #waiter: Waiter | undefined;
  #isLeft = false;

  constructor(queue: MessageQueue) {
    this.#queue = queue;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Message, undefined>> {
    this.#finish();
    if (this.#isLeft) return { done: true, value: undefined };
    this.#waiter = this.#queue.take();
    const entry = await this.#waiter.promise;
    this.#waiter = undefined;
    if (!entry) return { done: true, value: undefined };
    this.#current = entry;
    return { done: false, value: entry.message };
  }

  return(): Promise<IteratorResult<Message, undefined>> {
    this.#finish();
    if (!this.#isLeft) this.#queue.leave(this.#waiter);
    this.#isLeft = true;
    return Promise.resolve({ done: true, value: undefined });
  }

  #finish(): void {
    this.#current?.done();
    this.#current = undefined;
  }
}
