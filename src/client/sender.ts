import { LARGE_PAYLOAD } from "../codec/mod.ts";
import type { OutgoingMessage, Session } from "../session/mod.ts";
import { notConnected } from "./client_errors.ts";
import type { Connector } from "./connector.ts";
import type { PublishGate } from "./publish_gate.ts";
import { Answer, waitForAnswer, type Waiting } from "./waiting.ts";

/** What a sender works with. */
export interface SenderParts {
  session: Session<Waiting>;
  connector: Connector;
  gate: PublishGate;
}

/** For every message at QoS 0: nothing more is to be told of any. */
const ON_ITS_WAY = Promise.resolve();

/** Sends messages and requests, now or when it is their turn, and gives a promise of what becomes of each. */
export class Sender {
  readonly #session: Session<Waiting>;
  readonly #connector: Connector;
  readonly #gate: PublishGate;

  constructor({ session, connector, gate }: SenderParts) {
    this.#session = session;
    this.#connector = connector;
    this.#gate = gate;
  }

  /** Publishes a message behind those that wait. */
  publish(message: OutgoingMessage<Waiting>, signal: AbortSignal | undefined): Promise<void> {
    const { state, comesBack } = this.#connector;
    const mayWait = state === "connected" || (comesBack && message.qos > 0);
    const mustWait = mayWait && !signal?.aborted && !this.#gate.isOpen;
    if (mustWait) return this.#gate.enter(() => this.#publishNow(message, signal), signal);
    return this.#publishNow(message, signal);
  }

  /** Sends a request, which waits for a connection if there will be one. */
  request<T extends readonly number[] | void>(
    signal: AbortSignal | undefined,
    send: (waiting: Waiting) => void,
  ): Promise<T> {
    const { state, comesBack } = this.#connector;
    const mustWait = state !== "connected" && comesBack && !signal?.aborted;
    if (mustWait) return this.#gate.enter(() => this.#requestNow<T>(signal, send), signal);
    return this.#requestNow(signal, send);
  }

  /** @throws {HubwireError} If there is no connection. */
  requireConnection(): void {
    const { state } = this.#connector;
    if (state !== "connected") throw notConnected(state);
  }

  #publishNow(
    message: OutgoingMessage<Waiting>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (message.qos === 0) return this.#sendOnce(message, signal);
    if (!signal && this.#connector.state === "connected") return this.#deliver(message);
    return this.request(signal, (token) => this.#session.publish({ ...message, token }));
  }

  /** At QoS 0. */
  #sendOnce(message: OutgoingMessage<Waiting>, signal: AbortSignal | undefined): Promise<void> {
    try {
      signal?.throwIfAborted();
      this.requireConnection();
      this.#session.publish(message);
    } catch (error) {
      return Promise.reject(error);
    }
    // A large one is written from where it is: its owner has to wait for that.
    const isLarge = message.payload.length >= LARGE_PAYLOAD;
    return isLarge && this.#connector.link?.written() || ON_ITS_WAY;
  }

  /** At QoS 1 and 2, where nothing has to be waited for first, or given up. */
  #deliver(message: OutgoingMessage<Waiting>): Promise<void> {
    const answer = message.token = new Answer<void>();
    try {
      this.#session.publish(message);
    } catch (error) {
      answer.reject(error);
    }
    return answer.promise;
  }

  #requestNow<T extends readonly number[] | void>(
    signal: AbortSignal | undefined,
    send: (waiting: Waiting) => void,
  ): Promise<T> {
    return waitForAnswer((waiting) => {
      signal?.throwIfAborted();
      this.requireConnection();
      send(waiting);
    }, signal);
  }
}
