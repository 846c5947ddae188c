import { lengthSize, writeRemainingLength, writeUint16 } from "./write_number.ts";
import { type TextField, writeString } from "./write_text.ts";

/** Room for the fixed header, and as much as the codec has for a packet with lists. */
const HEAD_ROOM = 5;
const SIZE = 512 * 1024;
/** The longest field: two bytes of length and 65 535 of content. */
const LONGEST_FIELD = 2 + 65535;

/** Where a packet other than PUBLISH is put together, field by field. */
export class Scratch {
  readonly #out = new Uint8Array(SIZE);
  #at = HEAD_ROOM;

  /** Begins anew. */
  clear(): void {
    this.#at = HEAD_ROOM;
  }

  bytes(bytes: ArrayLike<number>): void {
    this.#reserve(bytes.length);
    this.#out.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  uint16(value: number): void {
    this.#at = writeUint16(this.#out, this.#at, value);
  }

  string(text: string, field: TextField): void {
    this.#reserve(LONGEST_FIELD);
    this.#at = writeString(this.#out, this.#at, text, field);
  }

  /** Length-prefixed bytes. */
  binary(bytes: Uint8Array, what: string): void {
    if (!(bytes instanceof Uint8Array)) {
      throw new TypeError(`Cannot encode ${what}: it is not a Uint8Array`);
    }
    if (bytes.length > 65535) {
      throw new RangeError(`Cannot encode ${what}: it is longer than 65535 bytes [1.5.3]`);
    }
    this.#reserve(LONGEST_FIELD);
    this.uint16(bytes.length);
    this.bytes(bytes);
  }

  /** A copy of the whole packet, its fixed header in front. */
  packet(first: number): Uint8Array<ArrayBuffer> {
    const remaining = this.#at - HEAD_ROOM;
    const start = HEAD_ROOM - 1 - lengthSize(remaining);
    this.#out[start] = first;
    writeRemainingLength(this.#out, start + 1, remaining);
    return this.#out.slice(start, this.#at);
  }

  #reserve(size: number): void {
    if (this.#at + size <= SIZE) return;
    throw new RangeError("Cannot encode the packet: it is larger than 448 KiB, send several");
  }
}
