/**
 * Bytes of a stream that wait to be scanned, and how the next of them get into the codec's memory.
 *
 * A window never holds more than the beginning of one packet for long: the stream scans what is there
 * and drops it.
 */

import type { Slot } from "./arena.ts";
import { INPUT, memory } from "./wasm.ts";

/** A scan sees at most this much at a time; it stays in the processor's cache. */
export const WINDOW_SIZE = 64 * 1024;

/** Where the bytes of the rows stand: a row's address minus `base` is an index of `bytes`. */
export interface RowSource {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** All of which is `bytes`. */
  readonly buffer: ArrayBuffer;
  readonly base: number;
  /** Says that somebody has the bytes: nothing is written there any more. Without it they have to be copied. */
  readonly take?: () => void;
}

/** Where a stream takes its bytes from. */
export interface ByteWindow {
  /** How many bytes wait. */
  readonly length: number;
  /** Addresses of what {@linkcode load} put into memory: the first bytes that wait, perhaps not all. */
  readonly start: number;
  readonly end: number;
  /** Where those bytes stand for who reads them. */
  readonly source: RowSource;
  /** Makes the first bytes that wait visible to the codec. */
  load(): void;
  /** Forgets the first `count` bytes. */
  drop(count: number): void;
  /** Moves as many bytes as fit into `target`; returns how many. */
  moveTo(target: Uint8Array): number;
}

const EMPTY = new Uint8Array(0);
/** To make less memory than this at a time costs more than the memory. */
const SMALLEST = 2 * 1024;

const MEMORY: RowSource = { bytes: memory, buffer: memory.buffer, base: 0 };

/**
 * Bytes that wait outside the codec's memory: copies of what was handed in, or read to {@linkcode QueueWindow.space}.
 *
 * One that gives its bytes away shows them as the source: where somebody has taken packets they stay as they are, and what
 * comes next is written behind them or elsewhere. It pays where much is handed in at once.
 */
export class QueueWindow implements ByteWindow {
  readonly start = INPUT;
  end = INPUT;
  readonly #givesBytes: boolean;
  #bytes = EMPTY;
  #from = 0;
  #to = 0;
  #isTaken = false;

  constructor({ givesBytes }: { givesBytes: boolean }) {
    this.#givesBytes = givesBytes;
  }

  get length(): number {
    return this.#to - this.#from;
  }

  get source(): RowSource {
    if (!this.#givesBytes) return MEMORY;
    const take = () => {
      this.#isTaken = true;
    };
    return { bytes: this.#bytes, buffer: this.#bytes.buffer, base: INPUT - this.#from, take };
  }

  /** Takes in a copy of a chunk. */
  append(chunk: Uint8Array): void {
    this.#makeRoom(chunk.length);
    this.#bytes.set(chunk, this.#to);
    this.#to += chunk.length;
  }

  /** Where the next bytes may be read to: at least `least`, and at most `most` of them. */
  space({ least, most }: { least: number; most: number }): Uint8Array<ArrayBuffer> {
    if (this.#to + least > this.#bytes.length) this.#makeRoom(Math.max(least, most));
    if (this.#to === 0 && this.#bytes.length <= most) return this.#bytes;
    return this.#bytes.subarray(this.#to, this.#to + Math.max(least, most));
  }

  /** Takes in `count` bytes that were read to {@linkcode QueueWindow.space}. */
  commit(count: number): void {
    this.#to += count;
  }

  /** Behind what waits, or in other memory; twice as large as it has to be if something waits: the work stays linear. */
  #makeRoom(size: number): void {
    if (this.#to + size <= this.#bytes.length) return;
    const { length } = this;
    const isRoomy = !this.#isTaken && length + size <= this.#bytes.length / 2;
    const capacity = Math.max(SMALLEST, length > 0 ? 2 * (length + size) : size);
    const bytes = isRoomy ? this.#bytes : new Uint8Array(capacity);
    bytes.set(this.#bytes.subarray(this.#from, this.#to));
    this.#bytes = bytes;
    this.#from = 0;
    this.#to = length;
    this.#isTaken = false;
  }

  load(): void {
    const to = Math.min(this.#to, this.#from + WINDOW_SIZE);
    memory.set(this.#bytes.subarray(this.#from, to), INPUT);
    this.end = INPUT + to - this.#from;
  }

  drop(count: number): void {
    this.#from += count;
    if (this.#from < this.#to || this.#isTaken) return;
    this.#from = this.#to = 0;
    if (this.#bytes.length > WINDOW_SIZE) this.#bytes = EMPTY;
  }

  moveTo(target: Uint8Array): number {
    const count = Math.min(this.length, target.length);
    target.set(this.#bytes.subarray(this.#from, this.#from + count));
    this.drop(count);
    return count;
  }

  /** Nothing waits: it keeps no more memory than this. */
  shrink(size: number): void {
    if (this.length === 0 && this.#bytes.length > size) {
      this.#bytes = EMPTY;
      this.#from = this.#to = 0;
    }
  }
}

/** Bytes that were read straight into a leased slot. */
export class SlotWindow implements ByteWindow {
  readonly #slot: Slot;
  start: number;
  end: number;

  constructor(slot: Slot) {
    this.#slot = slot;
    this.start = this.end = slot.address;
  }

  get length(): number {
    return this.end - this.start;
  }

  /** Where the next bytes may be read to; at least half of the slot. */
  space(): Uint8Array<ArrayBuffer> {
    const { address, bytes } = this.#slot;
    if (this.start === this.end) this.start = this.end = address;
    if (this.end - address > bytes.length / 2) {
      memory.copyWithin(address, this.start, this.end);
      this.end -= this.start - address;
      this.start = address;
    }
    return bytes.subarray(this.end - address);
  }

  /** Takes in `count` bytes that were read to {@linkcode space}. */
  commit(count: number): void {
    this.end += count;
  }

  get source(): RowSource {
    return MEMORY;
  }

  /** It is there already. */
  load(): void {}

  drop(count: number): void {
    this.start += count;
  }

  moveTo(target: Uint8Array): number {
    const count = Math.min(this.length, target.length);
    target.set(memory.subarray(this.start, this.start + count));
    this.start += count;
    return count;
  }
}
