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
  /** Takes what waits out of memory that belongs to somebody else; a packet of `size` bytes will follow. */
  keep(size: number): void;
}

const EMPTY = new Uint8Array(0);

/** Bytes that were handed in: the kept beginning of a packet, then the newest chunk. */
export class ChunkWindow implements ByteWindow {
  readonly start = INPUT;
  end = INPUT;
  #kept = EMPTY;
  #keptLength = 0;
  #chunk = EMPTY;
  #at = 0;

  get length(): number {
    return this.#keptLength + this.#chunk.length - this.#at;
  }

  /** Lends a chunk until `length` is 0 or {@linkcode keep} was called. */
  lend(chunk: Uint8Array<ArrayBufferLike>): void {
    this.#chunk = chunk as Uint8Array<ArrayBuffer>;
    this.#at = 0;
  }

  load(): void {
    if (this.#keptLength > 0) memory.set(this.#kept.subarray(0, this.#keptLength), INPUT);
    const at = INPUT + this.#keptLength;
    const piece = this.#nextPiece(WINDOW_SIZE - this.#keptLength);
    memory.set(piece, at);
    this.end = at + piece.length;
  }

  #nextPiece(size: number): Uint8Array {
    if (this.#at === 0 && this.#chunk.length <= size) return this.#chunk;
    return this.#chunk.subarray(this.#at, this.#at + size);
  }

  drop(count: number): void {
    // What is kept is the beginning of one packet, so whatever is dropped includes all of it.
    this.#at += count - this.#keptLength;
    this.#keptLength = 0;
  }

  moveTo(target: Uint8Array): number {
    target.set(this.#kept.subarray(0, this.#keptLength));
    const piece = this.#nextPiece(target.length - this.#keptLength);
    target.set(piece, this.#keptLength);
    const moved = this.#keptLength + piece.length;
    this.drop(moved);
    return moved;
  }

  keep(size: number): void {
    const length = this.length;
    if (length > this.#keptLength) this.#keepChunk(length, size);
    this.lend(EMPTY);
  }

  #keepChunk(length: number, size: number): void {
    if (this.#kept.length < Math.max(length, size)) {
      const larger = new Uint8Array(Math.max(length, size));
      larger.set(this.#kept.subarray(0, this.#keptLength));
      this.#kept = larger;
    }
    this.#kept.set(this.#chunk.subarray(this.#at), this.#keptLength);
    this.#keptLength = length;
  }
}

/** What a queue that is empty again keeps of its memory at most. */
const LARGEST_IDLE_QUEUE = WINDOW_SIZE;

/** Copies of bytes that were handed in, however many wait. */
export class QueueWindow implements ByteWindow {
  readonly start = INPUT;
  end = INPUT;
  #bytes = EMPTY;
  #from = 0;
  #to = 0;

  get length(): number {
    return this.#to - this.#from;
  }

  /** Takes in a copy of a chunk. */
  append(chunk: Uint8Array): void {
    if (this.#to + chunk.length > this.#bytes.length) this.#makeRoom(chunk.length);
    this.#bytes.set(chunk, this.#to);
    this.#to += chunk.length;
  }

  /** At the beginning, or in memory twice as large: so that the work stays linear. */
  #makeRoom(size: number): void {
    const { length } = this;
    const isRoomy = length + size <= this.#bytes.length / 2;
    const bytes = isRoomy ? this.#bytes : new Uint8Array(2 * (length + size));
    bytes.set(this.#bytes.subarray(this.#from, this.#to));
    this.#bytes = bytes;
    this.#from = 0;
    this.#to = length;
  }

  load(): void {
    const piece = this.#bytes.subarray(this.#from, Math.min(this.#to, this.#from + WINDOW_SIZE));
    memory.set(piece, INPUT);
    this.end = INPUT + piece.length;
  }

  drop(count: number): void {
    this.#from += count;
    if (this.#from < this.#to) return;
    this.#from = this.#to = 0;
    if (this.#bytes.length > LARGEST_IDLE_QUEUE) this.#bytes = EMPTY;
  }

  moveTo(target: Uint8Array): number {
    const count = Math.min(this.length, target.length);
    target.set(this.#bytes.subarray(this.#from, this.#from + count));
    this.drop(count);
    return count;
  }

  /** They are copies already. */
  keep(): void {}
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

  /** The slot is the stream's own. */
  keep(): void {}
}
