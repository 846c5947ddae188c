/** PUBLISH (section 3.3): all but the payload is looked at, which may therefore be elsewhere. */

import {
  MALFORMED_EMPTY_TOPIC,
  MALFORMED_OVERRUN,
  MALFORMED_PACKET_ID,
} from "./codes";
import { readUint16 } from "./bytes";
import { ROW_SIZE } from "./layout";
import { writeRow } from "./row";
import { fail } from "./status";
import { identifyTopic, REFUSED } from "./topics";

export const PUBLISH: i32 = 3;
export const BOTH_QOS_BITS: u32 = 6;

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
 * Describes PUBLISH packets, of which most streams consist, until anything else comes: another type, a length of three bytes,
 * a packet that is not whole or not in order. That is left to the general way. Returns the row behind the last one.
 */
export function readPublishes(row: i32, lastRow: i32, start: i32, end: i32, maximumPacketSize: i32): i32 {
  let at = start;
  while (row <= lastRow) {
    // What stands behind the end is read too, and never believed: the packet would not be whole.
    const first: u32 = load<u8>(at);
    if (first >> 4 != PUBLISH || (first & BOTH_QOS_BITS) == BOTH_QOS_BITS) break;
    let remaining: i32 = load<u8>(at, 1);
    let body = at + 2;
    if (remaining > 127) {
      const high: i32 = load<u8>(at, 2);
      if (high > 127) break;
      remaining = (remaining & 0x7f) | (high << 7);
      body++;
    }
    const next = body + remaining;
    if (next > end || next - at > maximumPacketSize) break;
    if (!readPublish(row, first, at, body, next)) break;
    row += ROW_SIZE;
    at = next;
  }
  return row;
}
