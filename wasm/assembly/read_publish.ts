/** PUBLISH (section 3.3): all but the payload is looked at, which may therefore be elsewhere. */

import {
  MALFORMED_EMPTY_TOPIC,
  MALFORMED_OVERRUN,
  MALFORMED_PACKET_ID,
} from "./codes";
import { isSame, readUint16 } from "./bytes";
import { ROW_SIZE } from "./layout";
import { writeRow } from "./row";
import { fail } from "./status";
import { findTopic, identifyTopic, lastId, lastLength, lastPointer, REFUSED } from "./topics";

export const PUBLISH: i32 = 3;

/** Describes the PUBLISH whose body is `[body, next)`; false when it is malformed. */
// @ts-ignore: decorator
@inline
export function readPublish(row: i32, first: u32, start: i32, body: i32, next: i32): bool {
  const qos = (first >> 1) & 3;
  const topicAt = body + 2;
  if (topicAt > next) return fail(MALFORMED_OVERRUN, body);
  const topicLength = readUint16(body);
  if (topicLength == 0) return fail(MALFORMED_EMPTY_TOPIC, body);
  let payloadAt = topicAt + topicLength;
  if (payloadAt > next) return fail(MALFORMED_OVERRUN, body);
  let packetId = 0;
  if (qos > 0) {
    if (payloadAt + 2 > next) return fail(MALFORMED_PACKET_ID, payloadAt);
    packetId = readUint16(payloadAt);
    if (packetId == 0) return fail(MALFORMED_PACKET_ID, payloadAt);
    payloadAt += 2;
  }
  const topicId = identifyTopic(topicAt, topicLength);
  if (topicId == REFUSED) return false;
  writeRow(row, first, packetId, topicId, topicAt, topicLength, payloadAt, next - payloadAt, start);
  return true;
}

/**
 * Describes PUBLISH packets, the usual kind of stream, until something else comes or one is not whole or not in order:
 * that is left to `readPublish`. Returns the row behind the last one.
 */
export function readPublishes(row: i32, lastRow: i32, start: i32, end: i32, maximumPacketSize: i32): i32 {
  // Locals: to read a global costs a load each time.
  let known = lastPointer;
  let knownLength = lastLength;
  let at = start;
  while (row <= lastRow && at + 4 <= end) {
    const first: u32 = load<u8>(at);
    if (first >> 4 != PUBLISH) break;
    let remaining: i32 = load<u8>(at, 1);
    let body = at + 2;
    if (remaining >= 0x80) {
      const high: i32 = load<u8>(at, 2);
      if (high >= 0x80) break;
      remaining = (remaining & 0x7f) | (high << 7);
      body++;
    }
    const next = body + remaining;
    if (next > end || next - at > maximumPacketSize) break;
    const topicAt = body + 2;
    const topicLength = readUint16(body);
    let payloadAt = topicAt + topicLength;
    const qos = (first >> 1) & 3;
    let packetId = 0;
    if (qos > 0) {
      packetId = readUint16(payloadAt);
      if (packetId == 0 || qos == 3) break;
      payloadAt += 2;
    }
    if (payloadAt > next) break;
    let topicId = lastId;
    if (topicLength != knownLength || !isSame(topicAt, known, topicLength)) {
      topicId = findTopic(topicAt, topicLength);
      if (topicId == REFUSED) break;
      known = lastPointer;
      knownLength = lastLength;
    }
    writeRow(row, first, packetId, topicId, topicAt, topicLength, payloadAt, next - payloadAt, at);
    row += ROW_SIZE;
    at = next;
  }
  return row;
}
