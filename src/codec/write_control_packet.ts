/** Packets other than PUBLISH, put together in the output area of the codec's memory. */

import { checkInteger, checkQos } from "./check_number.ts";
import { invalidPacket } from "./invalid_packet.ts";
import type {
  AcknowledgementPacket,
  ConnackPacket,
  ControlPacket,
  SubackPacket,
  SubscribePacket,
  UnsubscribePacket,
} from "./packet.ts";
import { HEAD_ROOM, memory, OUTPUT, wasm } from "./wasm.ts";
import { writeConnect } from "./write_connect.ts";
import { AS_TOPIC_FILTER, checkRoom, writeString } from "./write_field.ts";

/** A packet that lies in the codec's memory until the next one is written there. */
export interface WrittenPacket {
  /** Address of its first byte. */
  start: number;
  /** Address behind its last byte. */
  end: number;
}

/** First bytes (section 2.2). */
const FIRST_BYTES = {
  connect: 0x10,
  connack: 0x20,
  puback: 0x40,
  pubrec: 0x50,
  pubrel: 0x62,
  pubcomp: 0x70,
  subscribe: 0x82,
  suback: 0x90,
  unsubscribe: 0xa2,
  unsuback: 0xb0,
  pingreq: 0xc0,
  pingresp: 0xd0,
  disconnect: 0xe0,
} as const;

/** Bodies begin here, with room for the fixed header before them. */
const BODY = OUTPUT + HEAD_ROOM;

const FILTER = { what: "a topic filter", kind: AS_TOPIC_FILTER };

/**
 * Writes any packet but PUBLISH into the output area.
 *
 * @throws {TypeError | RangeError} If MQTT 3.1.1 forbids the packet.
 */
export function writeControlPacket(packet: ControlPacket): WrittenPacket {
  const end = writeBody(packet);
  return { start: wasm.writeHeader(BODY, end, FIRST_BYTES[packet.type]), end };
}

/** Writes an acknowledgement, four bytes, to address `at` of any part of memory; returns the address behind it. */
export function writeAcknowledgement(at: number, packet: AcknowledgementPacket): number {
  const packetId = checkInteger(packet.packetId, "a packet identifier");
  const end = wasm.writeAcknowledgement(at, FIRST_BYTES[packet.type], packetId);
  if (end < 0) throw invalidPacket(packet.type.toUpperCase());
  return end;
}

function writeBody(packet: ControlPacket): number {
  switch (packet.type) {
    case "connect":
      return writeConnect(BODY, packet);
    case "connack":
      return writeConnack(packet);
    case "puback":
    case "pubrec":
    case "pubrel":
    case "pubcomp":
    case "unsuback":
      return writePacketId(packet);
    case "subscribe":
      return writeSubscribe(packet);
    case "suback":
      return writeSuback(packet);
    case "unsubscribe":
      return writeUnsubscribe(packet);
    case "pingreq":
    case "pingresp":
    case "disconnect":
      return BODY;
    default:
      throw new TypeError(`Cannot encode a packet of type ${(packet as { type: unknown }).type}`);
  }
}

function writePacketId({ type, packetId }: { type: string; packetId: number }): number {
  const end = wasm.writePacketId(BODY, checkInteger(packetId, "a packet identifier"));
  if (end < 0) throw invalidPacket(type.toUpperCase());
  return end;
}

function writeConnack({ sessionPresent, returnCode }: ConnackPacket): number {
  if (!Number.isInteger(returnCode) || returnCode < 0 || returnCode > 5) {
    throw new RangeError(
      `Cannot encode CONNACK: return code ${returnCode} is not 0 to 5 [3.2.2.3]`,
    );
  }
  if (sessionPresent && returnCode !== 0) {
    throw new TypeError(
      "Cannot encode CONNACK: no session is present with a refusal [MQTT-3.2.2-4]",
    );
  }
  memory[BODY] = sessionPresent ? 1 : 0;
  memory[BODY + 1] = returnCode;
  return BODY + 2;
}

function writeSubscribe(packet: SubscribePacket): number {
  let at = writePacketId(packet);
  checkNotEmpty(packet.subscriptions, "SUBSCRIBE: it needs a topic filter [MQTT-3.8.3-3]");
  for (const { topicFilter, qos } of packet.subscriptions) {
    at = writeString(at, topicFilter, FILTER);
    memory[checkRoom(at, 1)] = checkQos(qos);
    at++;
  }
  return at;
}

function writeUnsubscribe(packet: UnsubscribePacket): number {
  let at = writePacketId(packet);
  checkNotEmpty(packet.topicFilters, "UNSUBSCRIBE: it needs a topic filter [MQTT-3.10.3-2]");
  for (const topicFilter of packet.topicFilters) at = writeString(at, topicFilter, FILTER);
  return at;
}

function writeSuback(packet: SubackPacket): number {
  const at = writePacketId(packet);
  checkNotEmpty(
    packet.returnCodes,
    "SUBACK: it needs a return code for each filter [MQTT-3.8.4-5]",
  );
  for (const code of packet.returnCodes) {
    if (code === 0 || code === 1 || code === 2 || code === 128) continue;
    throw new RangeError(
      `Cannot encode SUBACK: return code ${code} is not 0, 1, 2 or 128 [MQTT-3.9.3-2]`,
    );
  }
  memory.set(packet.returnCodes, checkRoom(at, packet.returnCodes.length));
  return at + packet.returnCodes.length;
}

function checkNotEmpty(list: readonly unknown[], problem: string): void {
  if (list.length === 0) throw new TypeError(`Cannot encode ${problem}`);
}
