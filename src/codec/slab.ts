/**
 * Small byte arrays cut from larger buffers: an `ArrayBuffer` of its own for each would cost more than all the
 * rest of decoding a packet. What was cut is never used again for anything else, but it keeps its slab
 * alive as long as it lives itself. Only what is in a PUBLISH is cut from slabs; a CONNECT has a password in it.
 */

const SLAB_SIZE = 64 * 1024;
const LARGEST_CUT = 8 * 1024;

let slab = new ArrayBuffer(0);
let used = 0;

/** Bytes that nobody else writes to; all zero. */
export function allocateBytes(length: number): Uint8Array<ArrayBuffer> {
  if (length > LARGEST_CUT) return new Uint8Array(length);
  if (used + length > slab.byteLength) {
    slab = new ArrayBuffer(SLAB_SIZE);
    used = 0;
  }
  const bytes = new Uint8Array(slab, used, length);
  used += length;
  return bytes;
}
