/** Big-endian numbers, and copy, comparison and hash of byte strings. */

/** How many bytes behind its end `copyBlocks` may write. */
export const OVERSHOOT: i32 = 15;

/** Copies a short string in blocks of 16 bytes, faster than a call to `memory.copy`. */
// @ts-ignore: decorator
@inline
export function copyBlocks(to: i32, from: i32, length: i32): void {
  for (let done = 0; done < length; done += 16) {
    v128.store(to + done, v128.load(from + done));
  }
}

// @ts-ignore: decorator
@inline
export function readUint16(at: i32): i32 {
  return bswap<u16>(load<u16>(at));
}

// @ts-ignore: decorator
@inline
export function writeUint16(at: i32, value: i32): void {
  store<u16>(at, bswap<u16>(<u16> value));
}

/** The last `rest` (1 to 8) bytes of a string as a word; what follows the string is masked away. */
// @ts-ignore: decorator
@inline
function tail(at: i32, rest: i32): u64 {
  return load<u64>(at) << (<u64> (8 - rest) << 3);
}

/** Whether two byte strings of the same length are equal. */
// @ts-ignore: decorator
@inline
export function isSame(a: i32, b: i32, length: i32): bool {
  let rest = length;
  while (rest > 16) {
    if (v128.any_true(v128.xor(v128.load(a), v128.load(b)))) return false;
    a += 16;
    b += 16;
    rest -= 16;
  }
  if (rest > 8) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
    rest -= 8;
  }
  return tail(a, rest) == tail(b, rest);
}

/** Nobody who does not know it can tell which topics share a place in a table. */
let seed: u64 = 0x9e3779b97f4a7c15;

export function setSeed(value: u64): void {
  seed = value;
}

/**
 * A hash of a byte string of at least one byte: the sum of its words, each times a factor of its own, so that no product
 * waits for the one before.
 */
export function hash(at: i32, length: i32): u32 {
  let factor = seed | 1;
  let sum: u64 = <u64> length * factor;
  let rest = length;
  while (rest > 8) {
    factor += 0x3c6ef372fe94f82a;
    sum += (load<u64>(at) + seed) * factor;
    at += 8;
    rest -= 8;
  }
  factor += 0x3c6ef372fe94f82a;
  sum += (tail(at, rest) + seed) * factor;
  // The highest bits know of all others: they are brought down to where the table looks.
  sum = (sum ^ (sum >> 32)) * 0xc4ceb9fe1a85ec53;
  return <u32> (sum >> 32);
}
