/** PUBLISH (section 3.3): all but the payload is looked at, which may therefore be elsewhere. */

import {
  MALFORMED_EMPTY_TOPIC,
  MALFORMED_OVERRUN,
  MALFORMED_PACKET_ID,
} from "./codes";
import { readUint16 } from "./bytes";
import { writeRow } from "./row";
import { fail } from "./status";
import { identifyTopic, REFUSED } from "./topics";

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
