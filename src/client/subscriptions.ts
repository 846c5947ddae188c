import { TopicFilters } from "../codec/mod.ts";
import type { MessageHandler } from "./message.ts";

/** What was subscribed to with one call; without a handler its messages go to whoever iterates. */
export interface Registration {
  readonly topicFilter: string;
  /** The highest QoS wanted. */
  readonly qos: 0 | 1 | 2;
  readonly handler: MessageHandler | undefined;
}

/** Which handlers get the messages of which topics. */
export class Subscriptions {
  readonly #registrations = new Map<string, Registration>();
  #handlers: TopicFilters<MessageHandler> | undefined;

  /**
   * Puts a registration in the place of the one that its filter had; returns that one.
   *
   * @throws {TypeError | RangeError} If there is a handler for what is no topic filter.
   */
  add(registration: Registration): Registration | undefined {
    const { topicFilter, handler } = registration;
    const before = this.find(topicFilter);
    // The new one first: so the filter stays where it is in the order of all.
    if (handler) (this.#handlers ??= new TopicFilters()).add(topicFilter, handler);
    if (before?.handler && before.handler !== handler) {
      this.#handlers?.delete(topicFilter, before.handler);
    }
    this.#registrations.set(topicFilter, registration);
    return before;
  }

  /** Of a filter, what stands now. */
  find(topicFilter: string): Registration | undefined {
    return this.#registrations.get(topicFilter);
  }

  /** What stands now, in the order in which it was added. */
  all(): Registration[] {
    return [...this.#registrations.values()];
  }

  /** Takes a registration back, unless another has taken its place meanwhile; puts another there, if given. */
  replace(registration: Registration | undefined, before?: Registration): void {
    if (!registration || this.find(registration.topicFilter) !== registration) return;
    const { topicFilter } = registration;
    this.add(before ?? { topicFilter, qos: 0, handler: undefined });
    if (!before) this.#registrations.delete(topicFilter);
  }

  /** The handlers of every filter that matches the topic, in the order of their filters. */
  matching(topic: string): readonly MessageHandler[] {
    return this.#handlers?.match(topic) ?? [];
  }
}
