import { checkInteger, checkQos } from "../../../src/codec/check_number.ts";
import type { PublishPacket } from "../../../src/codec/mod.ts";
import { refuse } from "./refuse.ts";
import { topicBytes } from "./topic_bytes.ts";
import { checkPacketId, lengthSize, writeRemainingLength, writeUint16 } from "./write_number.ts";

const DUP = 8;
const LARGEST_REMAINING_LENGTH = 268_435_455;

/** A PUBLISH that was found good, all but its payload. */
export interface PublishHead {
  first: number;
  topic: Uint8Array;
  packetId: number;
  remaining: number;
}

/** The head of a PUBLISH, or an error when it may not be sent. */
export function checkPublish(packet: PublishPacket): PublishHead {
  const { payload, qos, packetId = 0 } = packet;
  if (!(payload instanceof Uint8Array)) {
    throw new TypeError("Cannot encode PUBLISH: its payload is not a Uint8Array");
  }
  const first = 0x30 | checkQos(qos) << 1 | (packet.retain ? 1 : 0) | (packet.dup ? DUP : 0);
  checkInteger(packetId, "a packet identifier");
  const topic = topicBytes(packet.topic);
  if (qos > 0) checkPacketId(packetId, "PUBLISH");
  else if (packetId !== 0) refuse("qos0PacketId", "PUBLISH", packetId);
  else if ((first & DUP) !== 0) refuse("dup", "PUBLISH", first);
  const remaining = topic.length + (qos > 0 ? 2 : 0) + payload.length;
  if (remaining > LARGEST_REMAINING_LENGTH) refuse("size", "PUBLISH", payload.length);
  return { first, topic, packetId, remaining };
}

/** How many bytes the whole packet takes. */
export function publishSize({ remaining }: PublishHead): number {
  return 1 + lengthSize(remaining) + remaining;
}

/** Writes all but the payload; returns the index where that goes. */
export function writePublishHead(out: Uint8Array, at: number, head: PublishHead): number {
  const { first, topic, packetId, remaining } = head;
  out[at] = first;
  const topicAt = writeRemainingLength(out, at + 1, remaining);
  out.set(topic, topicAt);
  const end = topicAt + topic.length;
  return packetId === 0 ? end : writeUint16(out, end, packetId);
}
