/** Every packet but PUBLISH, each checked whole (sections 3.1, 3.2 and 3.4 to 3.14). */

import {
  MALFORMED_CONNACK_FLAGS,
  MALFORMED_LENGTH,
  MALFORMED_NO_FILTER,
  MALFORMED_NO_RETURN_CODE,
  MALFORMED_NO_SUBSCRIPTION,
  MALFORMED_PACKET_ID,
  MALFORMED_REQUESTED_QOS,
  MALFORMED_RETURN_CODE,
} from "./codes";
import { readUint16 } from "./bytes";
import { readConnect } from "./read_connect";
import { writeRow } from "./row";
import { fail } from "./status";
import { checkTopicFilter, fieldLength } from "./text";
import { NOT_KEPT } from "./topics";

const CONNECT: i32 = 1;
export const CONNACK: i32 = 2;
const SUBSCRIBE: i32 = 8;
const SUBACK: i32 = 9;
const UNSUBSCRIBE: i32 = 10;
const PINGREQ: i32 = 12;

/** Describes the packet whose body is `[body, next)`; false when it is malformed. */
export function readControlPacket(row: i32, first: u32, start: i32, body: i32, next: i32): bool {
  const type: i32 = first >> 4;
  if (type == CONNECT) return readConnect(row, first, start, body, next);
  if (type == CONNACK) return readConnack(row, first, start, body);
  if (type >= PINGREQ) {
    writeRow(row, first, 0, NOT_KEPT, 0, 0, body, 0, start);
    return true;
  }
  // All that is left begins with a packet identifier. Fixed sizes were checked with the header.
  if (body + 2 > next) return fail(MALFORMED_LENGTH, start + 1);
  const packetId = readUint16(body);
  if (packetId == 0) return fail(MALFORMED_PACKET_ID, body);
  const rest = body + 2;
  if (type == SUBACK && !checkReturnCodes(rest, next)) return false;
  if ((type == SUBSCRIBE || type == UNSUBSCRIBE) && !checkEntries(rest, next, type == SUBSCRIBE)) {
    return false;
  }
  writeRow(row, first, packetId, NOT_KEPT, 0, 0, rest, next - rest, start);
  return true;
}

function readConnack(row: i32, first: u32, start: i32, body: i32): bool {
  if (load<u8>(body) > 1) return fail(MALFORMED_CONNACK_FLAGS, body);
  writeRow(row, first, 0, NOT_KEPT, 0, 0, body, 2, start);
  return true;
}

function checkReturnCodes(start: i32, end: i32): bool {
  if (start == end) return fail(MALFORMED_NO_RETURN_CODE, start);
  for (let at = start; at < end; at++) {
    const code = load<u8>(at);
    if (code > 2 && code != 0x80) return fail(MALFORMED_RETURN_CODE, at);
  }
  return true;
}

function checkEntries(start: i32, end: i32, withQos: bool): bool {
  if (start == end) return fail(withQos ? MALFORMED_NO_SUBSCRIPTION : MALFORMED_NO_FILTER, start);
  let at = start;
  while (at < end) {
    const length = fieldLength(at, end);
    if (length < 0 || !checkTopicFilter(at + 2, length)) return false;
    at += 2 + length;
    if (!withQos) continue;
    if (at == end || load<u8>(at) > 2) return fail(MALFORMED_REQUESTED_QOS, at);
    at++;
  }
  return true;
}
