/** Checks of what will be sent, before anything is dialled or anybody asked: MQTT's own, by encoding it once. */

import { encodePacket } from "../codec/mod.ts";
import { checkArgument } from "./cli_error.ts";
import type { Flags } from "./flags.ts";

/** @throws {CliError} If nothing may be published under that topic. */
export function checkTopic(topic: string): void {
  checkArgument(`Cannot publish to ${JSON.stringify(topic)}`, () => {
    const payload = new Uint8Array();
    encodePacket({ type: "publish", topic, payload, qos: 0, retain: false, dup: false });
  });
}

/** @throws {CliError} If nobody can subscribe to that. */
export function checkTopicFilter(topicFilter: string): void {
  checkArgument(`Cannot subscribe to ${JSON.stringify(topicFilter)}`, () => {
    encodePacket({ type: "subscribe", packetId: 1, subscriptions: [{ topicFilter, qos: 0 }] });
  });
}

/** The quality of service that `-q` names; 0 unless it is given. */
export function readQos(flags: Flags<"qos">): 0 | 1 | 2 {
  const qos = flags.number("qos", { from: 0, to: 2 });
  return qos === 1 || qos === 2 ? qos : 0;
}
