/** Packets other than PUBLISH. */

import { checkInteger, checkQos } from "../../../src/codec/check_number.ts";
import type {
  ConnackPacket,
  Packet,
  PublishPacket,
  SubackPacket,
  SubscribePacket,
} from "../../../src/codec/mod.ts";
import { Scratch } from "./scratch.ts";
import { writeConnect } from "./write_connect.ts";
import { checkPacketId } from "./write_number.ts";
import type { TextField } from "./write_text.ts";

type ControlPacket = Exclude<Packet, PublishPacket>;

/** First bytes (section 2.2). */
export const FIRST_BYTES: Record<ControlPacket["type"], number> = {
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
};

const FILTER: TextField = { what: "a topic filter", kind: "topic filter" };

const scratch = new Scratch();

/** Encodes any packet but PUBLISH. */
export function encodeControlPacket(packet: ControlPacket): Uint8Array<ArrayBuffer> {
  scratch.clear();
  writeBody(packet);
  return scratch.packet(FIRST_BYTES[packet.type]);
}

function writeBody(packet: ControlPacket): void {
  switch (packet.type) {
    case "connect":
      return writeConnect(scratch, packet);
    case "connack":
      return writeConnack(packet);
    case "puback":
    case "pubrec":
    case "pubrel":
    case "pubcomp":
    case "unsuback":
      return writePacketId(packet);
    case "subscribe":
      writePacketId(packet);
      return writeSubscriptions(packet);
    case "suback":
      writePacketId(packet);
      return writeReturnCodes(packet);
    case "unsubscribe":
      writePacketId(packet);
      checkNotEmpty(packet.topicFilters, "UNSUBSCRIBE: it needs a topic filter [MQTT-3.10.3-2]");
      return packet.topicFilters.forEach((topicFilter) => scratch.string(topicFilter, FILTER));
    case "pingreq":
    case "pingresp":
    case "disconnect":
      return;
    default:
      throw new TypeError(`Cannot encode a packet of type ${(packet as { type: unknown }).type}`);
  }
}

function writePacketId({ type, packetId }: { type: string; packetId: number }): void {
  checkInteger(packetId, "a packet identifier");
  scratch.uint16(checkPacketId(packetId, type.toUpperCase()));
}

function writeConnack({ sessionPresent, returnCode }: ConnackPacket): void {
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
  scratch.bytes([sessionPresent ? 1 : 0, returnCode]);
}

function writeSubscriptions({ subscriptions }: SubscribePacket): void {
  checkNotEmpty(subscriptions, "SUBSCRIBE: it needs a topic filter [MQTT-3.8.3-3]");
  for (const { topicFilter, qos } of subscriptions) {
    scratch.string(topicFilter, FILTER);
    scratch.bytes([checkQos(qos)]);
  }
}

function writeReturnCodes({ returnCodes }: SubackPacket): void {
  checkNotEmpty(returnCodes, "SUBACK: it needs a return code for each filter [MQTT-3.8.4-5]");
  for (const code of returnCodes) {
    if (code === 0 || code === 1 || code === 2 || code === 128) continue;
    throw new RangeError(
      `Cannot encode SUBACK: return code ${code} is not 0, 1, 2 or 128 [MQTT-3.9.3-2]`,
    );
  }
  scratch.bytes(returnCodes);
}

function checkNotEmpty(list: readonly unknown[], problem: string): void {
  if (list.length === 0) throw new TypeError(`Cannot encode ${problem}`);
}
