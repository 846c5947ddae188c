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

/** Where a stream takes its bytes from. */
export interface ByteWindow {
  /** How many bytes wait. */
  readonly length: number;
  /** Addresses of what {@linkcode load} put into memory: the first bytes that wait, perhaps not all. */
  readonly start: number;
  readonly end: number;
  /** Makes the first bytes that wait visible to the codec. */
  load(): void;
  /** Forgets the first `count` bytes. */
  drop(count: number): void;
  /** Moves as many bytes as fit into `target`; returns how many. */
  moveTo(target: Uint8Array): number;
}

const EMPTY = new Uint8Array(0);

/** Bytes that wait outside the codec's memory: copies of what was handed in, or read to {@linkcode QueueWindow.space}. */
export class QueueWindow implements ByteWindow {
  readonly start = INPUT;
  end = INPUT;
  /** How much memory it keeps at most while nothing waits. */
  idleSize: number;
  #bytes = EMPTY;
  #from = 0;
  #to = 0;

  constructor(idleSize: number) {
    this.idleSize = idleSize;
  }

  get length(): number {
    return this.#to - this.#from;
  }

  /** Takes in a copy of a chunk. */
  append(chunk: Uint8Array): void {
    this.#makeRoom(chunk.length);
    this.#bytes.set(chunk, this.#to);
    this.#to += chunk.length;
  }

  /** Where the next `size` bytes may be read to. */
  space(size: number): Uint8Array<ArrayBuffer> {
    this.#makeRoom(size);
    if (this.#to === 0 && size === this.#bytes.length) return this.#bytes;
    return this.#bytes.subarray(this.#to, this.#to + size);
  }

  /** Takes in `count` bytes that were read to {@linkcode QueueWindow.space}. */
  commit(count: number): void {
    this.#to += count;
  }

  /** Behind what waits; if there is none, at the beginning, or in memory twice as large: the work stays linear. */
  #makeRoom(size: number): void {
    if (this.#to + size <= this.#bytes.length) return;
    const { length } = this;
    const isRoomy = length + size <= this.#bytes.length / 2;
    const bytes = isRoomy ? this.#bytes : new Uint8Array(length > 0 ? 2 * (length + size) : size);
    bytes.set(this.#bytes.subarray(this.#from, this.#to));
    this.#bytes = bytes;
    this.#from = 0;
    this.#to = length;
  }

  load(): void {
    const to = Math.min(this.#to, this.#from + WINDOW_SIZE);
    memory.set(this.#bytes.subarray(this.#from, to), INPUT);
    this.end = INPUT + to - this.#from;
  }

  drop(count: number): void {
    this.#from += count;
    if (this.#from < this.#to) return;
    this.#from = this.#to = 0;
    if (this.#bytes.length > this.idleSize) this.#bytes = EMPTY;
  }

  moveTo(target: Uint8Array): number {
    const count = Math.min(this.length, target.length);
    target.set(this.#bytes.subarray(this.#from, this.#from + count));
    this.drop(count);
    return count;
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
