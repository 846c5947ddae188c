/** What can go wrong with one packet on its way, each damage made where it hurts. */

import type { Dice } from "./dice.ts";
import { concatBytes, frame, parseFrame } from "./frame.ts";
import { BAD_UTF8, findText } from "./bad_utf8.ts";

type Damage = (bytes: Uint8Array<ArrayBuffer>, dice: Dice) => Uint8Array<ArrayBuffer>;

/** The value replaces what stands at a place of the body. */
function withByte(bytes: Uint8Array<ArrayBuffer>, at: number, value: number): typeof bytes {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
}

const INTERESTING = [0, 1, 2, 3, 4, 0x20, 0x23, 0x2b, 0x2f, 0x7f, 0x80, 0x81, 0xc0, 0xff];

/** Every damage by its name. */
export const DAMAGES: Record<string, Damage> = {
  "a flag bit": (bytes, dice) => withByte(bytes, 0, (bytes[0] ?? 0) ^ 1 << dice.below(4)),
  "another type": (bytes, dice) => withByte(bytes, 0, dice.below(16) << 4 | (bytes[0] ?? 0) & 15),
  "remaining length off by a little": (bytes, dice) => {
    const { first, body } = parseFrame(bytes);
    return frame(first, body, { remaining: Math.max(0, body.length + dice.pick([-2, -1, 1, 2])) });
  },
  "a remaining length longer than need be, or than allowed": (bytes, dice) => {
    const { first, body } = parseFrame(bytes);
    return frame(first, body, { lengthSize: dice.between(2, 5) });
  },
  "an announced length that is huge": (bytes, dice) => {
    const { first, body } = parseFrame(bytes);
    return frame(first, body, { remaining: dice.pick([5000, 524_284, 1_048_572, 268_435_455]) });
  },
  "a field's length off by one": (bytes, dice) => {
    const { first, body } = parseFrame(bytes);
    if (body.length < 2) return bytes;
    const at = dice.chance(0.5) ? dice.pick([0, 2]) + 1 : dice.below(body.length);
    const value = (body[at % body.length] ?? 0) + dice.pick([-1, 1]);
    return frame(first, withByte(body, at % body.length, value));
  },
  "an empty field": (bytes, dice) => {
    const { first, body } = parseFrame(bytes);
    const copy = body.slice();
    const at = dice.pick([0, 2, 10]);
    copy.fill(0, at, at + 2);
    return frame(first, copy);
  },
  "an end cut off": (bytes, dice) => {
    const { first, body } = parseFrame(bytes);
    return frame(first, body.slice(0, dice.below(body.length + 1)));
  },
  "an end cut off that was announced": (bytes, dice) => bytes.slice(0, dice.below(bytes.length)),
  "bytes behind the end": (bytes, dice) => {
    const { first, body } = parseFrame(bytes);
    return frame(first, concatBytes([body, new Uint8Array(dice.list(2, () => dice.below(256)))]));
  },
  "bad text": (bytes, dice) => {
    const bad = dice.pick(BAD_UTF8);
    const at = findText(bytes, dice);
    if (at + bad.length > bytes.length) return bytes;
    const copy = bytes.slice();
    copy.set(bad, at);
    return copy;
  },
  "packet identifier 0": (bytes, dice) => {
    const { first, body } = parseFrame(bytes);
    const copy = body.slice();
    const isPublish = first >> 4 === 3;
    const at = isPublish ? 2 + ((body[0] ?? 0) << 8 | (body[1] ?? 0)) : 0;
    copy.fill(0, at, at + dice.between(1, 2));
    return frame(first, copy);
  },
  "an interesting byte near the beginning": (bytes, dice) =>
    withByte(bytes, dice.below(Math.min(bytes.length, 16)), dice.pick(INTERESTING)),
  "an interesting byte": (bytes, dice) =>
    withByte(bytes, dice.below(bytes.length), dice.pick(INTERESTING)),
  "any byte": (bytes, dice) => withByte(bytes, dice.below(bytes.length), dice.below(256)),
};

/** A packet damaged in one way. */
export function damage(bytes: Uint8Array<ArrayBuffer>, dice: Dice): Uint8Array<ArrayBuffer> {
  return dice.pick(Object.values(DAMAGES))(bytes, dice);
}

/** The beginning of one packet, then the end of another. */
export function splice(
  head: Uint8Array<ArrayBuffer>,
  tail: Uint8Array<ArrayBuffer>,
  dice: Dice,
): Uint8Array<ArrayBuffer> {
  const { first, body } = parseFrame(head);
  const other = parseFrame(tail).body;
  return frame(
    first,
    concatBytes([
      body.slice(0, dice.below(body.length + 1)),
      other.slice(dice.below(other.length + 1)),
    ]),
  );
}
