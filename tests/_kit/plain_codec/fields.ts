import type { Bytes } from "./windows.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The fields of a body that was found well-formed, one after another. */
export class Fields {
  readonly #source: Bytes;
  #at: number;
  readonly #end: number;

  constructor(source: Bytes, at: number, length: number) {
    this.#source = source;
    this.#at = at;
    this.#end = at + length;
  }

  skip(count: number): void {
    this.#at += count;
  }

  byte(): number {
    return this.#source.view.getUint8(this.#at++);
  }

  /** A copy of length-prefixed bytes. */
  binary(): Uint8Array {
    return this.#field().slice();
  }

  /** A length-prefixed string. */
  text(): string {
    return decoder.decode(this.#field());
  }

  /** What `read` makes of the fields until there are no more. */
  list<T>(read: () => T): T[] {
    const entries: T[] = [];
    while (this.#at < this.#end) entries.push(read());
    return entries;
  }

  #field(): Uint8Array {
    const start = this.#at + 2;
    this.#at = start + this.#source.view.getUint16(this.#at);
    return this.#source.array.subarray(start, this.#at);
  }
}
