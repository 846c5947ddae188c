import type { HubwireError } from "../errors.ts";
import type { Backlog } from "./backlog.ts";
import type { Message } from "./message.ts";

/** A message for whoever iterates, and what is to be told when it was dealt with. */
interface Entry {
  message: Message;
  done: () => void;
}

type Waiter = PromiseWithResolvers<Entry | undefined>;

/** Messages that wait for an async iterator; each goes to one of them. */
export class MessageQueue {
  readonly #backlog: Backlog;
  readonly #entries: Entry[] = [];
  readonly #waiters: Waiter[] = [];
  #iterators = 0;
  #end: { error: HubwireError | undefined } | undefined;

  /** Every message in the queue is one of the backlog. */
  constructor(backlog: Backlog) {
    this.#backlog = backlog;
  }

  /** Whether anybody has asked for messages. */
  get isWanted(): boolean {
    return this.#iterators > 0;
  }

  /** How many messages nobody has taken yet. */
  get size(): number {
    return this.#entries.length;
  }

  /** Hands a message to an iterator that waits, or keeps it for the next that asks. */
  push(message: Message, done: () => void): void {
    const waiter = this.#waiters.shift();
    if (waiter) return waiter.resolve({ message, done });
    if (this.#backlog.drops(message)) return;
    this.#entries.push({ message, done });
    this.#backlog.add(message.payload.length);
  }

  /** Nothing more comes: iterators end after what still waits, with this error if there is one. */
  end(error: HubwireError | undefined): void {
    if (this.#end) return;
    this.#end = { error };
    for (const waiter of this.#waiters.splice(0)) {
      if (error) waiter.reject(error);
      else waiter.resolve(undefined);
    }
    // What is left over may be taken still, but holds up nobody any more.
    for (const { message } of this.#entries) this.#backlog.remove(message.payload.length);
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
    if (entry) {
      waiter.resolve(entry);
      if (!this.#end) this.#backlog.remove(entry.message.payload.length);
    } else if (!this.#end) this.#waiters.push(waiter);
    else if (this.#end.error) waiter.reject(this.#end.error);
    else waiter.resolve(undefined);
    return waiter;
  }

  /** An iterator is left while these of its calls wait. What nobody is left to take is let go. */
  leave(waiters: Iterable<Waiter>): void {
    for (const waiter of waiters) {
      const at = this.#waiters.indexOf(waiter);
      if (at >= 0) this.#waiters.splice(at, 1);
      waiter.resolve(undefined);
    }
    if (--this.#iterators > 0 || this.#end) return;
    for (const { message, done } of this.#entries.splice(0)) {
      this.#backlog.remove(message.payload.length);
      this.#backlog.dropped++;
      done();
    }
  }
}

/** A message counts as dealt with when its iterator is asked for another one, or is left. */
class MessageIterator implements AsyncIterableIterator<Message> {
  readonly #queue: MessageQueue;
  readonly #waiters = new Set<Waiter>();
  #taken: Entry[] = [];
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
    const waiter = this.#queue.take();
    this.#waiters.add(waiter);
    try {
      const entry = await waiter.promise;
      if (!entry) return { done: true, value: undefined };
      // It came while the iterator was being left.
      if (this.#isLeft) entry.done();
      else this.#taken.push(entry);
      return { done: false, value: entry.message };
    } finally {
      this.#waiters.delete(waiter);
    }
  }

  return(): Promise<IteratorResult<Message, undefined>> {
    this.#finish();
    if (!this.#isLeft) this.#queue.leave(this.#waiters);
    this.#isLeft = true;
    return Promise.resolve({ done: true, value: undefined });
  }

  #finish(): void {
    for (const { done } of this.#taken.splice(0)) done();
  }
}
