import { LARGE_PAYLOAD, type Subscription } from "../codec/mod.ts";
import { HubwireError } from "../errors.ts";
import { type OutgoingMessage, Session } from "../session/mod.ts";
import type { Connection } from "../transport/mod.ts";
import { BackOff } from "./back_off.ts";
import { closedHere, isOwnDoing, notConnected } from "./client_errors.ts";
import { ConnectAttempt } from "./connect_attempt.ts";
import { makeConnectPacket } from "./connect_packet.ts";
import { Inbox } from "./inbox.ts";
import { Link } from "./link.ts";
import type { Message } from "./message.ts";
import {
  type CheckedOptions,
  checkOptions,
  type ConnectResult,
  type MqttClientEvents,
  type MqttClientOptions,
  type PublishOptions,
  type SubscribeOptions,
} from "./mqtt_client_options.ts";
import { PublishGate } from "./publish_gate.ts";
import { type ClientState, StateChangeEvent, SubscriptionLostEvent } from "./state.ts";
import { Subscriber } from "./subscriber.ts";
import { TypedEventTarget } from "./typed_event_target.ts";
import { NO_RETURN_CODES, NOBODY, waitForAnswer, type Waiting } from "./waiting.ts";

/** A message to be published. */
type Outgoing = Omit<OutgoingMessage<Waiting>, "token">;

const ENCODER = new TextEncoder();

/**
 * An MQTT 3.1.1 client over any transport.
 *
 * Every promise settles: with the server's answer, with the error that ended the connection (the same for all
 * that waited), or with the reason of its `AbortSignal`. A message at QoS 1 or 2 is acknowledged when its handler
 * has resolved, or when the iterator that took it is asked for the next one or left; in the order in which
 * the messages came. When messages are not taken, reading pauses and the server waits.
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
export class MqttClient extends TypedEventTarget<MqttClientEvents> implements AsyncDisposable {
  readonly #options: CheckedOptions;
  readonly #session: Session<Waiting>;
  readonly #inbox: Inbox;
  readonly #gate: PublishGate;
  readonly #subscriber: Subscriber;
  readonly #backOff: BackOff | undefined;
  #state: ClientState = "initial";
  #attempt: ConnectAttempt | undefined;
  #link: Link<Waiting> | undefined;
  #closing: Promise<void> | undefined;
  /** Whether a lost connection is to be made again: there was one since the program asked for it. */
  #isEstablished = false;
  #cancelRetry = () => {};

  /**
   * Makes a client that is not connected yet.
   *
   * @throws {RangeError} If a number is out of its range.
   */
  constructor(options: MqttClientOptions) {
    super();
    this.#options = checkOptions(options);
    const { connackDeadlineMs, pingDeadlineMs, maximumInFlight } = this.#options;
    this.#gate = new PublishGate(() =>
      this.#state === "connected" && this.#link?.isFull === false &&
      this.#session.inFlight < maximumInFlight
    );
    this.#session = new Session({ connackDeadlineMs, pingDeadlineMs }, {
      send: (packet) => this.#link?.send(packet),
      connected: (sessionPresent) => this.#connected(sessionPresent),
      message: (message, delivery) => this.#inbox.deliver(message, delivery),
      acknowledged: (waiting) => {
        waiting.resolve(NO_RETURN_CODES);
        this.#gate.advance();
      },
      subscribed: (waiting, returnCodes) => waiting.resolve(returnCodes),
    });
    const { reconnect } = this.#options;
    if (reconnect) this.#backOff = new BackOff(reconnect);
    this.#inbox = new Inbox({
      finished: (delivery) => this.#session.finish(delivery, this.#now()),
      abandoned: (delivery) => this.#session.fail(delivery, this.#now()),
      handlerFailed: (event) => !this.dispatchEvent(event),
    });
    this.#subscriber = new Subscriber(this.#inbox.subscriptions, {
      subscribe: (subscriptions, signal) =>
        this.#request(signal, (token) => {
          this.#session.subscribe({ subscriptions, token }, this.#now());
        }),
      unsubscribe: (topicFilter, signal) =>
        this.#request(signal, (token) => {
          this.#session.unsubscribe({ topicFilters: [topicFilter], token }, this.#now());
        }),
      refused: (topicFilter, error) =>
        void this.dispatchEvent(new SubscriptionLostEvent({ topicFilter, error })),
    });
  }

  /** Where the client stands. */
  get state(): ClientState {
    return this.#state;
  }

  /**
   * Opens a connection and waits for the server's CONNACK.
   *
   * @throws {ConnectRefusedError} If the server refuses.
   * @throws {HubwireError} If the transport fails, a deadline passes or the server breaks the protocol.
   * @throws {TypeError} If the client is not `initial` or `disconnected`, or may not send such a CONNECT.
   */
  async connect({ signal }: { signal?: AbortSignal } = {}): Promise<ConnectResult> {
    if (this.#state !== "initial" && this.#state !== "disconnected") {
      throw new TypeError(`Cannot connect: the client is ${this.#state}`);
    }
    const attempt = this.#attempt = new ConnectAttempt(signal);
    this.#change("transportConnecting");
    try {
      return await this.#open(attempt);
    } catch (error) {
      this.#failed(attempt, error);
      throw error;
    } finally {
      attempt.finish();
    }
  }

  /**
   * Publishes a message. At QoS 0 it resolves once the message is on its way, at QoS 1 and 2 once the server has
   * taken it over. Text is sent as UTF-8. A payload of 16 KiB or more is not copied: leave it unchanged until the
   * promise has settled, or, if a signal ended the wait, until the connection has.
   *
   * @throws {HubwireError} If there is no connection, or it ends before the acknowledgement.
   * @throws {TypeError | RangeError} If MQTT 3.1.1 forbids the packet.
   */
  publish(
    topic: string,
    payload: Uint8Array | string,
    options: PublishOptions = {},
  ): Promise<void> {
    const { qos = 0, retain = false, signal } = options;
    const bytes = typeof payload === "string" ? ENCODER.encode(payload) : payload;
    const publish = () => this.#publishNow({ topic, payload: bytes, qos, retain }, signal);
    const mayWait = this.#state === "connected" || (this.#isEstablished && qos > 0);
    const mustWait = mayWait && !signal?.aborted && !this.#gate.isOpen;
    return mustWait ? this.#gate.enter(publish, signal) : publish();
  }

  /**
   * Asks for the messages of a topic filter; returns it with the QoS that the server granted.
   *
   * @throws {ProtocolError} `MQTT_SUBSCRIPTION_REFUSED` if the server refuses the filter.
   * @throws {HubwireError} If there is no connection, or it ends before the answer.
   * @throws {TypeError | RangeError} If the filter or the QoS is none.
   */
  subscribe(topicFilter: string, options: SubscribeOptions = {}): Promise<Subscription> {
    return this.#subscriber.subscribe(topicFilter, options);
  }

  /**
   * Ends a subscription.
   *
   * @throws {HubwireError} If there is no connection, or it ends before the answer.
   */
  unsubscribe(topicFilter: string, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    return this.#subscriber.unsubscribe(topicFilter, signal);
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
   * given up. It takes at most two and a half seconds, however dead the network is.
   */
  async close(): Promise<void> {
    const reason = closedHere();
    this.#isEstablished = false;
    this.#cancelRetry();
    if (this.#attempt) {
      this.#attempt.abort(reason);
      await this.#attempt.finished;
    } else if (this.#link) {
      this.#gate.fail(reason);
      this.#change("disconnecting");
      this.#closing ??= this.#link.close(reason);
      await this.#closing;
    } else if (this.#state === "reconnecting") this.#giveUp(reason);
    else this.#inbox.end(undefined);
  }

  /** The same as {@linkcode MqttClient.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #open(attempt: ConnectAttempt): Promise<ConnectResult> {
    attempt.signal.throwIfAborted();
    const connection = await this.#options.transport.connect(attempt.signal);
    const link = this.#link = this.#makeLink(connection);
    this.#change("transportConnected");
    try {
      const packet = await attempt.unlessAborted(makeConnectPacket(this.#options));
      link.open(packet);
      return await attempt.connack;
    } catch (error) {
      link.end(error instanceof HubwireError ? error : closedHere());
      throw error;
    }
  }

  /** No link has told that it ended: there was none, or it ended with what ends the attempt. */
  #failed(attempt: ConnectAttempt, error: unknown): void {
    if (this.#attempt !== attempt) return;
    this.#attempt = undefined;
    this.#over(error instanceof HubwireError ? error : undefined);
  }

  #makeLink(connection: Connection): Link<Waiting> {
    const { clock, maximumPacketSize, transport: { address } } = this.#options;
    const session = this.#session;
    return new Link({ connection, session, clock, address, maximumPacketSize }, {
      room: () => this.#inbox.room,
      drained: () => this.#gate.advance(),
      ended: (reason) => this.#ended(reason),
    });
  }

  #connected(sessionPresent: boolean): void {
    this.#isEstablished = this.#backOff !== undefined;
    this.#backOff?.connected(this.#now());
    this.#attempt?.succeed({ sessionPresent });
    this.#attempt = undefined;
    if (!sessionPresent) this.#subscriber.restore();
    this.#change("connected");
    this.#gate.advance();
  }

  #ended(reason: HubwireError): void {
    const attempt = this.#attempt;
    this.#link = this.#closing = this.#attempt = undefined;
    attempt?.fail(reason);
    this.#over(reason);
  }

  /** A connection, or an attempt at one, is over: there will be another, or not. */
  #over(reason: HubwireError | undefined): void {
    if (!reason || !this.#isEstablished || !this.#backOff) return this.#giveUp(reason);
    const next = this.#backOff.failed(reason, this.#now());
    if (typeof next !== "number") return this.#giveUp(next);
    this.#session.lose();
    this.#cancelRetry = this.#options.clock.schedule(next, () => void this.#retry());
    this.#change("reconnecting", reason);
  }

  async #retry(): Promise<void> {
    const attempt = this.#attempt = new ConnectAttempt(undefined);
    this.#change("transportConnecting");
    await this.#open(attempt).catch((error) => this.#failed(attempt, error));
    attempt.finish();
  }

  /** Everybody is told before the state changes: a listener may connect again at once. */
  #giveUp(reason: HubwireError | undefined): void {
    this.#isEstablished = false;
    for (const waiting of this.#session.drop()) waiting.reject(reason);
    this.#gate.fail(reason);
    this.#inbox.end(reason && isOwnDoing(reason) ? undefined : reason);
    this.#change("disconnected", reason);
  }

  #change(newState: ClientState, reason?: HubwireError): void {
    const oldState = this.#state;
    if (newState === oldState) return;
    this.#state = newState;
    const cause = reason && !isOwnDoing(reason) ? reason : undefined;
    this.dispatchEvent(new StateChangeEvent({ oldState, newState, cause }));
  }

  #now(): number {
    return this.#options.clock.now();
  }

  async #publishNow(message: Outgoing, signal: AbortSignal | undefined): Promise<void> {
    if (message.qos === 0) {
      this.#requireConnection(signal);
      this.#session.publish({ ...message, token: NOBODY }, this.#now());
      // It is written from where it is: its owner has to wait for that.
      if (message.payload.length >= LARGE_PAYLOAD) await this.#link?.written();
    } else {
      await this.#request(signal, (token) => {
        this.#session.publish({ ...message, token }, this.#now());
      });
    }
  }

  #request(
    signal: AbortSignal | undefined,
    send: (waiting: Waiting) => void,
  ): Promise<readonly number[]> {
    const request = () =>
      waitForAnswer((waiting) => {
        this.#requireConnection(signal);
        send(waiting);
      }, signal);
    const mustWait = this.#state !== "connected" && this.#isEstablished && !signal?.aborted;
    return mustWait ? this.#gate.enter(request, signal) : request();
  }

  #requireConnection(signal: AbortSignal | undefined): void {
    signal?.throwIfAborted();
    if (this.#state !== "connected") throw notConnected(this.#state);
  }
}
