import { Buffer } from "node:buffer";

/** Every so many bytes one goes into the checksum: a prime, so that it is another field each time. */
const STRIDE = 65_521;

/**
 * Where encoded bytes go in place of a socket.
 *
 * It sums up how many there are and what some of them are, wherever the stream is cut, at next to no cost. Where the
 * bytes to come are told it compares every single one.
 */
export class Outlet {
  #length = 0;
  #next = 0;
  #sum = 0;
  readonly #expected: Uint8Array | undefined;

  constructor(expected?: Uint8Array) {
    this.#expected = expected;
  }

  /** Takes bytes that may be used for something else as soon as it returns. */
  write(bytes: Uint8Array): void {
    const end = this.#length + bytes.length;
    for (; this.#next < end; this.#next += STRIDE) {
      this.#sum += Number(bytes[this.#next - this.#length]);
    }
    if (this.#expected) this.#compare(bytes, this.#expected.subarray(this.#length, end));
    this.#length = end;
  }

  /** Takes ASCII that the socket would still have to encode; here that costs nothing. */
  writeText(text: string): void {
    const end = this.#length + text.length;
    for (; this.#next < end; this.#next += STRIDE) {
      this.#sum += text.charCodeAt(this.#next - this.#length);
    }
    if (this.#expected) {
      this.#compare(Buffer.from(text), this.#expected.subarray(this.#length, end));
    }
    this.#length = end;
  }

  get checksum(): number {
    return this.#length + this.#sum;
  }

  #compare(bytes: Uint8Array, expected: Uint8Array): void {
    if (Buffer.compare(bytes, expected) === 0) return;
    const at = bytes.findIndex((byte, index) => byte !== expected[index]);
    throw new Error(`Byte ${this.#length + at} is ${bytes[at]}, not ${expected[at]}`);
  }
}
