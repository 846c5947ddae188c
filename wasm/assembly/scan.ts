/**
 * Cuts a buffer into packets, checks each one and describes it in a row.
 *
 * A packet's first byte is judged as soon as it is there, its length as soon as that is complete, its
 * body once all of it is there: so the same bytes give the same packets and the same refusal however
 * the stream was cut.
 */

import {
  MALFORMED_FLAGS,
  MALFORMED_LENGTH,
  MALFORMED_LENGTH_FIELD,
  MALFORMED_QOS,
  MALFORMED_TOO_LARGE,
  MALFORMED_TYPE,
} from "./codes";
import {
  ROW_CAPACITY,
  ROW_SIZE,
  ROWS,
  SCAN_AGAIN,
  INPUT_SIZE,
  WORD_CONSUMED,
  WORD_ERROR,
  WORD_NEEDED,
} from "./layout";
import { readUint16 } from "./bytes";
import { endOf } from "./row";
import { fail, writeWord } from "./status";
import { prepareForScan } from "./topics";
import { BOTH_QOS_BITS, PUBLISH, readPublish, readPublishes } from "./read_publish";
import { readAcknowledgements } from "./read_acknowledgements";
import { CONNACK, readControlPacket } from "./read_control_packet";


/** One nibble a type, from CONNECT = 1: the flag bits that it must carry (section 2.2.2). */
const FLAGS: u64 = 0x0000_0202_0200_0000;
/** One nibble a type: its only possible remaining length, or F. */
const LENGTHS: u64 = 0xf000_2fff_2222_f2ff;

let bodyAt: i32 = 0;

// @ts-ignore: decorator
@inline
function nibble(table: u64, type: i32): i32 {
  return <i32> (table >> (<u64> type << 2)) & 15;
}

/**
 * Describes every whole packet between `start` and `end`, up to the capacity of the rows.
 *
 * `acceptedTypes` has bit n set where packet type n may come in. Returns how many rows there are; the
 * status words say how far it came, what the packet cut off at the end needs, and what is malformed.
 */
export function scan(start: i32, end: i32, acceptedTypes: i32, maximumPacketSize: i32): i32 {
  let at = start;
  let row = ROWS;
  const lastRow = ROWS + (ROW_CAPACITY - 1) * ROW_SIZE;
  writeWord(WORD_ERROR, 0);
  writeWord(WORD_NEEDED, 0);
  prepareForScan();
  while (at < end) {
    if (row > lastRow) {
      writeWord(WORD_NEEDED, SCAN_AGAIN);
      break;
    }
    // Both sides may publish.
    const rowAfter = readPublishes(row, lastRow, at, end, maximumPacketSize);
    if (rowAfter != row) {
      row = rowAfter;
      at = endOf(row - ROW_SIZE);
      continue;
    }
    const first: u32 = load<u8>(at);
    const type: i32 = first >> 4;
    if (!isFirstByteLegal(first, acceptedTypes, at)) break;
    const remaining = remainingLength(at, end);
    if (remaining < 0) break;
    const next = bodyAt + remaining;
    if (!isSizeLegal(type, remaining, next - at, maximumPacketSize, at)) break;
    if (next > end) {
      writeWord(WORD_NEEDED, next - at);
      break;
    }
    const isRead = type == PUBLISH
      ? readPublish(row, first, at, bodyAt, next)
      : readControlPacket(row, first, at, bodyAt, next);
    if (!isRead) break;
    row += ROW_SIZE;
    at = next;
    if (nibble(LENGTHS, type) == 2 && type != CONNACK) {
      row = readAcknowledgements(row, first, lastRow, at, end);
      at = endOf(row - ROW_SIZE);
    }
  }
  writeWord(WORD_CONSUMED, at);
  return (row - ROWS) / ROW_SIZE;
}

// @ts-ignore: decorator
@inline
function isFirstByteLegal(first: u32, acceptedTypes: i32, at: i32): bool {
  const type: i32 = first >> 4;
  if (((acceptedTypes >> type) & 1) == 0) return fail(MALFORMED_TYPE, at);
  if (type == PUBLISH) return (first & BOTH_QOS_BITS) != BOTH_QOS_BITS || fail(MALFORMED_QOS, at);
  return (first & 15) == nibble(FLAGS, type) || fail(MALFORMED_FLAGS, at);
}

/** The remaining length of the packet at `at`, leaving `bodyAt` behind it; -1 when incomplete or malformed. */
// @ts-ignore: decorator
@inline
function remainingLength(at: i32, end: i32): i32 {
  if (at + 1 >= end) return -1;
  const first: i32 = load<u8>(at, 1);
  bodyAt = at + 2;
  return first < 0x80 ? first : longRemainingLength(at, end, first & 0x7f);
}

function longRemainingLength(at: i32, end: i32, low: i32): i32 {
  let value = low;
  for (let i = 1; i < 4; i++) {
    if (at + 1 + i >= end) return -1;
    const byte: i32 = load<u8>(at + 1 + i);
    value |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      bodyAt = at + 2 + i;
      return value;
    }
  }
  fail(MALFORMED_LENGTH_FIELD, at + 4);
  return -1;
}

// @ts-ignore: decorator
@inline
function isSizeLegal(type: i32, remaining: i32, size: i32, maximum: i32, at: i32): bool {
  const only = nibble(LENGTHS, type);
  if (only != 15 && remaining != only) return fail(MALFORMED_LENGTH, at + 1);
  // Only a PUBLISH can be read with most of it elsewhere; every other packet must fit the input area.
  const limit = type == PUBLISH || maximum < INPUT_SIZE ? maximum : INPUT_SIZE;
  return size <= limit || fail(MALFORMED_TOO_LARGE, at + 1);
}

/** How many bytes of the packet at `at`, whose header is whole, a scan looks at: all but the payload. */
export function headSize(at: i32, end: i32): i32 {
  const remaining = remainingLength(at, end);
  if (load<u8>(at) >> 4 != PUBLISH) return bodyAt - at + remaining;
  return bodyAt - at + 2 + readUint16(bodyAt) + 2;
}
