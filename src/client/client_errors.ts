/** The errors that a client itself makes. */

import {
  ConnectionLostError,
  type HubwireError,
  OutboxFullError,
  ProtocolError,
  StoreError,
} from "../errors.ts";
import type { ClientState } from "./state.ts";

/** The program closed the client. */
export function closedHere(): ConnectionLostError {
  return new ConnectionLostError("CONNECTION_CLOSED", {
    what: "The connection ended",
    why: "this program closed it",
    remedy: "Connect again.",
  });
}

/** Another connection of this client has taken its place. */
export function replaced(): ConnectionLostError {
  return new ConnectionLostError("CONNECTION_CLOSED", {
    what: "The connection ended",
    why: "another one of this client has taken its place",
    remedy: "Nothing is to be done.",
  });
}

/** Whether a connection ended because this program wanted it. */
export function isOwnDoing(reason: HubwireError): boolean {
  return reason.code === "CONNECTION_CLOSED";
}

/** Whoever was asked on the way to another connection threw what is no error of ours. */
export function cannotComeBack(cause: unknown): ConnectionLostError {
  return new ConnectionLostError("CONNECTION_LOST", {
    what: "Cannot connect again",
    why: cause instanceof Error ? cause.message : "what was asked on the way threw something",
    remedy: "See its cause.",
    cause,
  });
}

/** The server ended the connection: early, if it has not answered CONNECT yet. */
export function closedByServer(
  address: string,
  { isEarly }: { isEarly: boolean },
): ConnectionLostError {
  return new ConnectionLostError("CONNECTION_LOST", {
    what: `Lost the connection to ${address}`,
    why: isEarly ? "the server closed it without an answer to CONNECT" : "the server closed it",
    remedy: isEarly
      ? "Check the device's certificate, its id and the user name: a hub may close where it refuses."
      : "Connect again.",
  });
}

/** Something was to be sent and there is no connection. */
export function notConnected(state: ClientState): ConnectionLostError {
  return new ConnectionLostError("CONNECTION_LOST", {
    what: "Nothing can be sent",
    why: `the client is ${state}`,
    remedy: "Connect first.",
  });
}

/** Nothing stores this message. */
export function neverStored(qos: number): TypeError {
  return new TypeError(
    qos === 0
      ? "Cannot wait until a message is stored: at QoS 0 none is; publish it at QoS 1 or 2"
      : "Cannot wait until a message is stored: the client has no outbox; give it one",
  );
}

/** A message was stored, and dropped again before it could leave. */
export function droppedFromOutbox(): OutboxFullError {
  return new OutboxFullError("OUTBOX_FULL", {
    what: "The message will not be delivered",
    why: "the outbox was full, and dropped it to make room for a newer one",
    remedy: "Allow the outbox more, or let it wait where it is full.",
  });
}

/** Two clients were given the same outbox. */
export function outboxInUse(): StoreError {
  return new StoreError("STORE_BUSY", {
    what: "Cannot use the outbox",
    why: "another client of this program uses it",
    remedy: "Give every client an outbox of its own, or close the other one first.",
  });
}

/** The return code of SUBACK for a refused filter. */
export const REFUSED = 128;

/**
 * The QoS that a return code of SUBACK grants.
 *
 * @throws {ProtocolError} `MQTT_SUBSCRIPTION_REFUSED` if it is {@linkcode REFUSED}.
 */
export function grantedQos(returnCode: number | undefined, topicFilter: string): 0 | 1 | 2 {
  if (returnCode === REFUSED) throw subscriptionRefused(topicFilter);
  return returnCode as 0 | 1 | 2;
}

/** SUBACK said {@linkcode REFUSED}. */
export function subscriptionRefused(topicFilter: string): ProtocolError {
  return new ProtocolError("MQTT_SUBSCRIPTION_REFUSED", {
    what: `Cannot subscribe to ${topicFilter}`,
    why: "the server refused the topic filter",
    remedy: "Check that this client may read these topics.",
  }, { party: "remote", statement: "3.9.3" });
}
