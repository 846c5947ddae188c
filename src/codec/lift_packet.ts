/** Makes packets of the rows that a scan left behind. */

import type { ConnectPacket, ControlPacket, PublishPacket, Subscription } from "./packet.ts";
import type { RowSource } from "./byte_window.ts";
import {
  BODY_AT,
  BODY_LENGTH,
  isDuplicate,
  isRetained,
  PACKET_ID,
  packetType,
  qosOf,
  TOPIC_AT,
  TOPIC_ID,
  TOPIC_LENGTH,
} from "./row.ts";
import { decodeText, topicName } from "./topic_names.ts";
import { FIRST_FIELD, memory, NEXT_ENTRY, wasm, words } from "./wasm.ts";

/** The PUBLISH of a row; its payload is a view of the source. */
export function liftPublish(row: number, source: RowSource): PublishPacket {
  const first = words[row]!;
  const topic = topicOf(row);
  const payload = new Uint8Array(
    source.buffer,
    words[row + BODY_AT]! - source.base,
    words[row + BODY_LENGTH],
  );
  const qos = qosOf(first);
  const retain = isRetained(first);
  const dup = isDuplicate(first);
  // A literal each: a field that is added later costs as much as all the others.
  if (qos === 0) return { type: "publish", topic, payload, qos, retain, dup };
  return { type: "publish", topic, payload, qos, retain, dup, packetId: words[row + PACKET_ID]! };
}

/** The topic of a PUBLISH: the same string for the same topic, if it is one that is kept. */
export function topicOf(row: number): string {
  return topicName(words[row + TOPIC_ID]!) ??
    decodeText(words[row + TOPIC_AT]!, words[row + TOPIC_LENGTH]!);
}

/** Any other packet of a row, whose bytes are still in the codec's memory. */
export function liftControlPacket(row: number): ControlPacket {
  const type = packetType(words[row]!) as ControlPacket["type"];
  const packetId = words[row + PACKET_ID]!;
  const at = words[row + BODY_AT]!;
  const end = at + words[row + BODY_LENGTH]!;
  switch (type) {
    case "connect":
      return liftConnect(at, end);
    case "connack":
      return { type, sessionPresent: memory[at] === 1, returnCode: memory[at + 1]! };
    case "subscribe":
      return { type, packetId, subscriptions: listSubscriptions(at, end, true) };
    case "suback":
      return { type, packetId, returnCodes: Array.from(memory.subarray(at, end)) };
    case "unsubscribe":
      return {
        type,
        packetId,
        topicFilters: listSubscriptions(at, end, false).map((entry) => entry.topicFilter),
      };
    case "pingreq":
    case "pingresp":
    case "disconnect":
      return { type };
    default:
      return { type, packetId };
  }
}

/** The fields of `wasm/assembly/read_connect.ts`: two words each, the first two hold flags and keep-alive. */
const CLIENT_ID = 1;
const WILL_TOPIC = 2;
const WILL_PAYLOAD = 3;
const USER_NAME = 4;
const PASSWORD = 5;

function liftConnect(body: number, end: number): ConnectPacket {
  wasm.readFields(body, end);
  const flags = words[FIRST_FIELD]!;
  const packet: ConnectPacket = {
    type: "connect",
    clientId: textField(CLIENT_ID),
    cleanSession: (flags & 2) === 2,
    keepAliveSeconds: words[FIRST_FIELD + 1]!,
  };
  if (isPresent(USER_NAME)) packet.username = textField(USER_NAME);
  if (isPresent(PASSWORD)) packet.password = binaryField(PASSWORD);
  if (isPresent(WILL_TOPIC)) {
    packet.will = {
      topic: textField(WILL_TOPIC),
      payload: binaryField(WILL_PAYLOAD),
      qos: (flags >> 3 & 3) as 0 | 1 | 2,
      retain: (flags & 32) === 32,
    };
  }
  return packet;
}

function isPresent(field: number): boolean {
  return words[FIRST_FIELD + field * 2 + 1]! >= 0;
}

function textField(field: number): string {
  return decodeText(words[FIRST_FIELD + field * 2]!, words[FIRST_FIELD + field * 2 + 1]!);
}

function binaryField(field: number): Uint8Array {
  const at = words[FIRST_FIELD + field * 2]!;
  return memory.slice(at, at + words[FIRST_FIELD + field * 2 + 1]!);
}

function listSubscriptions(at: number, end: number, withQos: boolean): Subscription[] {
  const subscriptions: Subscription[] = [];
  while (at < end) {
    const count = wasm.listEntries(at, end, withQos ? 1 : 0);
    for (let entry = FIRST_FIELD; entry < FIRST_FIELD + count * 3; entry += 3) {
      subscriptions.push({
        topicFilter: decodeText(words[entry]!, words[entry + 1]!),
        qos: words[entry + 2] as 0 | 1 | 2,
      });
    }
    at = words[NEXT_ENTRY]!;
  }
  return subscriptions;
}
