/** The errors that a client itself makes. */

import { ConnectionLostError, type HubwireError, ProtocolError } from "../errors.ts";
import type { ClientState } from "./state.ts";

/** The program closed the client. */
export function closedHere(): ConnectionLostError {
  return new ConnectionLostError("CONNECTION_CLOSED", {
    what: "The connection ended",
    why: "this program closed it",
    remedy: "Connect again.",
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

/** Something was to be sent and there is no connection. */
export function notConnected(state: ClientState): ConnectionLostError {
  return new ConnectionLostError("CONNECTION_LOST", {
    what: "Nothing can be sent",
    why: `the client is ${state}`,
    remedy: "Connect first.",
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
