/** CONNECT (section 3.1): checked during the scan, its fields listed on demand. */

import {
  MALFORMED_CONNECT_FLAGS,
  MALFORMED_LENGTH,
  MALFORMED_PASSWORD_FLAG,
  MALFORMED_PROTOCOL_LEVEL,
  MALFORMED_PROTOCOL_NAME,
  MALFORMED_TRAILING,
  MALFORMED_WILL_FLAGS,
} from "./codes";
import { FIELDS } from "./layout";
import { readUint16 } from "./bytes";
import { writeRow } from "./row";
import { NOT_KEPT } from "./topics";
import { fail } from "./status";
import { checkText, checkTopicName, fieldLength } from "./text";

const WILL: u32 = 0x04;
const WILL_QOS_AND_RETAIN: u32 = 0x38;
const PASSWORD: u32 = 0x40;
const USER_NAME: u32 = 0x80;

/** 00 04 4D 51 54 54, read as a little-endian word of six bytes. */
const PROTOCOL_NAME: u64 = 0x5454_514d_0400;
const VARIABLE_HEADER_SIZE: i32 = 10;

/** Kinds of field, in the order of the payload. */
const TEXT_FIELD: i32 = 0;
const TOPIC_FIELD: i32 = 1;
const BINARY_FIELD: i32 = 2;

/** The field being looked at, and where the next one begins. */
let fieldAt: i32 = 0;
let end: i32 = 0;

/** Describes the CONNECT whose body is `[body, next)`; false when it is malformed. */
export function readConnect(row: i32, first: u32, start: i32, body: i32, next: i32): bool {
  if (body + VARIABLE_HEADER_SIZE > next) return fail(MALFORMED_LENGTH, start + 1);
  if ((load<u64>(body) & 0xffff_ffff_ffff) != PROTOCOL_NAME) {
    return fail(MALFORMED_PROTOCOL_NAME, body);
  }
  if (load<u8>(body, 6) != 4) return fail(MALFORMED_PROTOCOL_LEVEL, body + 6);
  if (!checkFlags(load<u8>(body, 7), body + 7)) return false;
  if (!readFields(body, next)) return false;
  if (fieldAt != next) return fail(MALFORMED_TRAILING, fieldAt);
  writeRow(row, first, 0, NOT_KEPT, 0, 0, body, next - body, start);
  return true;
}

function checkFlags(flags: u32, at: i32): bool {
  if (flags & 1) return fail(MALFORMED_CONNECT_FLAGS, at);
  if (flags & WILL) {
    if ((flags & 0x18) == 0x18) return fail(MALFORMED_WILL_FLAGS, at);
  } else if (flags & WILL_QOS_AND_RETAIN) return fail(MALFORMED_WILL_FLAGS, at);
  if (flags & PASSWORD && !(flags & USER_NAME)) return fail(MALFORMED_PASSWORD_FLAG, at);
  return true;
}

/**
 * Lists the fields of a CONNECT whose body is `[body, next)` in `FIELDS`: flags, keep-alive, then address
 * and length of client id, will topic, will message, user name and password (length -1 when absent).
 */
export function readFields(body: i32, next: i32): bool {
  const flags: u32 = load<u8>(body, 7);
  store<u32>(FIELDS, flags);
  store<i32>(FIELDS, readUint16(body + 8), 4);
  fieldAt = body + VARIABLE_HEADER_SIZE;
  end = next;
  return readField(1, TEXT_FIELD, true) &&
    readField(2, TOPIC_FIELD, (flags & WILL) != 0) &&
    readField(3, BINARY_FIELD, (flags & WILL) != 0) &&
    readField(4, TEXT_FIELD, (flags & USER_NAME) != 0) &&
    readField(5, BINARY_FIELD, (flags & PASSWORD) != 0);
}

function readField(ordinal: i32, kind: i32, isPresent: bool): bool {
  const field = FIELDS + ordinal * 8;
  store<i32>(field, -1, 4);
  if (!isPresent) return true;
  const length = fieldLength(fieldAt, end);
  if (length < 0) return false;
  const at = fieldAt + 2;
  if (kind == TEXT_FIELD && !checkText(at, length)) return false;
  if (kind == TOPIC_FIELD && !checkTopicName(at, length)) return false;
  store<i32>(field, at);
  store<i32>(field, length, 4);
  fieldAt = at + length;
  return true;
}
