/** Strings that came in: UTF-8 without NUL, and the grammar of topic names and topic filters (section 4.7). */

import {
  MALFORMED_EMPTY_TOPIC,
  MALFORMED_HASH,
  MALFORMED_NUL,
  MALFORMED_OVERRUN,
  MALFORMED_PLUS,
  MALFORMED_UTF8,
  MALFORMED_WILDCARD,
} from "./codes";
import { fail } from "./status";
import { readUint16 } from "./bytes";

const PLUS: u32 = 0x2b;
const SLASH: u32 = 0x2f;
const HASH: u32 = 0x23;

/** UTF-16 length of the string last checked. */
export let utf16Length: i32 = 0;

/** Any byte of 16 that is NUL or not ASCII: NUL is the only character of ASCII below 1, what is not ASCII is negative. */
// @ts-ignore: decorator
@inline
function isSpecial(chunk: v128): bool {
  return v128.any_true(i8x16.lt_s(chunk, i8x16.splat(1)));
}

/** Checks UTF-8 without NUL; 16 ASCII bytes at a time where it can. */
export function checkText(start: i32, length: i32): bool {
  const end = start + length;
  let at = start;
  let units = 0;
  while (at < end) {
    if (at + 16 <= end && !isSpecial(v128.load(at))) {
      at += 16;
      units += 16;
      continue;
    }
    const first: u32 = load<u8>(at);
    if (first < 0x80) {
      if (first == 0) return fail(MALFORMED_NUL, at);
      at += 1;
      units += 1;
      continue;
    }
    const size = sequenceLength(at, end, first);
    if (size == 0) return fail(MALFORMED_UTF8, at);
    at += size;
    units += size == 4 ? 2 : 1;
  }
  utf16Length = units;
  return true;
}

/** Length of the well-formed multi-byte sequence at `at` (Unicode 15, table 3-7), or 0. */
function sequenceLength(at: i32, end: i32, first: u32): i32 {
  if (first < 0xc2 || first > 0xf4) return 0;
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (at + size > end) return 0;
  const second: u32 = load<u8>(at + 1);
  let low: u32 = 0x80;
  let high: u32 = 0xbf;
  if (first == 0xe0) low = 0xa0;
  else if (first == 0xed) high = 0x9f;
  else if (first == 0xf0) low = 0x90;
  else if (first == 0xf4) high = 0x8f;
  if (second < low || second > high) return 0;
  for (let i = 2; i < size; i++) {
    if ((load<u8>(at + i) & 0xc0) != 0x80) return 0;
  }
  return size;
}

/** Address of the first `+` or `#`, or `end`. */
export function findWildcard(start: i32, end: i32): i32 {
  let at = start;
  while (at < end) {
    const byte: u32 = load<u8>(at);
    if (byte == PLUS || byte == HASH) return at;
    at++;
  }
  return end;
}

/** Any byte of 16 that a topic name of ASCII must not have, or that is not ASCII. */
// @ts-ignore: decorator
@inline
function specialInName(chunk: v128): v128 {
  const wildcards = v128.or(i8x16.eq(chunk, i8x16.splat(<i8> PLUS)), i8x16.eq(chunk, i8x16.splat(<i8> HASH)));
  return v128.or(wildcards, i8x16.lt_s(chunk, i8x16.splat(1)));
}

/** Whether all is ASCII without NUL and wildcards: nearly every topic name is. */
function isPlainName(start: i32, length: i32): bool {
  let rest = length;
  let at = start;
  for (; rest > 16; rest -= 16, at += 16) {
    if (v128.any_true(specialInName(v128.load(at)))) return false;
  }
  const inside = i8x16.lt_u(
    i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
    i8x16.splat(<i8> rest),
  );
  return !v128.any_true(v128.and(inside, specialInName(v128.load(at))));
}

/** Checks a topic name: text, at least one character, no wildcard. */
export function checkTopicName(start: i32, length: i32): bool {
  if (length == 0) return fail(MALFORMED_EMPTY_TOPIC, start);
  if (isPlainName(start, length)) {
    utf16Length = length;
    return true;
  }
  if (!checkText(start, length)) return false;
  const wildcard = findWildcard(start, start + length);
  return wildcard == start + length || fail(MALFORMED_WILDCARD, wildcard);
}

/** Address of the first wildcard that does not stand where it may, or `end`. */
export function findMisplacedWildcard(start: i32, end: i32): i32 {
  for (let at = findWildcard(start, end); at < end; at = findWildcard(at + 1, end)) {
    if (at > start && load<u8>(at - 1) != SLASH) return at;
    const isLast = at + 1 == end;
    if (!isLast && (load<u8>(at) == HASH || load<u8>(at + 1) != SLASH)) return at;
  }
  return end;
}

/** Whether the byte at `at` is `+`. */
export function isPlus(at: i32): bool {
  return load<u8>(at) == PLUS;
}

/** Checks a topic filter: text, at least one character, wildcards only as whole levels, `#` only last. */
export function checkTopicFilter(start: i32, length: i32): bool {
  if (length == 0) return fail(MALFORMED_EMPTY_TOPIC, start);
  if (!checkText(start, length)) return false;
  const misplaced = findMisplacedWildcard(start, start + length);
  if (misplaced == start + length) return true;
  return fail(isPlus(misplaced) ? MALFORMED_PLUS : MALFORMED_HASH, misplaced);
}

/** Length of the length-prefixed field at `at`, or -1 where it runs past `end`. */
// @ts-ignore: decorator
@inline
export function fieldLength(at: i32, end: i32): i32 {
  // Where not even the length is inside, what is read for it does not matter.
  const length = readUint16(at);
  if (at + 2 + length <= end) return length;
  fail(MALFORMED_OVERRUN, at);
  return -1;
}
