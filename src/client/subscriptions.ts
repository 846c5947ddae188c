import { matchesTopicFilter } from "./topic_filter.ts";
import type { MessageHandler } from "./message.ts";

/** Topics whose handlers are remembered; beyond, all are forgotten and found anew. */
const CACHE_SIZE = 10_000;

/** Which handlers get the messages of which topics. */
export class Subscriptions {
  readonly #handlers = new Map<string, MessageHandler>();
  readonly #cache = new Map<string, readonly MessageHandler[]>();

  /** Gives a filter a handler in place of the one it had, or none. */
  set(topicFilter: string, handler: MessageHandler | undefined): void {
    if (handler) this.#handlers.set(topicFilter, handler);
    else this.#handlers.delete(topicFilter);
    this.#cache.clear();
  }

  /** The handler of a filter, if it has one. */
  find(topicFilter: string): MessageHandler | undefined {
    return this.#handlers.get(topicFilter);
  }

  /** The handlers of every filter that matches the topic. */
  matching(topic: string): readonly MessageHandler[] {
    const known = this.#cache.get(topic);
    if (known) return known;
    const handlers = Array.from(this.#handlers)
      .filter(([topicFilter]) => matchesTopicFilter(topicFilter, topic))
      .map(([, handler]) => handler);
    if (this.#cache.size >= CACHE_SIZE) this.#cache.clear();
    this.#cache.set(topic, handlers);
    return handlers;
  }
}
