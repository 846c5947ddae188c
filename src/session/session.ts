/**
 * An MQTT 3.1.1 session of a client, as rules: packets and the time go in, packets and events come out.
 *
 * It knows no socket, no timer, no random number. Time is a number of milliseconds that its caller passes; for what is only
 * sent it may be left out, if {@linkcode KeepAlive.progressed} is told when it was written.
 * {@linkcode Session.deadline} says when to call {@linkcode Session.tick} at the latest. What it wants done it
 * tells a {@linkcode SessionHandler}, at once and in order. What it throws ends the connection.
 *
 * @module
 */

import type {
  ConnackPacket,
  ConnectPacket,
  Packet,
  PublishPacket,
  SubscribePacket,
  UnsubscribePacket,
} from "../codec/packet.ts";
import { Answers } from "./answers.ts";
import { Counters } from "./counters.ts";
import { InFlight } from "./in_flight.ts";
import { KeepAlive } from "./keep_alive.ts";
import { connackOverdue, overslept, pingrespOverdue } from "./overdue.ts";
import { type Delivery, Received } from "./received.ts";
import { checkConnack } from "./refusal.ts";
import type {
  OutgoingMessage,
  OutgoingSubscribe,
  OutgoingUnsubscribe,
  SessionHandler,
  SessionOptions,
} from "./session_handler.ts";
import { violation } from "./violation.ts";

/** Where a session stands on its current connection. */
export type SessionState = "closed" | "connecting" | "connected";

export class Session<T> {
  /** What was counted so far; those who read and write add what they know. */
  readonly counters = new Counters();
  readonly #options: SessionOptions;
  readonly #handler: SessionHandler<T>;
  readonly #inFlight = new InFlight<T>();
  readonly #answers: Answers<T>;
  readonly #received = new Received();
  #state: SessionState = "closed";
  #keepAlive = new KeepAlive(0, 0);
  #connackDueAt = Infinity;
  #connect: ConnectPacket | undefined;
  /** What a server knows the session by [MQTT-3.1.3-2]; none before the first CONNACK. */
  #clientId: string | undefined;

  constructor(options: SessionOptions, handler: SessionHandler<T>) {
    this.#options = options;
    this.#handler = handler;
    this.#answers = new Answers({ inFlight: this.#inFlight, counters: this.counters, handler });
  }

  /** The rules of keep-alive; whoever reads and writes tells it so. */
  get keepAlive(): KeepAlive {
    return this.#keepAlive;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** How many publishes, subscribes and unsubscribes wait for their acknowledgement. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** When {@linkcode Session.tick} has something to do, if nothing happens before; `Infinity` when never. */
  get deadline(): number {
    if (this.#state === "closed") return Infinity;
    return this.#state === "connecting" ? this.#connackDueAt : this.#keepAlive.deadline;
  }

  /** A connection is open: sends CONNECT, the first packet and the only one of its kind [MQTT-3.1.0-1]. */
  open(packet: ConnectPacket, now: number): void {
    const { connackDeadlineMs, pingDeadlineMs } = this.#options;
    this.#state = "connecting";
    this.#connect = packet;
    this.#connackDueAt = now + connackDeadlineMs;
    this.#keepAlive = new KeepAlive(packet.keepAliveSeconds * 1000, pingDeadlineMs);
    this.#send(packet, now);
  }

  /**
   * Takes a packet from the server; after DISCONNECT it means nothing any more.
   *
   * @throws {ConnectRefusedError} If CONNACK refuses.
   * @throws {ProtocolError} If MQTT 3.1.1 has no such packet here.
   */
  receive(packet: Packet, now: number): void {
    if (this.#state === "closed") return;
    this.#keepAlive.received(now);
    if (this.#state === "connecting") return this.#receiveFirst(packet, now);
    switch (packet.type) {
      case "publish":
        return this.#receivePublish(packet, now);
      case "puback":
        return this.#answers.takePuback(packet.packetId);
      case "pubrec":
        if (!this.#answers.takePubrec(packet.packetId)) return;
        return this.#send({ type: "pubrel", packetId: packet.packetId }, now);
      case "pubrel":
        this.#received.release(packet.packetId);
        return this.#send({ type: "pubcomp", packetId: packet.packetId }, now);
      case "pubcomp":
        return this.#answers.takePubcomp(packet.packetId);
      case "suback":
        return this.#answers.takeSuback(packet);
      case "unsuback":
        return this.#answers.takeUnsuback(packet.packetId);
      case "pingresp":
        return;
      case "connack":
        throw violation("MQTT-3.2.0-1", "the server sent a second CONNACK");
      default:
        throw violation("2.2.1", `the server sent ${packet.type.toUpperCase()}`);
    }
  }

  /**
   * Takes a PUBACK while the session is connected, without a packet to tell of it: there are as many as there are messages.
   *
   * @throws {ProtocolError} If it answers a message at QoS 2.
   */
  acknowledge(packetId: number): void {
    this.#answers.takePuback(packetId);
  }

  /** Sends a message; at QoS 1 and 2 its token comes back when the server has acknowledged it. */
  publish(message: OutgoingMessage<T>, now?: number): void {
    const { topic, payload, qos, retain } = message;
    if (qos > 0) return this.#publishReliably(message, now);
    this.#send({ type: "publish", topic, payload, qos, retain, dup: false }, now);
    this.counters.sent++;
  }

  /** Asks for messages; the token comes back with the server's answer. */
  subscribe({ subscriptions, token }: OutgoingSubscribe<T>, now?: number): void {
    const packetId = this.#inFlight.nextId();
    const packet: SubscribePacket = { type: "subscribe", packetId, subscriptions };
    this.#send(packet, now);
    this.#inFlight.set(packetId, { kind: "subscribe", packet, token });
  }

  /** Ends subscriptions; the token comes back when the server has confirmed it. */
  unsubscribe({ topicFilters, token }: OutgoingUnsubscribe<T>, now?: number): void {
    const packetId = this.#inFlight.nextId();
    const packet: UnsubscribePacket = { type: "unsubscribe", packetId, topicFilters };
    this.#send(packet, now);
    this.#inFlight.set(packetId, { kind: "unsubscribe", packet, token });
  }

  /** The application is done with a message: what may now be acknowledged is. */
  finish(delivery: Delivery, now?: number): void {
    this.#received.settle(delivery, "done");
    this.#acknowledge(now);
  }

  /** The application failed on a message, which stays unacknowledged: those behind it wait no longer. */
  fail(delivery: Delivery, now?: number): void {
    this.#received.settle(delivery, "failed");
    this.#acknowledge(now);
  }

  /**
   * Does what is due at this time, if anything is.
   *
   * @throws {DeadlineError} If CONNACK is overdue.
   * @throws {KeepAliveTimeoutError} If PINGRESP is overdue, or the ping itself is by far.
   */
  tick(now: number): void {
    if (now < this.deadline) return;
    if (this.#state === "connecting") throw connackOverdue(this.#options.connackDeadlineMs);
    if (this.#keepAlive.isPingOpen) throw pingrespOverdue(this.#options.pingDeadlineMs);
    if (this.#keepAlive.hasOverslept(now)) throw overslept();
    this.#keepAlive.pinged(now);
    this.#send({ type: "pingreq" }, now);
  }

  /** Sends DISCONNECT, after which nothing is sent any more [MQTT-3.14.4-2]. */
  disconnect(now: number): void {
    this.#send({ type: "disconnect" }, now);
    this.#state = "closed";
  }

  /** The connection is gone, and another will come: what is not acknowledged is then sent again. */
  lose(): void {
    this.#state = "closed";
  }

  /** The connection is gone for good; returns the tokens of everything that was still waited for. */
  drop(): T[] {
    this.lose();
    this.#received.abandon();
    return this.#inFlight.clear();
  }

  #acknowledge(now?: number): void {
    if (this.#state !== "connected") return;
    for (const packet of this.#received.takeAcknowledgements()) this.#send(packet, now);
  }

  #publishReliably({ topic, payload, qos, retain, token }: OutgoingMessage<T>, now?: number): void {
    const packetId = this.#inFlight.nextId();
    // All of it at once: a field that is added later costs as much as all the others.
    const packet: PublishPacket = {
      type: "publish",
      topic,
      payload,
      qos,
      retain,
      dup: false,
      packetId,
    };
    this.#send(packet, now);
    this.counters.sent++;
    this.#inFlight.set(packetId, { kind: "publish", packet, token });
  }

  /** Nothing leaves after DISCONNECT, whatever still comes in. */
  #send(packet: Packet, now?: number): void {
    if (this.#state === "closed") return;
    this.#handler.send(packet);
    if (now !== undefined) this.#keepAlive.sent(now);
  }

  #receiveFirst(packet: Packet, now: number): void {
    if (packet.type !== "connack") {
      throw violation(
        "MQTT-3.2.0-1",
        `the first packet was ${packet.type.toUpperCase()}, not CONNACK`,
      );
    }
    const sessionPresent = this.#acceptConnack(packet);
    this.#state = "connected";
    this.#keepAlive.received(now);
    this.#received.resume({ sessionPresent });
    // Those the server took over, and has forgotten that it did.
    if (!sessionPresent) this.#inFlight.released().forEach((id) => this.#answers.takePubcomp(id));
    // Before anything new, whatever the program does when it hears of the connection.
    this.#sendAgain(sessionPresent, now);
    this.#handler.connected(sessionPresent);
  }

  /**
   * What the server has not acknowledged [MQTT-4.4.0-1]: the same messages if it has kept the session, marked as sent
   * before [MQTT-3.3.1-1], and otherwise new ones.
   */
  #sendAgain(dup: boolean, now: number): void {
    for (const [packetId, waiting] of this.#inFlight.entries()) {
      if (waiting.kind === "released" || waiting.kind === "publish") this.counters.resent++;
      if (waiting.kind === "released") this.#send({ type: "pubrel", packetId }, now);
      else if (waiting.kind === "publish") this.#send({ ...waiting.packet, dup }, now);
      else this.#send(waiting.packet, now);
    }
  }

  /** Whether the server has kept this session, and not that of another client id. */
  #acceptConnack(packet: ConnackPacket): boolean {
    checkConnack(packet, this.#connect);
    const before = this.#clientId;
    this.#clientId = this.#connect?.clientId;
    return packet.sessionPresent && (before === undefined || before === this.#clientId);
  }

  #receivePublish(packet: PublishPacket, now: number): void {
    if (packet.packetId === undefined) return this.#handler.message(packet, undefined);
    const delivery = this.#received.note(packet.packetId, packet);
    if (delivery) return this.#handler.message(packet, delivery);
    // It came before: answered now if the application is done with it, else when it will be.
    this.#acknowledge(now);
  }
}
