/** Makes packets of rows. */

import type { ConnectPacket, Packet, PublishPacket } from "../../../src/codec/mod.ts";
import { Fields } from "./fields.ts";
import { topicName } from "./kept_topics.ts";
import type { OwnedBytes } from "./own_bytes.ts";
import {
  CLEAN_SESSION,
  PASSWORD,
  USER_NAME,
  VARIABLE_HEADER_SIZE,
  WILL,
  WILL_QOS,
  WILL_RETAIN,
} from "./read_connect.ts";
import {
  BODY_AT,
  BODY_LENGTH,
  FIRST_BYTE,
  PACKET_ID,
  TOPIC_AT,
  TOPIC_ID,
  TOPIC_LENGTH,
  word,
} from "./rows.ts";
import type { Bytes } from "./windows.ts";

/** The names of the packet types by their number. */
export const TYPE_NAMES: readonly (Packet["type"] | "")[] = [
  "",
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

const PUBLISH = 3;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Whether the row describes a PUBLISH. */
export function isPublish(row: number): boolean {
  return word(row + FIRST_BYTE) >> 4 === PUBLISH;
}

/** The topic of a row, which describes a PUBLISH. */
export function liftTopic(row: number, { array }: Bytes): string {
  const id = word(row + TOPIC_ID);
  if (id >= 0) return topicName(id);
  const at = word(row + TOPIC_AT);
  return decoder.decode(array.subarray(at, at + word(row + TOPIC_LENGTH)));
}

/** The PUBLISH of a row; its payload is a view of `owned`, which begins with byte `base` of the source. */
export function liftPublish(
  row: number,
  source: Bytes,
  { owned, base }: OwnedBytes,
): PublishPacket {
  const first = word(row + FIRST_BYTE);
  const at = owned.byteOffset + word(row + BODY_AT) - base;
  const packet: PublishPacket = {
    type: "publish",
    topic: liftTopic(row, source),
    payload: new Uint8Array(owned.buffer, at, word(row + BODY_LENGTH)),
    qos: (first >> 1 & 3) as 0 | 1 | 2,
    retain: (first & 1) === 1,
    dup: (first & 8) === 8,
  };
  if (packet.qos > 0) packet.packetId = word(row + PACKET_ID);
  return packet;
}

/** Any other packet of a row. */
export function liftControlPacket(row: number, source: Bytes): Packet {
  const type = TYPE_NAMES[word(row + FIRST_BYTE) >> 4];
  const packetId = word(row + PACKET_ID);
  const fields = new Fields(source, word(row + BODY_AT), word(row + BODY_LENGTH));
  switch (type) {
    case "connect":
      return liftConnect(fields);
    case "connack":
      return { type, sessionPresent: fields.byte() === 1, returnCode: fields.byte() };
    case "subscribe":
      return {
        type,
        packetId,
        subscriptions: fields.list(() => ({
          topicFilter: fields.text(),
          qos: fields.byte() as 0 | 1 | 2,
        })),
      };
    case "suback":
      return { type, packetId, returnCodes: fields.list(() => fields.byte()) };
    case "unsubscribe":
      return { type, packetId, topicFilters: fields.list(() => fields.text()) };
    case "pingreq":
    case "pingresp":
    case "disconnect":
      return { type };
    case "puback":
    case "pubrec":
    case "pubrel":
    case "pubcomp":
    case "unsuback":
      return { type, packetId };
    default:
      throw new Error(`Bug: a row of type ${type}`);
  }
}

function liftConnect(fields: Fields): ConnectPacket {
  fields.skip(VARIABLE_HEADER_SIZE - 3);
  const flags = fields.byte();
  const keepAliveSeconds = fields.byte() << 8 | fields.byte();
  const packet: ConnectPacket = {
    type: "connect",
    clientId: fields.text(),
    cleanSession: (flags & CLEAN_SESSION) !== 0,
    keepAliveSeconds,
  };
  if ((flags & WILL) !== 0) {
    const qos = (flags & WILL_QOS) >> 3 as 0 | 1 | 2;
    const retain = (flags & WILL_RETAIN) !== 0;
    packet.will = { topic: fields.text(), payload: fields.binary(), qos, retain };
  }
  if ((flags & USER_NAME) !== 0) packet.username = fields.text();
  if ((flags & PASSWORD) !== 0) packet.password = fields.binary();
  return packet;
}
