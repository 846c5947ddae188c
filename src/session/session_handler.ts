/** What a session is told, and whom it tells what it wants done. */

import type { Packet, PublishPacket, Subscription } from "../codec/packet.ts";
import type { Delivery } from "./received.ts";

/** What a session is about. */
export interface SessionOptions {
  /** How long CONNACK may take, in milliseconds. */
  connackDeadlineMs: number;
  /** How long PINGRESP may take, in milliseconds. */
  pingDeadlineMs: number;
}

/** Who does what a session wants done. `T` is the caller's mark for something it waits for. */
export interface SessionHandler<T> {
  /** Send this packet behind all others. */
  send(packet: Packet): void;
  /** CONNACK accepted the connection. */
  connected(sessionPresent: boolean): void;
  /** A message came; with a delivery it wants {@linkcode Session.finish}. */
  message(packet: PublishPacket, delivery: Delivery | undefined): void;
  /** The server has taken over responsibility for a message, or has ended a subscription. */
  acknowledged(token: T): void;
  /** The server answered SUBSCRIBE: a granted QoS or 128 for each filter. */
  subscribed(token: T, returnCodes: number[]): void;
}

/** A message to be sent. */
export interface OutgoingMessage<T> {
  topic: string;
  payload: Uint8Array;
  qos: 0 | 1 | 2;
  retain: boolean;
  /** Comes back with the acknowledgement; not used at QoS 0. */
  token: T;
}

/** Subscriptions to be asked for. */
export interface OutgoingSubscribe<T> {
  subscriptions: Subscription[];
  /** Comes back with SUBACK. */
  token: T;
}

/** Subscriptions to be ended. */
export interface OutgoingUnsubscribe<T> {
  topicFilters: string[];
  /** Comes back with UNSUBACK. */
  token: T;
}
