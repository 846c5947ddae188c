/**
 * Small byte arrays cut from larger buffers: an `ArrayBuffer` of its own for each would cost more than all the
 * rest of decoding a packet. What was cut is never used again for anything else, but it keeps its slab
 * alive as long as it lives itself. Only what is in a PUBLISH is cut from slabs; a CONNECT has a password in it.
 */

const SLAB_SIZE = 64 * 1024;
const LARGEST_CUT = 16 * 1024;

let slab = new Uint8Array(0);
let used = 0;

/** So many bytes of a larger array, from index `at` on, that nobody else writes to; all zero. */
export function cutBytes(length: number): { bytes: Uint8Array<ArrayBuffer>; at: number } {
  if (length > LARGEST_CUT) return { bytes: new Uint8Array(length), at: 0 };
  if (used + length > slab.length) {
    slab = new Uint8Array(SLAB_SIZE);
    used = 0;
  }
  const at = used;
  used += length;
  return { bytes: slab, at };
}

/** The same as an array of its own. */
export function allocateBytes(length: number): Uint8Array<ArrayBuffer> {
  const { bytes, at } = cutBytes(length);
  return new Uint8Array(bytes.buffer, at, length);
}
