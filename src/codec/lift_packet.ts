/** Makes packets of the rows that a scan left behind. */

import type { ConnectPacket, Packet, PublishPacket, Subscription } from "./packet.ts";
import { decodeText, topicName } from "./topic_names.ts";
import { FIRST_FIELD, memory, NEXT_ENTRY, wasm, words } from "./wasm.ts";

/** Words of a row, in order (`wasm/assembly/row.ts`). */
const PACKET_ID = 1;
const TOPIC_ID = 2;
const TOPIC_AT = 3;
const TOPIC_LENGTH = 4;
const BODY_AT = 5;
const BODY_LENGTH = 6;
/** Where a packet's first byte stands. */
export const START = 7;

const PUBLISH = 3;

const ACKNOWLEDGEMENTS = {
  4: "puback",
  5: "pubrec",
  6: "pubrel",
  7: "pubcomp",
  11: "unsuback",
} as const;

const EMPTY_PACKETS = { 12: "pingreq", 13: "pingresp", 14: "disconnect" } as const;

/** Whether the row describes a PUBLISH. */
export function isPublish(row: number): boolean {
  return words[row]! >> 4 === PUBLISH;
}

/** The PUBLISH of a row; its payload is a view of `bytes`, whose first byte had the address `base`. */
export function liftPublish(
  row: number,
  source: { bytes: Uint8Array<ArrayBuffer>; base: number },
): PublishPacket {
  const first = words[row]!;
  const id = words[row + TOPIC_ID]!;
  const packet: PublishPacket = {
    type: "publish",
    topic: id < 0 ? decodeText(words[row + TOPIC_AT]!, words[row + TOPIC_LENGTH]!) : topicName(id),
    payload: new Uint8Array(
      source.bytes.buffer,
      source.bytes.byteOffset + words[row + BODY_AT]! - source.base,
      words[row + BODY_LENGTH],
    ),
    qos: (first >> 1 & 3) as 0 | 1 | 2,
    retain: (first & 1) === 1,
    dup: (first & 8) === 8,
  };
  if (packet.qos > 0) packet.packetId = words[row + PACKET_ID]!;
  return packet;
}

/** Any other packet of a row, whose bytes are still in the codec's memory. */
export function liftControlPacket(row: number): Packet {
  const type = words[row]! >> 4;
  const packetId = words[row + PACKET_ID]!;
  const at = words[row + BODY_AT]!;
  const end = at + words[row + BODY_LENGTH]!;
  switch (type) {
    case 1:
      return liftConnect(at, end);
    case 2:
      return { type: "connack", sessionPresent: packetId >> 8 === 1, returnCode: packetId & 0xff };
    case 8:
      return { type: "subscribe", packetId, subscriptions: listSubscriptions(at, end, true) };
    case 9:
      return { type: "suback", packetId, returnCodes: Array.from(memory.subarray(at, end)) };
    case 10:
      return {
        type: "unsubscribe",
        packetId,
        topicFilters: listSubscriptions(at, end, false).map((entry) => entry.topicFilter),
      };
    case 12:
    case 13:
    case 14:
      return { type: EMPTY_PACKETS[type] };
    default:
      return { type: ACKNOWLEDGEMENTS[type as keyof typeof ACKNOWLEDGEMENTS], packetId };
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
