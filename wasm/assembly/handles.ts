/**
 * Topics on their way out, each checked and made UTF-8 once, then known by a handle.
 *
 * TypeScript finds the handle of a string; this side keeps only the bytes. Two generations take turns:
 * handles of the older one stay good until the current one is full.
 */

import {
  HANDLE_CAPACITY,
  HANDLE_ENTRIES,
  HANDLE_HEAP,
  HANDLE_HEAP_SIZE,
  LONG_TOPIC,
  LONG_TOPIC_HANDLE,
  LONGEST_KEPT_TOPIC,
} from "./layout";
import { AS_TOPIC_NAME, writeText } from "./write_text";

let generation: i32 = 0;
let count: i32 = 0;
let heapUsed: i32 = 0;

// @ts-ignore: decorator
@inline
export function handleAddress(handle: i32): i32 {
  return load<i32>(HANDLE_ENTRIES + handle * 8);
}

// @ts-ignore: decorator
@inline
export function handleLength(handle: i32): i32 {
  return load<i32>(HANDLE_ENTRIES + handle * 8, 4);
}

/** The handle of the topic in `TEXT`, or -1; `LONG_TOPIC_HANDLE` is good for the next packet only. */
export function defineTopic(units: i32): i32 {
  const length = writeText(LONG_TOPIC, units, AS_TOPIC_NAME);
  if (length < 0) return -1;
  if (length > LONGEST_KEPT_TOPIC) return enter(LONG_TOPIC_HANDLE, LONG_TOPIC, length);
  if (count == HANDLE_CAPACITY || heapUsed + length > HANDLE_HEAP_SIZE) flip();
  const at = HANDLE_HEAP + generation * HANDLE_HEAP_SIZE + heapUsed;
  memory.copy(at, LONG_TOPIC, length);
  heapUsed += length;
  return enter(generation * HANDLE_CAPACITY + count++, at, length);
}

function enter(handle: i32, at: i32, length: i32): i32 {
  store<i32>(HANDLE_ENTRIES + handle * 8, at);
  store<i32>(HANDLE_ENTRIES + handle * 8, length, 4);
  return handle;
}

function flip(): void {
  generation ^= 1;
  count = 0;
  heapUsed = 0;
}
