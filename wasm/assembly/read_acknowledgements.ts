/** PUBACK, PUBREC, PUBREL, PUBCOMP and UNSUBACK (sections 3.4 to 3.7 and 3.11), which come in crowds. */

import { ROW_SIZE } from "./layout";
import { NOT_KEPT } from "./topics";

const SIZE: i32 = 4;

/**
 * Describes packets of nothing but a packet identifier, four at a time, as long as all four begin with the byte `first`
 * and have the shortest form; any other is left to the general way. Returns the row behind the last one.
 */
export function readAcknowledgements(row: i32, first: u32, lastRow: i32, start: i32, end: i32): i32 {
  const headers = i32x4.splat(first | 0x200);
  const step = i32x4(0, SIZE, 0, SIZE);
  // A row in two halves: the first gets the packet identifier, the second tells where the packet stands.
  const left = i32x4(first, 0, NOT_KEPT, 0);
  let right = i32x4(0, start + SIZE, 0, start);
  for (let at = start; row + 3 * ROW_SIZE <= lastRow && at + 4 * SIZE <= end; at += 4 * SIZE) {
    const packets = v128.load(at);
    if (v128.any_true(i32x4.shl(v128.xor(packets, headers), 16))) break;
    // Identifiers are big-endian.
    const ids = i32x4.shr_u(v128.or(i16x8.shl(packets, 8), i16x8.shr_u(packets, 8)), 16);
    if (!i32x4.all_true(ids)) break;
    row = writeHalves(row, i32x4.replace_lane(left, 1, i32x4.extract_lane(ids, 0)), right);
    right = i32x4.add(right, step);
    row = writeHalves(row, i32x4.replace_lane(left, 1, i32x4.extract_lane(ids, 1)), right);
    right = i32x4.add(right, step);
    row = writeHalves(row, i32x4.replace_lane(left, 1, i32x4.extract_lane(ids, 2)), right);
    right = i32x4.add(right, step);
    row = writeHalves(row, i32x4.replace_lane(left, 1, i32x4.extract_lane(ids, 3)), right);
    right = i32x4.add(right, step);
  }
  return row;
}

/** Writes what `writeRow` would; returns the row behind it. */
// @ts-ignore: decorator
@inline
function writeHalves(row: i32, left: v128, right: v128): i32 {
  v128.store(row, left);
  v128.store(row, right, 16);
  return row + ROW_SIZE;
}
