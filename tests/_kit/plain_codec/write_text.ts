/** Strings on their way out: UTF-16 becomes checked UTF-8. */

import { refuse } from "./refuse.ts";
import { findMisplacedWildcard, findWildcard, isPlus } from "./wildcards.ts";
import { writeUint16 } from "./write_number.ts";

const LONGEST = 65535;

/** What a string is, and what it is checked for beyond being text. */
export interface TextField {
  what: string;
  kind: "text" | "topic name" | "topic filter";
}

/** Writes a length-prefixed string; returns the index behind it. */
export function writeString(
  out: Uint8Array<ArrayBuffer>,
  at: number,
  text: string,
  field: TextField,
): number {
  if (typeof text !== "string") {
    throw new TypeError(`Cannot encode ${field.what}: it is not a string`);
  }
  if (text.length > LONGEST) {
    throw new RangeError(
      `Cannot encode ${field.what}: it is longer than 65535 bytes of UTF-8 [1.5.3]`,
    );
  }
  const start = at + 2;
  const end = transcode(out, start, text, field.what);
  checkKind(new DataView(out.buffer, out.byteOffset + start, end - start), field);
  writeUint16(out, at, end - start);
  return end;
}

function transcode(out: Uint8Array, start: number, text: string, what: string): number {
  let at = start;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Printable ASCII, which nearly all topics are made of.
    if (unit >= 0x20 && unit < 0x7f) {
      if (at - start === LONGEST) refuse("textLength", what, i);
      out[at++] = unit;
      continue;
    }
    const point = text.codePointAt(i) ?? 0;
    if (point === 0) refuse("nul", what, i);
    if (point >= 0xd800 && point <= 0xdfff) refuse("surrogate", what, i);
    if (isUnsafe(point)) refuse("control", what, i);
    const size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (at - start + size > LONGEST) refuse("textLength", what, i);
    writeSequence(out, at, point, size);
    at += size;
    if (size === 4) i++;
  }
  return at;
}

/** Control characters and non-characters, which section 1.5.3 lets a receiver refuse. */
function isUnsafe(point: number): boolean {
  return point < 0x20 || point >= 0x7f && point <= 0x9f || point >= 0xfdd0 && point <= 0xfdef ||
    (point & 0xfffe) === 0xfffe;
}

/** The first byte holds the size as leading ones, each following byte six bits. */
function writeSequence(out: Uint8Array, at: number, point: number, size: number): void {
  for (let i = size - 1; i > 0; i--) {
    out[at + i] = 0x80 | point & 0x3f;
    point >>= 6;
  }
  out[at] = 0xf00 >> size | point;
}

function checkKind(view: DataView, { what, kind }: TextField): void {
  if (kind === "text") return;
  const length = view.byteLength;
  if (length === 0) refuse("emptyTopic", what, 0);
  const wildcard = kind === "topic name"
    ? findWildcard(view, 0, length)
    : findMisplacedWildcard(view, 0, length);
  if (wildcard === length) return;
  if (kind === "topic name") refuse("wildcard", what, wildcard);
  refuse(isPlus(view, wildcard) ? "plus" : "hash", what, wildcard);
}
