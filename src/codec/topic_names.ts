/**
 * The strings of topics that came in, made once for each topic that the codec keeps, all new ones of a
 * scan with one call of the text decoder.
 */

import { FIRST_TOPIC, FLIPS, memory, TOPIC_CAPACITY, TOPICS, words } from "./wasm.ts";

/** Words of an entry in the codec's table: address, length in bytes, length in UTF-16, hash. */
const ENTRY_WORDS = 4;

const names: string[] = [];
const known: [number, number] = [0, 0];
let flips = 0;

// A topic may begin with U+FEFF, which is a character like any other (MQTT-1.5.3-3).
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Makes the strings of the topics that the last scan met for the first time. */
export function nameNewTopics(): void {
  if (words[FLIPS] !== flips) {
    // A scan changes generation once at most: what it added to the one before comes first.
    nameGeneration(flips & 1);
    flips = words[FLIPS]!;
    known[flips & 1] = 0;
  }
  nameGeneration(flips & 1);
}

function nameGeneration(generation: number): void {
  const count = words[TOPICS + generation]!;
  const first = known[generation]!;
  if (first === count) return;
  known[generation] = count;
  const from = generation * TOPIC_CAPACITY + first;
  const to = generation * TOPIC_CAPACITY + count;
  const start = words[FIRST_TOPIC + from * ENTRY_WORDS]!;
  const last = FIRST_TOPIC + (to - 1) * ENTRY_WORDS;
  // The bytes of topics that came one after another stand one behind the other.
  const text = decoder.decode(memory.subarray(start, words[last]! + words[last + 1]!));
  let at = 0;
  for (let id = from; id < to; id++) {
    const units = words[FIRST_TOPIC + id * ENTRY_WORDS + 2]!;
    names[id] = text.substring(at, at + units);
    at += units;
  }
}

/** The string of a topic by its id; `undefined` for a topic that has none. */
export function topicName(id: number): string | undefined {
  return names[id];
}

/** The string of checked UTF-8 at `address`. */
export function decodeText(address: number, length: number): string {
  return decoder.decode(memory.subarray(address, address + length));
}
