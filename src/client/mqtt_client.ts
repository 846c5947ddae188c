import type { Subscription } from "../codec/mod.ts";
import type { HubwireError } from "../errors.ts";
import { type OutgoingMessage, Session } from "../session/mod.ts";
import { closedHere, isOwnDoing, neverStored } from "./client_errors.ts";
import { Connector } from "./connector.ts";
import { DebugTarget } from "./debug_target.ts";
import { type CallOptions, withinDeadline } from "./deadline.ts";
import { Inbox } from "./inbox.ts";
import type { Message } from "./message.ts";
import { type ClientMetrics, takeMetrics } from "./metrics.ts";
import {
  type CheckedOptions,
  checkOptions,
  type ConnectResult,
  type MqttClientEvents,
  type MqttClientOptions,
  type PublishOptions,
  type SubscribeOptions,
} from "./mqtt_client_options.ts";
import { OutboxSender } from "./outbox_sender.ts";
import type { Transport } from "../transport/mod.ts";
import { PublishGate } from "./publish_gate.ts";
import { type ClientState, OutboxErrorEvent, SubscriptionLostEvent } from "./state.ts";
import { Sender } from "./sender.ts";
import { Subscriber } from "./subscriber.ts";
import { NOBODY, waitForAnswer, type Waiting } from "./waiting.ts";

/** A message to be published. */
type Outgoing = OutgoingMessage<Waiting>;

const NO_OPTIONS = {};
const ENCODER = new TextEncoder();

/**
 * An MQTT 3.1.1 client over any transport.
 *
 * Every promise settles: with the server's answer, with the error that ended the connection (the same for all
 * that waited), or with the reason of its `AbortSignal`. A message at QoS 1 or 2 is acknowledged when its handler
 * has resolved, or when the iterator that took it is asked for the next one or left; in the order in which
 * the messages came. When messages are not taken, reading pauses and the server waits.
 *
 * A connection that is lost is made again, by itself, unless `reconnect` is `false`: what was not acknowledged is sent
 * again, publishes at QoS 1 and 2 and subscriptions wait meanwhile, and a server that has kept no session is asked for
 * all subscriptions anew. Client id, user name, password and credentials are asked for at every connect.
 *
 * @example Send and receive
 * ```ts ignore
 * import { MqttClient, tcpTransport } from "@hubwire/hubwire/mqtt";
 *
 * const client = new MqttClient({
 *   transport: tcpTransport({ hostname: "127.0.0.1" }),
 *   clientId: "thermometer",
 * });
 * client.addEventListener("statechange", (event) => console.log(event.newState));
 * await client.connect();
 * await client.subscribe("orders/#", { qos: 1, handler: (message) => console.log(message.topic) });
 * await client.publish("temperature", "21.5", { qos: 1 });
 * await client.close();
 * ```
 */
export class MqttClient extends DebugTarget<MqttClientEvents> implements AsyncDisposable {
  readonly #options: CheckedOptions;
  readonly #session: Session<Waiting>;
  readonly #inbox: Inbox;
  readonly #gate: PublishGate;
  readonly #outbox: OutboxSender | undefined;
  readonly #subscriber: Subscriber;
  readonly #connector: Connector;
  readonly #sender: Sender;

  /**
   * Makes a client that is not connected yet.
   *
   * @throws {RangeError} If a number is out of its range.
   */
  constructor(options: MqttClientOptions) {
    super();
    this.#options = checkOptions(options);
    this.#gate = new PublishGate(() => this.#places() > 0);
    this.#outbox = this.#makeOutboxSender();
    this.#session = new Session(this.#options, {
      send: (packet) => this.#connector.link?.send(packet),
      connected: (sessionPresent) => this.#connected(sessionPresent),
      message: (message, delivery) => this.#inbox.deliver(message, delivery),
      acknowledged: (waiting) => this.#answered(waiting),
      subscribed: (waiting, returnCodes) => this.#answered(waiting, returnCodes),
    });
    const session = this.#session;
    this.#connector = new Connector({ options: this.#options, session, client: this }, {
      prepared: () => this.#outbox?.open() ?? Promise.resolve(),
      room: () => this.#inbox.room,
      drained: () => this.#advance(),
      changed: (event) => void this.dispatchEvent(event),
      gaveUp: (reason) => this.#gaveUp(reason),
    });
    this.#sender = new Sender({ session, connector: this.#connector, gate: this.#gate });
    this.#inbox = new Inbox({
      finished: (delivery) => session.finish(delivery),
      abandoned: (delivery) => session.fail(delivery),
      handlerFailed: (event) => !this.dispatchEvent(event),
    });
    this.#subscriber = new Subscriber({ inbox: this.#inbox, options: this.#options }, {
      subscribe: (subscriptions, signal) =>
        this.#sender.request(signal, (token) => session.subscribe({ subscriptions, token })),
      restore: (subscriptions) =>
        waitForAnswer((token) => session.subscribe({ subscriptions, token })),
      unsubscribe: (topicFilters, signal) =>
        this.#sender.request(signal, (token) => session.unsubscribe({ topicFilters, token })),
      refused: (loss) => void this.dispatchEvent(new SubscriptionLostEvent(loss)),
    });
  }

  /** What the client has done since it was made, over all connections, and what it is holding now. */
  metrics(): ClientMetrics {
    const { outbox } = this.#options;
    return takeMetrics({ session: this.#session, inbox: this.#inbox, gate: this.#gate, outbox });
  }

  /** Where the client stands. */
  get state(): ClientState {
    return this.#connector.state;
  }

  /**
   * Opens a connection and waits for the server's CONNACK. It tries once: only what was connected comes back by itself.
   *
   * @throws {ConnectRefusedError} If the server refuses.
   * @throws {HubwireError} If the transport or the outbox fails, a deadline passes or the server breaks the protocol.
   * @throws {TypeError} If the client is not `initial` or `disconnected`, or may not send such a CONNECT.
   */
  connect(options: CallOptions = {}): Promise<ConnectResult> {
    return this.#connector.connect(options);
  }

  /**
   * Goes over to another transport, without losing anything: a connection of it is made and presented to the server while the
   * one there is goes on. If the server accepts it, it takes its place, and so do all that come later; this end of the
   * old one is no loss. If not, everything is as before: a server that has closed the old one is connected to as ever.
   *
   * @throws {ConnectRefusedError} If the server refuses.
   * @throws {HubwireError} If the transport fails, a deadline passes or the server breaks the protocol.
   * @throws {TypeError} If the client is neither `connected` nor on its way back, or is changing its transport already.
   */
  switchTransport(transport: Transport, options: CallOptions = {}): Promise<void> {
    return this.#connector.moveTo(transport, options);
  }

  /**
   * Publishes a message. At QoS 0 it resolves once the message is on its way, at QoS 1 and 2 once the server has
   * taken it over, over as many connections as that takes. Text is sent as UTF-8. Bytes are not copied where they may be
   * sent again, or are 16 KiB or more: leave them unchanged until the promise has settled; if a signal ended the wait,
   * until the connection has, and at QoS 1 and 2 for good.
   *
   * With an outbox a message at QoS 1 or 2 is stored first, and leaves behind those that are there. What it keeps stays,
   * whatever becomes of the promise, and leaves with the next connection, perhaps of another process; then exactly once
   * (QoS 2) is not promised any more, for who has it is not stored.
   *
   * @throws {HubwireError} If there is no connection and, at QoS 1 and 2, none is being made; or it ends for good before
   * the acknowledgement. None of it matters to what needs only to be stored.
   * @throws {OutboxFullError} If the outbox has no room, or has dropped the message to make room; `StoreError` if it fails.
   * @throws {TypeError | RangeError} If MQTT 3.1.1 forbids the packet.
   */
  publish(
    topic: string,
    payload: Uint8Array | string,
    options: PublishOptions = NO_OPTIONS,
  ): Promise<void> {
    if (options.deadlineMs !== undefined) {
      const call = { phase: "publish", clock: this.#options.clock, options } as const;
      return withinDeadline(call, (rest) => this.publish(topic, payload, rest));
    }
    const { qos = 0, retain = false } = options;
    const bytes = typeof payload === "string" ? ENCODER.encode(payload) : payload;
    const message = { topic, payload: bytes, qos, retain, token: NOBODY };
    const { telemetry } = this.#connector;
    if (!telemetry || qos === 0) return this.#publish(message, options);
    return telemetry.publishing(message, () => this.#publish(message, options));
  }

  #publish(message: Outgoing, { until = "delivered", signal }: PublishOptions): Promise<void> {
    const { topic, payload, qos, retain } = message;
    if (qos && this.#outbox) {
      return this.#outbox.publish({ topic, payload, qos, retain }, { until, signal });
    }
    if (until === "stored") return Promise.reject(neverStored(qos));
    return this.#sender.publish(message, signal);
  }

  /**
   * Asks for the messages of a topic filter; returns it with the QoS that the server granted.
   *
   * @throws {ProtocolError} `MQTT_SUBSCRIPTION_REFUSED` if the server refuses the filter.
   * @throws {HubwireError} If there is no connection, or it ends before the answer.
   * @throws {TypeError | RangeError} If the filter or the QoS is none.
   */
  subscribe(topicFilter: string, options: SubscribeOptions = {}): Promise<Subscription> {
    const { telemetry } = this.#connector;
    return this.#subscriber.subscribe(topicFilter, telemetry?.traced(options) ?? options);
  }

  /**
   * Ends a subscription.
   *
   * @throws {HubwireError} If there is no connection, or it ends before the answer.
   */
  unsubscribe(topicFilter: string, options: CallOptions = {}): Promise<void> {
    return this.#subscriber.unsubscribe(topicFilter, options);
  }

  /**
   * The messages that no handler takes, each given to one iterator; without any iterator they are let go.
   *
   * It ends when the client is closed, and throws what ended the connection otherwise. It may be asked for before
   * connecting, so that nothing is missed.
   */
  messages(): AsyncIterableIterator<Message> {
    return this.#inbox.messages();
  }

  /**
   * Writes what was sent, then DISCONNECT, and closes. Publishes that wait for a place or for their acknowledgement are
   * given up; what an outbox has it keeps. It takes at most two and a half seconds, however dead the network is, and what
   * the outbox needs for what it is writing.
   */
  async close(): Promise<void> {
    this.#gate.fail(closedHere());
    await this.#connector.close();
    await this.#outbox?.close();
  }

  /** The same as {@linkcode MqttClient.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #connected(sessionPresent: boolean): void {
    if (!sessionPresent) this.#subscriber.restore();
    this.#connector.connected({ sessionPresent });
    this.#advance();
  }

  /** How many more publishes may leave now. */
  #places(): number {
    const { link, isMoving } = this.#connector;
    if (this.state !== "connected" || isMoving || link?.isFull !== false) return 0;
    return this.#options.maximumInFlight - this.#session.inFlight;
  }

  #answered(waiting: Waiting, returnCodes?: readonly number[]): void {
    waiting.resolve(returnCodes);
    this.#advance();
  }

  /** Something was freed, or there is a connection. */
  #advance(): void {
    this.#gate.advance();
    this.#outbox?.advance();
  }

  #makeOutboxSender(): OutboxSender | undefined {
    const { outbox, clock } = this.#options;
    return outbox && new OutboxSender({ outbox, clock }, {
      places: () => this.#places(),
      requireWay: () => this.#connector.comesBack || this.#sender.requireConnection(),
      send: ({ topic, payload, qos, retain }, token) =>
        this.#session.publish({ topic, payload, qos, retain, token }),
      dropped: () => void this.#session.counters.droppedOutgoing++,
      failed: (error) => void this.dispatchEvent(new OutboxErrorEvent(error)),
    });
  }

  #gaveUp(reason: HubwireError | undefined): void {
    for (const waiting of this.#session.drop()) waiting.reject(reason);
    this.#gate.fail(reason);
    this.#outbox?.rewind(reason);
    this.#inbox.end(reason && isOwnDoing(reason) ? undefined : reason);
  }
}
