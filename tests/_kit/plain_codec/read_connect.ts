/** CONNECT (section 3.1). */

import { checkText, checkTopicName, fieldLength } from "./check_text.ts";
import {
  CONNECT_FLAGS,
  LENGTH,
  PASSWORD_FLAG,
  PROTOCOL_LEVEL,
  PROTOCOL_NAME,
  TRAILING,
  WILL_FLAGS,
} from "./codes.ts";
import { fail } from "./rows.ts";

export const CLEAN_SESSION = 0x02;
export const WILL = 0x04;
export const WILL_QOS = 0x18;
export const WILL_RETAIN = 0x20;
export const PASSWORD = 0x40;
export const USER_NAME = 0x80;

/** Protocol name, level, flags and keep-alive. */
export const VARIABLE_HEADER_SIZE = 10;
const NAME = [0, 4, 0x4d, 0x51, 0x54, 0x54];

/** Whether a CONNECT is well-formed. */
export function checkConnect(
  view: DataView,
  start: number,
  body: number,
  next: number,
): boolean {
  if (body + VARIABLE_HEADER_SIZE > next) return fail(LENGTH, start + 1);
  if (NAME.some((byte, i) => view.getUint8(body + i) !== byte)) return fail(PROTOCOL_NAME, body);
  if (view.getUint8(body + 6) !== 4) return fail(PROTOCOL_LEVEL, body + 6);
  const flags = view.getUint8(body + 7);
  return checkFlags(flags, body + 7) && checkFields(view, flags, body + VARIABLE_HEADER_SIZE, next);
}

function checkFlags(flags: number, at: number): boolean {
  if ((flags & 1) === 1) return fail(CONNECT_FLAGS, at);
  const hasWill = (flags & WILL) === WILL;
  if (hasWill && (flags & WILL_QOS) === WILL_QOS) return fail(WILL_FLAGS, at);
  if (!hasWill && (flags & (WILL_QOS | WILL_RETAIN)) !== 0) return fail(WILL_FLAGS, at);
  if ((flags & (PASSWORD | USER_NAME)) === PASSWORD) return fail(PASSWORD_FLAG, at);
  return true;
}

/** Each field that the flags announce: how its content is checked. */
function checksOf(flags: number): ((view: DataView, at: number, length: number) => boolean)[] {
  const any = () => true;
  return [
    checkText,
    ...(flags & WILL ? [checkTopicName, any] : []),
    ...(flags & USER_NAME ? [checkText] : []),
    ...(flags & PASSWORD ? [any] : []),
  ];
}

function checkFields(view: DataView, flags: number, start: number, end: number): boolean {
  let at = start;
  for (const check of checksOf(flags)) {
    const length = fieldLength(view, at, end);
    if (length < 0 || !check(view, at + 2, length)) return false;
    at += 2 + length;
  }
  return at === end || fail(TRAILING, at);
}
