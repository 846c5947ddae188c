/** Strings on their way out: UTF-16 in `TEXT` becomes checked UTF-8. */

import {
  INVALID_CONTROL,
  INVALID_EMPTY_TOPIC,
  INVALID_HASH,
  INVALID_NUL,
  INVALID_PLUS,
  INVALID_SURROGATE,
  INVALID_TEXT_LENGTH,
  INVALID_WILDCARD,
} from "./codes";
import { TEXT } from "./layout";
import { fail } from "./status";
import { findMisplacedWildcard, findWildcard, isPlus } from "./text";
import { writeUint16 } from "./bytes";

/** What a string is checked for beyond being text. */
export const AS_TEXT: i32 = 0;
export const AS_TOPIC_NAME: i32 = 1;
export const AS_TOPIC_FILTER: i32 = 2;
/** A topic name that is not sent but may have come in: control characters are no reason to refuse it. */
export const AS_KNOWN_TOPIC_NAME: i32 = 3;

const LONGEST: i32 = 65535;

let written: i32 = 0;

/** Writes `units` of `TEXT` as UTF-8 to `at`. Returns its length in bytes, or -1. */
export function writeText(at: i32, units: i32, kind: i32): i32 {
  if (!transcode(at, units, kind)) return -1;
  return isOfKind(at, written, kind) ? written : -1;
}

/** The same, behind the two bytes of its length. Returns the address behind it, or -1. */
export function writeString(at: i32, units: i32, kind: i32): i32 {
  const length = writeText(at + 2, units, kind);
  if (length < 0) return -1;
  writeUint16(at, length);
  return at + 2 + length;
}

function transcode(start: i32, units: i32, kind: i32): bool {
  let at = start;
  for (let i = 0; i < units; i++) {
    const unit: u32 = load<u16>(TEXT + i * 2);
    // Printable ASCII, which nearly all topics are made of.
    if (unit - 0x20 < 0x5f) {
      if (at - start == LONGEST) return fail(INVALID_TEXT_LENGTH, i);
      store<u8>(at++, unit);
      continue;
    }
    const point = codePoint(i, units, unit);
    if (point == 0) return fail(unit == 0 ? INVALID_NUL : INVALID_SURROGATE, i);
    if (kind != AS_KNOWN_TOPIC_NAME && isUnsafe(point)) return fail(INVALID_CONTROL, i);
    const size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (at - start + size > LONGEST) return fail(INVALID_TEXT_LENGTH, i);
    writeSequence(at, point, size);
    at += size;
    if (size == 4) i++;
  }
  written = at - start;
  return true;
}

/** The code point at unit `i`; 0 for NUL and for a lone surrogate. */
function codePoint(i: i32, units: i32, unit: u32): u32 {
  if ((unit & 0xf800) != 0xd800) return unit;
  if (unit > 0xdbff || i + 1 == units) return 0;
  const low: u32 = load<u16>(TEXT + i * 2 + 2);
  if ((low & 0xfc00) != 0xdc00) return 0;
  return 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
}

/** Control characters and non-characters, which section 1.5.3 lets a receiver refuse. */
function isUnsafe(point: u32): bool {
  if (point < 0x20 || (point >= 0x7f && point <= 0x9f)) return true;
  return (point & 0xfffe) == 0xfffe || (point >= 0xfdd0 && point <= 0xfdef);
}

/** The first byte holds the size as leading ones, each following byte six bits. */
function writeSequence(at: i32, point: u32, size: i32): void {
  for (let i = size - 1; i > 0; i--) {
    store<u8>(at + i, 0x80 | (point & 0x3f));
    point >>= 6;
  }
  store<u8>(at, size == 1 ? point : (0xf00 >> size) | point);
}

function isOfKind(at: i32, length: i32, kind: i32): bool {
  if (kind == AS_TEXT) return true;
  if (length == 0) return fail(INVALID_EMPTY_TOPIC, 0);
  const end = at + length;
  if (kind != AS_TOPIC_FILTER) {
    const wildcard = findWildcard(at, end);
    return wildcard == end || fail(INVALID_WILDCARD, wildcard - at);
  }
  const misplaced = findMisplacedWildcard(at, end);
  if (misplaced == end) return true;
  return fail(isPlus(misplaced) ? INVALID_PLUS : INVALID_HASH, misplaced - at);
}
