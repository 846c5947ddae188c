/** Comparison and hash of byte strings, four bytes a step. */

/** Whether two byte strings of the same length are equal. */
export function isSame(
  a: DataView,
  at: number,
  b: DataView,
  from: number,
  length: number,
): boolean {
  if (length < 4) return isSameShort(a, at, b, from, length);
  // The last step looks again at some bytes of the one before.
  const last = length - 4;
  for (let i = 0; i < last; i += 4) {
    if (a.getInt32(at + i, true) !== b.getInt32(from + i, true)) return false;
  }
  return a.getInt32(at + last, true) === b.getInt32(from + last, true);
}

function isSameShort(a: DataView, at: number, b: DataView, from: number, length: number): boolean {
  for (let i = 0; i < length; i++) {
    if (a.getUint8(at + i) !== b.getUint8(from + i)) return false;
  }
  return true;
}

/** A hash of a byte string, a 32-bit number. */
export function hash(view: DataView, at: number, length: number): number {
  let code = Math.imul(length, 0x9e3779b1);
  if (length < 4) {
    for (let i = 0; i < length; i++) code = mix(code, view.getUint8(at + i));
  } else {
    const last = length - 4;
    for (let i = 0; i < last; i += 4) code = mix(code, view.getInt32(at + i, true));
    code = mix(code, view.getInt32(at + last, true));
  }
  code = Math.imul(code ^ code >>> 15, 0x2c1b3c6d);
  return code ^ code >>> 13;
}

function mix(code: number, word: number): number {
  const mixed = Math.imul(code ^ word, 0x85ebca6b);
  return mixed ^ mixed >>> 15;
}
