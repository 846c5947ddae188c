/** Every packet but PUBLISH, each checked whole (sections 3.1, 3.2 and 3.4 to 3.14). */

import { checkTopicFilter, fieldLength } from "./check_text.ts";
import {
  CONNACK_FLAGS,
  LENGTH,
  NO_FILTER,
  NO_PACKET_ID,
  NO_RETURN_CODE,
  NO_SUBSCRIPTION,
  REQUESTED_QOS,
  RETURN_CODE,
} from "./codes.ts";
import { NOT_KEPT } from "./kept_topics.ts";
import { checkConnect } from "./read_connect.ts";
import { fail, writeRow } from "./rows.ts";

const CONNECT = 1;
const CONNACK = 2;
const SUBSCRIBE = 8;
const SUBACK = 9;
const UNSUBSCRIBE = 10;
const PINGREQ = 12;

/** Describes a packet other than PUBLISH, whose body is `[body, next)`; false when it is malformed. */
export function readControlPacket(
  view: DataView,
  row: number,
  first: number,
  start: number,
  body: number,
  next: number,
): boolean {
  const type = first >> 4;
  let packetId = 0;
  let rest = body;
  if (type === CONNECT) {
    if (!checkConnect(view, start, body, next)) return false;
  } else if (type === CONNACK) {
    if (view.getUint8(body) > 1) return fail(CONNACK_FLAGS, body);
  } else if (type < PINGREQ) {
    // All that is left begins with a packet identifier. Fixed sizes were checked with the header.
    rest = body + 2;
    if (rest > next) return fail(LENGTH, start + 1);
    packetId = view.getUint16(body);
    if (packetId === 0) return fail(NO_PACKET_ID, body);
    if (!checkRest(view, type, rest, next)) return false;
  }
  writeRow(row, first, packetId, NOT_KEPT, rest, 0, rest, next - rest, start);
  return true;
}

function checkRest(view: DataView, type: number, start: number, end: number): boolean {
  switch (type) {
    case SUBSCRIBE:
      return start < end ? checkSubscriptions(view, start, end) : fail(NO_SUBSCRIPTION, start);
    case SUBACK:
      return start < end ? checkReturnCodes(view, start, end) : fail(NO_RETURN_CODE, start);
    case UNSUBSCRIBE:
      return start < end ? checkFilters(view, start, end) : fail(NO_FILTER, start);
    default:
      return true;
  }
}

function checkReturnCodes(view: DataView, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = view.getUint8(at);
    if (code > 2 && code !== 0x80) return fail(RETURN_CODE, at);
  }
  return true;
}

function checkSubscriptions(view: DataView, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const length = fieldLength(view, at, end);
    if (length < 0 || !checkTopicFilter(view, at + 2, length)) return false;
    at += 2 + length;
    if (at === end || view.getUint8(at) > 2) return fail(REQUESTED_QOS, at);
  }
  return true;
}

function checkFilters(view: DataView, start: number, end: number): boolean {
  for (let at = start; at < end;) {
    const length = fieldLength(view, at, end);
    if (length < 0 || !checkTopicFilter(view, at + 2, length)) return false;
    at += 2 + length;
  }
  return true;
}
