/** Bytes of a stream that wait to be scanned. */

import { WINDOW_SIZE } from "./kept_topics.ts";

/** A packet that is cut off is collected in the window up to this size, a larger one in a buffer of its own. */
export const LARGEST_KEPT = 4 * 1024;
/** Room for the kept beginning of a packet and some of what follows. */
const JOINT_SIZE = 2 * LARGEST_KEPT;
const BUFFER_SIZE = 64 * 1024;

const EMPTY = new Uint8Array(0);

/** Bytes, and the same bytes to be read as numbers. */
export class Bytes {
  readonly view: DataView;

  constructor(readonly array: Uint8Array<ArrayBuffer>) {
    this.view = new DataView(array.buffer, array.byteOffset, array.length);
  }
}

/** Where a stream takes its bytes from. */
export interface Window {
  /** How many bytes wait. */
  readonly length: number;
  /** What {@linkcode load} made visible: the first bytes that wait, perhaps not all. */
  readonly bytes: Bytes;
  readonly start: number;
  readonly end: number;
  load(): void;
  /** Forgets the first `count` bytes. */
  drop(count: number): void;
  /** Moves as many bytes as fit into `target`; returns how many. */
  moveTo(target: Uint8Array): number;
  /** Takes what waits out of memory that belongs to somebody else. */
  keep(): void;
}

/** Bytes that were handed in: the kept beginning of a packet, then the newest chunk, which is read where it is. */
export class ChunkWindow implements Window {
  bytes = new Bytes(EMPTY);
  start = 0;
  end = 0;
  #chunk = this.bytes;
  #at = 0;
  #joint: Bytes | undefined;
  #kept = 0;

  get length(): number {
    return this.#kept + this.#chunk.array.length - this.#at;
  }

  /** Lends a chunk until `length` is 0 or {@linkcode keep} was called. */
  lend(chunk: Uint8Array): void {
    this.#chunk = new Bytes(chunk as Uint8Array<ArrayBuffer>);
    this.#at = 0;
  }

  load(): void {
    if (this.#kept === 0) {
      this.bytes = this.#chunk;
      this.start = this.#at;
      this.end = Math.min(this.#at + WINDOW_SIZE, this.#chunk.array.length);
    } else {
      this.bytes = this.#joint ??= new Bytes(new Uint8Array(JOINT_SIZE));
      this.start = 0;
      this.end = this.#kept + this.#copy(this.bytes.array.subarray(this.#kept));
    }
  }

  #copy(target: Uint8Array): number {
    const { array } = this.#chunk;
    const piece = this.#at === 0 && array.length <= target.length
      ? array
      : array.subarray(this.#at, this.#at + target.length);
    target.set(piece);
    return piece.length;
  }

  drop(count: number): void {
    // What is kept is the beginning of one packet, so whatever is dropped includes all of it.
    this.#at += count - this.#kept;
    this.#kept = 0;
  }

  moveTo(target: Uint8Array): number {
    if (this.#joint) target.set(this.#joint.array.subarray(0, this.#kept));
    const moved = this.#kept + this.#copy(target.subarray(this.#kept));
    this.drop(moved);
    return moved;
  }

  keep(): void {
    if (this.length > this.#kept) {
      this.#joint ??= new Bytes(new Uint8Array(JOINT_SIZE));
      this.#kept += this.#copy(this.#joint.array.subarray(this.#kept));
    }
    this.lend(EMPTY);
  }
}

/** Bytes that were read into a buffer of the window's own. */
export class BufferWindow implements Window {
  readonly bytes = new Bytes(new Uint8Array(BUFFER_SIZE));
  start = 0;
  end = 0;

  get length(): number {
    return this.end - this.start;
  }

  /** Where the next bytes may be read to; at least half of the buffer. */
  space(): Uint8Array<ArrayBuffer> {
    if (this.start === this.end) this.start = this.end = 0;
    if (this.end > BUFFER_SIZE / 2) {
      this.bytes.array.copyWithin(0, this.start, this.end);
      this.end -= this.start;
      this.start = 0;
    }
    return this.bytes.array.subarray(this.end);
  }

  /** Takes in `count` bytes that were read to {@linkcode space}. */
  commit(count: number): void {
    this.end += count;
  }

  load(): void {}

  drop(count: number): void {
    this.start += count;
  }

  moveTo(target: Uint8Array): number {
    const count = Math.min(this.length, target.length);
    target.set(this.bytes.array.subarray(this.start, this.start + count));
    this.start += count;
    return count;
  }

  keep(): void {}
}
