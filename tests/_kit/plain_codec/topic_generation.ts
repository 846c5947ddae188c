/** Topics by their bytes: half of the table of `kept_topics.ts`. */

import { isSame } from "./byte_strings.ts";

export const TOPIC_CAPACITY = 16_384;
const SLOTS = 2 * TOPIC_CAPACITY;
const HEAP_SIZE = 1024 * 1024;
/** After so many slots the table gives up: colliding topics cost no more than unknown ones. */
const LONGEST_PROBE = 32;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A table of topics that is filled and then cleared as a whole. */
export class TopicGeneration {
  readonly #index = new Uint16Array(SLOTS);
  /** Of each topic: where it ends in the heap (it begins where the one before ends), its hash, its UTF-16 length. */
  readonly #starts = new Int32Array(TOPIC_CAPACITY + 1);
  readonly #hashes = new Int32Array(TOPIC_CAPACITY);
  readonly #units = new Int32Array(TOPIC_CAPACITY);
  readonly #heap = new Uint8Array(HEAP_SIZE);
  readonly #view = new DataView(this.#heap.buffer);
  readonly #names: string[] = [];
  #count = 0;
  #used = 0;

  /** Whether there is room for so many topics of so many bytes together. */
  hasRoom(count: number, bytes: number): boolean {
    return this.#count + count <= TOPIC_CAPACITY && this.#used + bytes <= HEAP_SIZE;
  }

  /** The number of the topic at `at`, or -1; `code` is its hash. */
  find(view: DataView, at: number, length: number, code: number): number {
    for (let step = 0; step < LONGEST_PROBE; step++) {
      const topic = (this.#index[code + step & SLOTS - 1] as number) - 1;
      if (topic < 0) return -1;
      if (this.#hashes[topic] === code && this.isTopic(topic, view, at, length)) return topic;
    }
    return -1;
  }

  /** Whether these bytes are those of a topic. */
  isTopic(topic: number, view: DataView, at: number, length: number): boolean {
    const start = this.#starts[topic] as number;
    return (this.#starts[topic + 1] as number) - start === length &&
      isSame(view, at, this.#view, start, length);
  }

  /** Keeps a topic; returns its number, or -1 when there are too many like it. */
  add(view: DataView, at: number, length: number, topic: { code: number; units: number }): number {
    const slot = this.#freeSlot(topic.code);
    if (slot < 0) return -1;
    this.#heap.set(new Uint8Array(view.buffer, view.byteOffset + at, length), this.#used);
    this.#used += length;
    this.#hashes[this.#count] = topic.code;
    this.#units[this.#count] = topic.units;
    this.#index[slot] = ++this.#count;
    this.#starts[this.#count] = this.#used;
    return this.#count - 1;
  }

  #freeSlot(code: number): number {
    for (let step = 0; step < LONGEST_PROBE; step++) {
      const slot = code + step & SLOTS - 1;
      if (this.#index[slot] === 0) return slot;
    }
    return -1;
  }

  /** The string of a topic, once {@linkcode nameNew} was called. */
  name(topic: number): string {
    return this.#names[topic] as string;
  }

  /** Makes the strings of all topics that have none, with one call of the text decoder. */
  nameNew(): void {
    const first = this.#names.length;
    if (first === this.#count) return;
    const start = this.#starts[first];
    const text = decoder.decode(this.#heap.subarray(start, this.#used));
    let at = 0;
    for (let topic = first; topic < this.#count; topic++) {
      const end = at + (this.#units[topic] as number);
      this.#names.push(text.substring(at, end));
      at = end;
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#index.fill(0);
    this.#names.length = 0;
    this.#count = this.#used = 0;
  }
}
