/**
 * Topics that came in, each checked and kept once.
 *
 * A topic has an id as long as it is kept, so TypeScript makes its string once and not per message. There
 * are two generations: before the current one gets too full for another scan, the older is emptied and becomes the
 * current one. That happens between scans only, so every id that a scan gave out means the same until
 * the next scan. A topic found in the older generation stays there.
 *
 * A probe gives up after `LONGEST_PROBE` slots and the topic is then not kept: whoever sends topics with
 * colliding hashes makes that message as dear as one without the table, and nothing worse.
 */

import {
  LONGEST_KEPT_TOPIC,
  ROW_CAPACITY,
  TOPIC_CAPACITY,
  TOPIC_ENTRIES,
  TOPIC_HEAP,
  TOPIC_HEAP_SIZE,
  TOPIC_INDEX,
  TOPIC_SLOTS,
  WINDOW_SIZE,
  WORD_FLIPS,
  WORD_TOPICS,
} from "./layout";
import { hash, isSame } from "./bytes";
import { readWord, writeWord } from "./status";
import { checkTopicName, utf16Length } from "./text";

/** In place of an id, one more than any: the topic is well-formed but not kept. */
export const NOT_KEPT: i32 = 2 * TOPIC_CAPACITY;
/** The topic is malformed; the status words say why. */
export const REFUSED: i32 = -1;
const LONGEST_PROBE: i32 = 32;

let generation: i32 = 0;
let heapUsed: i32 = 0;
/** The topic of the packet before. */
let lastPointer: i32 = 0;
let lastLength: i32 = -1; // no topic is this long
let lastId: i32 = 0;

/** Makes room for as many topics as one scan can bring. */
export function prepareForScan(): void {
  const isFull = readWord(WORD_TOPICS + generation) + ROW_CAPACITY > TOPIC_CAPACITY ||
    heapUsed + WINDOW_SIZE > TOPIC_HEAP_SIZE;
  if (isFull) flip();
}

/** The id of the topic at `at`, or `NOT_KEPT`, or `REFUSED`. */
// @ts-ignore: decorator
@inline
export function identifyTopic(at: i32, length: i32): i32 {
  // Most traffic repeats the topic of the packet before.
  if (length == lastLength && isSame(at, lastPointer, length)) return lastId;
  return findTopic(at, length);
}

function findTopic(at: i32, length: i32): i32 {
  if (length == 0 || length > LONGEST_KEPT_TOPIC) {
    return checkTopicName(at, length) ? NOT_KEPT : REFUSED;
  }
  const h = hash(at, length);
  let id = probe(generation, at, length, h);
  if (id < 0) id = probe(generation ^ 1, at, length, h);
  if (id < 0) return keepTopic(at, length, h);
  remember(id);
  return id;
}

// @ts-ignore: decorator
@inline
function entry(id: i32): i32 {
  return TOPIC_ENTRIES + id * 16;
}

// @ts-ignore: decorator
@inline
function slot(side: i32, h: u32, step: i32): i32 {
  return TOPIC_INDEX + side * TOPIC_SLOTS * 2 + (<i32> (h + step) & (TOPIC_SLOTS - 1)) * 2;
}

function probe(side: i32, at: i32, length: i32, h: u32): i32 {
  for (let step = 0; step < LONGEST_PROBE; step++) {
    const ordinal: i32 = load<u16>(slot(side, h, step));
    if (ordinal == 0) return -1;
    const id = side * TOPIC_CAPACITY + ordinal - 1;
    const e = entry(id);
    if (load<u32>(e, 12) == h && load<i32>(e, 4) == length && isSame(at, load<i32>(e), length)) {
      return id;
    }
  }
  return -1;
}

function keepTopic(at: i32, length: i32, h: u32): i32 {
  if (!checkTopicName(at, length)) return REFUSED;
  const free = freeSlot(h);
  if (free == 0) return NOT_KEPT;
  return insert(free, at, length, h);
}

function freeSlot(h: u32): i32 {
  for (let step = 0; step < LONGEST_PROBE; step++) {
    const s = slot(generation, h, step);
    if (load<u16>(s) == 0) return s;
  }
  return 0;
}

function insert(free: i32, at: i32, length: i32, h: u32): i32 {
  const ordinal = readWord(WORD_TOPICS + generation);
  const id = generation * TOPIC_CAPACITY + ordinal;
  const bytes = TOPIC_HEAP + generation * TOPIC_HEAP_SIZE + heapUsed;
  memory.copy(bytes, at, length);
  heapUsed += length;
  const e = entry(id);
  store<i32>(e, bytes);
  store<i32>(e, length, 4);
  store<i32>(e, utf16Length, 8);
  store<u32>(e, h, 12);
  store<u16>(free, <u16> (ordinal + 1));
  writeWord(WORD_TOPICS + generation, ordinal + 1);
  remember(id);
  return id;
}

// @ts-ignore: decorator
@inline
function remember(id: i32): void {
  lastPointer = load<i32>(entry(id));
  lastLength = load<i32>(entry(id), 4);
  lastId = id;
}

function flip(): void {
  generation ^= 1;
  heapUsed = 0;
  lastLength = -1;
  memory.fill(TOPIC_INDEX + generation * TOPIC_SLOTS * 2, 0, TOPIC_SLOTS * 2);
  writeWord(WORD_TOPICS + generation, 0);
  writeWord(WORD_FLIPS, readWord(WORD_FLIPS) + 1);
}
