/** What the rows of a scan hold (`wasm/assembly/row.ts`): indexes from a row's own in `words`. */

import type { Packet } from "./packet.ts";
import { words } from "./wasm.ts";

/** The first byte of the packet. */
export const FIRST = 0;
/** Packet identifier, 0 for none; of a CONNACK its flags and return code. */
export const PACKET_ID = 1;
/** Of a PUBLISH: its topic's id, negative where it has none, and where the topic stands. */
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

/** The type of the packet. */
export function packetType(row: number): Packet["type"] {
  return TYPES[(words[row]! >> 4) - 1]!;
}
