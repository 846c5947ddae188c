/** PUBLISH (section 3.3). */

import { EMPTY_TOPIC, NO_PACKET_ID, OVERRUN } from "./codes.ts";
import { identifyTopic, REFUSED } from "./kept_topics.ts";
import { fail, writeRow } from "./rows.ts";

/** Describes the PUBLISH whose body is `[body, next)`; false when it is malformed. */
export function readPublish(
  view: DataView,
  row: number,
  first: number,
  start: number,
  body: number,
  next: number,
): boolean {
  const topicAt = body + 2;
  if (topicAt > next) return fail(OVERRUN, body);
  const topicLength = view.getUint16(body);
  if (topicLength === 0) return fail(EMPTY_TOPIC, body);
  let payloadAt = topicAt + topicLength;
  if (payloadAt > next) return fail(OVERRUN, body);
  let packetId = 0;
  if ((first & 6) !== 0) {
    if (payloadAt + 2 > next) return fail(NO_PACKET_ID, payloadAt);
    packetId = view.getUint16(payloadAt);
    if (packetId === 0) return fail(NO_PACKET_ID, payloadAt);
    payloadAt += 2;
  }
  const topicId = identifyTopic(view, topicAt, topicLength);
  if (topicId === REFUSED) return false;
  writeRow(row, first, packetId, topicId, topicAt, topicLength, payloadAt, next - payloadAt, start);
  return true;
}
