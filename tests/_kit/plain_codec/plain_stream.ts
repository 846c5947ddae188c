/**
 * One incoming stream: cuts it into packets however the bytes arrive.
 *
 * A packet that is not whole yet is looked at again only when it is, and one larger than `LARGEST_KEPT` is
 * collected in the buffer that its payload stays in.
 */

import type { DecoderOptions, Role } from "../../../src/codec/mod.ts";
import { malformedPacket } from "../../../src/codec/malformed_packet.ts";
import type { MalformedPacketError } from "../../../src/errors.ts";
import { nameNewTopics } from "./kept_topics.ts";
import { status } from "./rows.ts";
import { type Limits, scan } from "./scan.ts";
import { Bytes, LARGEST_KEPT, type Window } from "./windows.ts";

/** The packet types that come in (section 2.2.1). */
const TYPES: Record<Role, readonly number[]> = {
  client: [2, 3, 4, 5, 6, 7, 9, 11, 13],
  server: [1, 3, 4, 5, 6, 7, 8, 10, 12, 14],
  any: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
};
const LARGEST_POSSIBLE_PACKET = 268_435_460;

export class PlainStream {
  readonly #limits: Limits;
  readonly #window: Window;
  /** Position in the stream of the first byte not accepted yet. */
  #offset = 0;
  /** Size of the packet that waits, as far as it is known: no use looking before. */
  #needed = 0;
  #large: Bytes | undefined;
  #landed = 0;
  #consumed = 0;
  #refusal: MalformedPacketError | undefined;

  constructor(window: Window, options: DecoderOptions) {
    const { role = "any", maximumPacketSize = 1024 * 1024 } = options;
    if (!Object.hasOwn(TYPES, role)) throw new TypeError(`Cannot decode as ${role}: no such role`);
    if (
      !Number.isInteger(maximumPacketSize) || maximumPacketSize < 2 ||
      maximumPacketSize > LARGEST_POSSIBLE_PACKET
    ) {
      throw new RangeError(
        `Cannot decode with maximumPacketSize ${maximumPacketSize}: it must be 2 to ${LARGEST_POSSIBLE_PACKET}`,
      );
    }
    const acceptedTypes = TYPES[role].reduce((set, type) => set | 1 << type, 0);
    this.#limits = { acceptedTypes, maximumPacketSize };
    this.#window = window;
  }

  /** What is malformed behind the packets described so far; once set it stays, and no scan finds more. */
  get refusal(): MalformedPacketError | undefined {
    return this.#refusal;
  }

  /** Where the bytes of the rows stand. */
  get source(): Bytes {
    return this.#large ?? this.#window.bytes;
  }

  /** Index behind the bytes of the rows. */
  get consumed(): number {
    return this.#consumed;
  }

  /** Whether the bytes of the rows stay as they are for ever. */
  get isSourceOwned(): boolean {
    return this.#large !== undefined;
  }

  /** The rest of a large packet's buffer, to be read into directly; `undefined` when none is coming. */
  get landingSpace(): Uint8Array<ArrayBuffer> | undefined {
    return this.#large?.array.subarray(this.#landed);
  }

  /** Takes in `count` bytes that were read to {@linkcode landingSpace}. */
  land(count: number): void {
    this.#landed += count;
  }

  /** Describes the next packets; returns how many, 0 when more bytes are needed or the stream is refused. */
  scan(): number {
    if (this.#refusal) return 0;
    if (this.#large) return this.#scanLarge(this.#large);
    const window = this.#window;
    if (window.length > 0 && window.length >= this.#needed) {
      window.load();
      const count = this.#scanBytes(window.bytes, window.start, window.end);
      if (count > 0 || this.#refusal) return count;
    }
    if (this.#needed <= LARGEST_KEPT) {
      window.keep();
      return 0;
    }
    this.#large = new Bytes(new Uint8Array(this.#needed));
    return this.#scanLarge(this.#large);
  }

  /** Done with all rows of the last scan. */
  accept(): void {
    if (this.#large) {
      this.#offset += this.#landed;
      this.#large = undefined;
      this.#landed = 0;
    } else {
      const count = this.#consumed - this.#window.start;
      this.#offset += count;
      this.#window.drop(count);
    }
  }

  #scanLarge(large: Bytes): number {
    if (this.#landed < large.array.length) {
      this.#landed += this.#window.moveTo(large.array.subarray(this.#landed));
    }
    return this.#landed < large.array.length ? 0 : this.#scanBytes(large, 0, this.#landed);
  }

  #scanBytes({ view }: Bytes, start: number, end: number): number {
    const count = scan(view, start, end, this.#limits);
    this.#needed = status.needed;
    this.#consumed = status.consumed;
    if (count > 0) nameNewTopics();
    else if (status.error !== 0) {
      this.#refusal = malformedPacket(status.error, this.#offset + status.errorAt - start);
    }
    return count;
  }
}
