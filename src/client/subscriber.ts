import type { Subscription } from "../codec/mod.ts";
import { HubwireError, type ProtocolError } from "../errors.ts";
import { grantedQos, REFUSED, subscriptionRefused } from "./client_errors.ts";
import type { Clock } from "./clock.ts";
import { type CallOptions, withinDeadline } from "./deadline.ts";
import type { SubscribeOptions } from "./mqtt_client_options.ts";
import type { Registration, Subscriptions } from "./subscriptions.ts";

/** What a subscriber needs of its client. */
export interface SubscriberHandler {
  /** Sends SUBSCRIBE and returns the return codes. */
  subscribe(subscriptions: Subscription[], signal?: AbortSignal): Promise<readonly number[]>;
  /** Sends SUBSCRIBE at once, before anything that waits for a connection. */
  restore(subscriptions: Subscription[]): Promise<readonly number[]>;
  /** Sends UNSUBSCRIBE. */
  unsubscribe(topicFilters: string[], signal?: AbortSignal): Promise<unknown>;
  /** The server does not take a subscription up again. */
  refused(loss: { topicFilter: string; error: ProtocolError }): void;
}

/** So many filters go into one SUBSCRIBE: servers limit the size of a packet, and some the number. */
const FILTERS_A_PACKET = 8;

/** Asks for subscriptions, and again when the server has forgotten them. */
export class Subscriber {
  readonly #subscriptions: Subscriptions;
  readonly #clock: Clock;
  readonly #handler: SubscriberHandler;
  /** What the server has granted. */
  readonly #granted = new Set<Registration>();
  /** What was asked for again and not answered yet: the session asks until it is. */
  readonly #restoring = new Set<Registration>();
  /** What is being ended: the session asks for that, too, until it is answered. */
  readonly #ending = new Set<Registration>();

  constructor(
    { inbox, options }: { inbox: { subscriptions: Subscriptions }; options: { clock: Clock } },
    handler: SubscriberHandler,
  ) {
    this.#subscriptions = inbox.subscriptions;
    this.#clock = options.clock;
    this.#handler = handler;
  }

  /** Subscribes; the filter with the QoS that was granted. */
  subscribe(topicFilter: string, options: SubscribeOptions): Promise<Subscription> {
    const call = { phase: "subscribe", clock: this.#clock, options } as const;
    return withinDeadline(call, (rest) => this.#subscribe(topicFilter, rest));
  }

  /** Ends a subscription. */
  unsubscribe(topicFilter: string, options: CallOptions): Promise<void> {
    const call = { phase: "unsubscribe", clock: this.#clock, options } as const;
    return withinDeadline(call, ({ signal }) => this.#unsubscribe(topicFilter, signal));
  }

  async #subscribe(topicFilter: string, options: SubscribeOptions): Promise<Subscription> {
    const { qos = 0, handler, signal } = options;
    const wasAborted = signal?.aborted;
    const registration = { topicFilter, qos, handler };
    // Messages may come before the answer does.
    const before = this.#subscriptions.add(registration);
    try {
      const [code] = await this.#handler.subscribe([{ topicFilter, qos }], signal);
      const granted = { topicFilter, qos: grantedQos(code, topicFilter) };
      this.#granted.add(registration);
      if (before) this.#granted.delete(before);
      return granted;
    } catch (error) {
      this.#subscriptions.replace(registration, before);
      if (signal?.aborted && !wasAborted && !before) void this.#takeBack(topicFilter);
      throw error;
    }
  }

  async #unsubscribe(topicFilter: string, signal: AbortSignal | undefined): Promise<void> {
    const registration = this.#subscriptions.find(topicFilter);
    if (registration) this.#ending.add(registration);
    try {
      await this.#handler.unsubscribe([topicFilter], signal);
      this.#subscriptions.replace(registration);
      if (registration) this.#granted.delete(registration);
    } finally {
      if (registration) this.#ending.delete(registration);
    }
  }

  /** The server has kept no session: asks for everything that it had granted. */
  restore(): void {
    const lost = this.#subscriptions.all().filter((registration) =>
      this.#granted.has(registration) && !this.#restoring.has(registration) &&
      !this.#ending.has(registration)
    );
    for (let at = 0; at < lost.length; at += FILTERS_A_PACKET) {
      void this.#restore(lost.slice(at, at + FILTERS_A_PACKET));
    }
  }

  async #restore(registrations: Registration[]): Promise<void> {
    const subscriptions = registrations.map(({ topicFilter, qos }) => ({ topicFilter, qos }));
    for (const registration of registrations) this.#restoring.add(registration);
    try {
      const codes = await this.#handler.restore(subscriptions);
      for (const [index, registration] of registrations.entries()) {
        if (codes[index] === REFUSED) this.#forget(registration);
      }
    } catch (error) {
      // The connection is gone for good, and everybody has been told.
      if (!(error instanceof HubwireError)) throw error;
    } finally {
      for (const registration of registrations) this.#restoring.delete(registration);
    }
  }

  /** The server may have granted what nobody waits for any more. */
  async #takeBack(topicFilter: string): Promise<void> {
    try {
      // Another one may have been asked for by now: its SUBSCRIBE comes behind this.
      await this.#handler.unsubscribe([topicFilter]);
    } catch (error) {
      // There is no connection any more, or no packet identifier.
      if (!(error instanceof HubwireError || error instanceof RangeError)) throw error;
    }
  }

  #forget(registration: Registration): void {
    const { topicFilter } = registration;
    this.#subscriptions.replace(registration);
    this.#granted.delete(registration);
    this.#handler.refused({ topicFilter, error: subscriptionRefused(topicFilter) });
  }
}
