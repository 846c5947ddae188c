/** Strings that came in: UTF-8 without NUL, and the grammar of topic names and topic filters (section 4.7). */

import { EMPTY_TOPIC, HASH, NUL, OVERRUN, PLUS, UTF8, WILDCARD } from "./codes.ts";
import { fail } from "./rows.ts";
import { findMisplacedWildcard, findWildcard, isPlus } from "./wildcards.ts";

/** UTF-16 length of the string last checked. */
export let utf16Length = 0;

/** Checks UTF-8 without NUL. */
export function checkText(view: DataView, start: number, length: number): boolean {
  const end = start + length;
  utf16Length = 0;
  for (let at = start; at < end;) {
    const first = view.getUint8(at);
    if (first === 0) return fail(NUL, at);
    const size = first < 0x80 ? 1 : sequenceLength(view, at, end);
    if (size === 0) return fail(UTF8, at);
    at += size;
    utf16Length += size === 4 ? 2 : 1;
  }
  return true;
}

/** Smallest code point that needs a sequence of so many bytes. */
const SMALLEST = [0, 0, 0x80, 0x800, 0x10000];

/** Length of the well-formed multi-byte sequence at `at`, or 0: it is decoded, and its code point judged. */
function sequenceLength(view: DataView, at: number, end: number): number {
  const first = view.getUint8(at);
  const size = first >= 0xf8 ? 0 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
  if (size === 0 || at + size > end) return 0;
  let point = first & 0x7f >> size;
  for (let i = 1; i < size; i++) {
    const byte = view.getUint8(at + i);
    if (byte >> 6 !== 2) return 0;
    point = point << 6 | byte & 0x3f;
  }
  const isSurrogate = point >= 0xd800 && point <= 0xdfff;
  return point < (SMALLEST[size] ?? 0) || point > 0x10ffff || isSurrogate ? 0 : size;
}

/** Checks a topic name: text, at least one character, no wildcard. */
export function checkTopicName(view: DataView, start: number, length: number): boolean {
  if (length === 0) return fail(EMPTY_TOPIC, start);
  if (isOrdinary(view, start, length)) return true;
  if (!checkText(view, start, length)) return false;
  const wildcard = findWildcard(view, start, start + length);
  return wildcard === start + length || fail(WILDCARD, wildcard);
}

/** 1 for each byte that is ASCII and neither NUL nor a wildcard. */
const ORDINARY = Uint8Array.from(
  { length: 256 },
  (_, byte) => byte > 0 && byte < 0x80 && byte !== 0x23 && byte !== 0x2b ? 1 : 0,
);

/** Whether a topic consists of ordinary characters: nearly all do, and that is quickly seen. */
function isOrdinary(view: DataView, start: number, length: number): boolean {
  for (let at = start; at < start + length; at++) {
    if (ORDINARY[view.getUint8(at)] === 0) return false;
  }
  utf16Length = length;
  return true;
}

/** Checks a topic filter: text, at least one character, wildcards only as whole levels, `#` only last. */
export function checkTopicFilter(view: DataView, start: number, length: number): boolean {
  if (length === 0) return fail(EMPTY_TOPIC, start);
  if (!checkText(view, start, length)) return false;
  const misplaced = findMisplacedWildcard(view, start, start + length);
  if (misplaced === start + length) return true;
  return fail(isPlus(view, misplaced) ? PLUS : HASH, misplaced);
}

/** Length of the length-prefixed field at `at`, or -1 where it runs past `end`. */
export function fieldLength(view: DataView, at: number, end: number): number {
  if (at + 2 <= end) {
    const length = view.getUint16(at);
    if (at + 2 + length <= end) return length;
  }
  fail(OVERRUN, at);
  return -1;
}
