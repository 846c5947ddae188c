/** The entries of a SUBSCRIBE or UNSUBSCRIBE that a scan found well-formed. */

import { FIELDS, FIELDS_SIZE, WORD_NEXT_ENTRY } from "./layout";
import { readUint16 } from "./bytes";
import { writeWord } from "./status";

const ENTRY_SIZE: i32 = 12;

/**
 * Lists filters between `at` and `end` in `FIELDS`, as address, length and requested QoS, as many as fit.
 * Returns how many; a status word says where to go on.
 */
export function listEntries(at: i32, end: i32, withQos: bool): i32 {
  let entry = FIELDS;
  while (at < end && entry + ENTRY_SIZE <= FIELDS + FIELDS_SIZE) {
    const length = readUint16(at);
    store<i32>(entry, at + 2);
    store<i32>(entry, length, 4);
    at += 2 + length;
    if (withQos) store<i32>(entry, load<u8>(at++), 8);
    entry += ENTRY_SIZE;
  }
  writeWord(WORD_NEXT_ENTRY, at);
  return (entry - FIELDS) / ENTRY_SIZE;
}
