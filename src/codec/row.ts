/** What the rows of a scan hold (`wasm/assembly/row.ts`): indexes from a row's own in `words`. */

import type { Packet } from "./packet.ts";
import { words } from "./wasm.ts";

/** The first byte of the packet. */
export const FIRST = 0;
/** Packet identifier, 0 for none; of a CONNACK its flags and return code. */
export const PACKET_ID = 1;
/** Of a PUBLISH: its topic's id, and where the topic stands. An id without a name says that it is not kept, or no PUBLISH. */
export const TOPIC_ID = 2;
export const TOPIC_AT = 3;
export const TOPIC_LENGTH = 4;
/** What follows all that: the payload of a PUBLISH. */
export const BODY_AT = 5;
export const BODY_LENGTH = 6;
/** Where the packet's first byte stands. */
export const START = 7;

const PUBLISH = 3;

/** Whether the row describes a PUBLISH. */
export function isPublish(row: number): boolean {
  return words[row]! >> 4 === PUBLISH;
}

const TYPES: readonly Packet["type"][] = [
  "connect",
  "connack",
  "publish",
  "puback",
  "pubrec",
  "pubrel",
  "pubcomp",
  "subscribe",
  "suback",
  "unsubscribe",
  "unsuback",
  "pingreq",
  "pingresp",
  "disconnect",
];

/** The packet type that a first byte says. */
export function packetType(first: number): Packet["type"] {
  return TYPES[(first >> 4) - 1]!;
}

/** The QoS that the first byte of a PUBLISH says. */
export function qosOf(first: number): 0 | 1 | 2 {
  return (first >> 1 & 3) as 0 | 1 | 2;
}

/** Whether the first byte of a PUBLISH says that the server has kept it. */
export function isRetained(first: number): boolean {
  return (first & 1) === 1;
}

/** Whether the first byte of a PUBLISH says that it was sent before. */
export function isDuplicate(first: number): boolean {
  return (first & 8) === 8;
}
