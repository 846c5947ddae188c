import type { HubwireError } from "../errors.ts";
import type { Delivery } from "../session/mod.ts";
import { Backlog } from "./backlog.ts";
import type { Message, MessageHandler } from "./message.ts";
import { MessageQueue } from "./message_queue.ts";
import { HandlerErrorEvent } from "./state.ts";
import { Subscriptions } from "./subscriptions.ts";

/** What an inbox tells its owner. */
export interface InboxHandler {
  /** A message at QoS 1 or 2 was dealt with. */
  finished(delivery: Delivery): void;
  /** It never will be. */
  abandoned(delivery: Delivery): void;
  /** A handler threw; returns whether somebody has looked after the error. */
  handlerFailed(event: HandlerErrorEvent): boolean;
}

/** Brings messages to those who want them, and notices when they are dealt with. */
export class Inbox {
  /** Who wants the messages of which topics. */
  readonly subscriptions: Subscriptions = new Subscriptions();
  /** How many messages came. */
  received = 0;
  readonly #handler: InboxHandler;
  readonly #backlog = new Backlog();
  #queue = new MessageQueue(this.#backlog);

  constructor(handler: InboxHandler) {
    this.#handler = handler;
  }

  /** How many of them wait for an iterator. */
  get queued(): number {
    return this.#queue.size;
  }

  /** How many nobody was given. */
  get dropped(): number {
    return this.#backlog.dropped;
  }

  /** Settles when more messages can be taken; `undefined` when they can. */
  get room(): Promise<void> | undefined {
    return this.#backlog.room;
  }

  /** The messages that no handler takes. */
  messages(): AsyncIterableIterator<Message> {
    return this.#queue.iterate();
  }

  /** Iterators end, with this error if there is one; later ones see what comes later. */
  end(reason: HubwireError | undefined): void {
    this.#queue.end(reason);
    this.#queue = new MessageQueue(this.#backlog);
  }

  /** A message came. What nobody wants is acknowledged all the same [MQTT-4.5.0-2]. */
  deliver(message: Message, delivery: Delivery | undefined): void {
    this.received++;
    const handlers = this.subscriptions.matching(message.topic);
    if (handlers.length > 0) this.#handle(message, { handlers, delivery });
    else if (this.#queue.isWanted) this.#queue.push(message, () => this.#finish(delivery));
    else {
      this.#backlog.dropped++;
      this.#finish(delivery);
    }
  }

  /** Calls every handler; the message is dealt with when all have done their work. */
  #handle(
    message: Message,
    { handlers, delivery }: { handlers: readonly MessageHandler[]; delivery: Delivery | undefined },
  ): void {
    if (this.#backlog.drops(message)) return;
    // A handler may give the payload away.
    const bytes = message.payload.length;
    let pending: Promise<boolean>[] | undefined;
    let isDone = true;
    for (const handler of handlers) {
      try {
        const work = handler(message);
        if (work) (pending ??= []).push(this.#outcome(work, message));
      } catch (error) {
        if (!this.#isLookedAfter(error, message)) isDone = false;
      }
    }
    if (pending) void this.#await(pending, { isDone, delivery, bytes });
    else this.#settle(delivery, { isDone });
  }

  /** Whether it was done, or somebody has looked after the error. */
  async #outcome(work: Promise<void>, message: Message): Promise<boolean> {
    try {
      await work;
      return true;
    } catch (error) {
      return this.#isLookedAfter(error, message);
    }
  }

  async #await(
    pending: readonly Promise<boolean>[],
    { isDone, delivery, bytes }: {
      isDone: boolean;
      delivery: Delivery | undefined;
      bytes: number;
    },
  ): Promise<void> {
    this.#backlog.add(bytes);
    const outcomes = await Promise.all(pending);
    this.#backlog.remove(bytes);
    this.#settle(delivery, { isDone: isDone && !outcomes.includes(false) });
  }

  #settle(delivery: Delivery | undefined, { isDone }: { isDone: boolean }): void {
    if (isDone) this.#finish(delivery);
    else if (delivery) this.#handler.abandoned(delivery);
  }

  /** As with any listener: an error that nobody looks after is an uncaught one. */
  #isLookedAfter(error: unknown, { topic }: Message): boolean {
    const isLookedAfter = this.#handler.handlerFailed(new HandlerErrorEvent({ error, topic }));
    if (!isLookedAfter) reportError(error);
    return isLookedAfter;
  }

  #finish(delivery: Delivery | undefined): void {
    if (delivery) this.#handler.finished(delivery);
  }
}
