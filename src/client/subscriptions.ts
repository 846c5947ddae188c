import { matchesTopicFilter } from "./topic_filter.ts";
import type { MessageHandler } from "./message.ts";

/** Topics whose handlers are remembered; beyond, all are forgotten and found anew. */
const CACHE_SIZE = 10_000;

/** What was subscribed to with one call; without a handler its messages go to whoever iterates. */
export interface Registration {
  readonly topicFilter: string;
  readonly handler: MessageHandler | undefined;
}

/** Which handlers get the messages of which topics. */
export class Subscriptions {
  readonly #registrations = new Map<string, Registration>();
  readonly #cache = new Map<string, readonly MessageHandler[]>();

  /** Puts a registration in the place of the one that its filter had; returns that one. */
  add(registration: Registration): Registration | undefined {
    const before = this.#registrations.get(registration.topicFilter);
    this.#registrations.set(registration.topicFilter, registration);
    this.#cache.clear();
    return before;
  }

  /** Of a filter, what stands now. */
  find(topicFilter: string): Registration | undefined {
    return this.#registrations.get(topicFilter);
  }

  /** Takes a registration back, unless another has taken its place meanwhile; puts another there, if given. */
  replace(registration: Registration | undefined, before?: Registration): void {
    if (!registration || this.find(registration.topicFilter) !== registration) return;
    if (before) this.#registrations.set(before.topicFilter, before);
    else this.#registrations.delete(registration.topicFilter);
    this.#cache.clear();
  }

  /** The handlers of every filter that matches the topic. */
  matching(topic: string): readonly MessageHandler[] {
    const known = this.#cache.get(topic);
    if (known) return known;
    const handlers = Array.from(this.#registrations.values())
      .filter(({ topicFilter }) => matchesTopicFilter(topicFilter, topic))
      .flatMap(({ handler }) => handler ?? []);
    if (this.#cache.size >= CACHE_SIZE) this.#cache.clear();
    this.#cache.set(topic, handlers);
    return handlers;
  }
}
