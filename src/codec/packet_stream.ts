/**
 * One incoming stream: cuts it into packets however the bytes arrive.
 *
 * `scan` describes the next packets in the rows of the codec, which every other scan overwrites: its caller
 * uses them at once and calls `accept`. The work is linear in the bytes: a packet that is not whole yet is
 * looked at again only when it is, and one larger than `LARGEST_KEPT` is collected in the buffer that its
 * payload stays in.
 */

import type { MalformedPacketError } from "../errors.ts";
import type { ByteWindow, RowSource } from "./byte_window.ts";
import { malformedPacket } from "./malformed_packet.ts";
import type { PayloadPool } from "./payload_pool.ts";
import { nameNewTopics } from "./topic_names.ts";
import { CONSUMED, ERROR, ERROR_AT, INPUT, memory, NEEDED, wasm, words } from "./wasm.ts";

/** Whose packets come in. */
export type Role = "client" | "server" | "any";

/** A set of packet types, bit n for type n (section 2.2.1). */
const ACCEPTED: Record<Role, number> = {
  client: 0b0010_1010_1111_1100,
  server: 0b0101_0101_1111_1010,
  any: 0b0111_1111_1111_1110,
};

/** The default of `maximumPacketSize`: 1 MiB. */
export const DEFAULT_MAXIMUM_PACKET_SIZE = 1024 * 1024;
const LARGEST_POSSIBLE_PACKET = 268_435_460;

const LARGEST_KEPT = 4 * 1024;
/** Fixed header, and the length of a topic. */
const LONGEST_HEAD_START = 7;

/** Options of everything that decodes. */
export interface DecoderOptions {
  /** Whose packets come in: a `"client"` reads those of a server. Default `"any"`. */
  role?: Role;
  /** In bytes, the whole packet; larger ones are refused at their header. Default 1 MiB. */
  maximumPacketSize?: number;
  /** Where the buffers of large packets come from; without one each is a new one. */
  pool?: PayloadPool;
}

export class PacketStream {
  readonly #accepted: number;
  readonly #maximumPacketSize: number;
  readonly #pool: PayloadPool | undefined;
  #window: ByteWindow;
  /** Position in the stream of the first byte not accepted yet. */
  #offset = 0;
  /** Size of the packet that waits, as far as it is known: no use looking before. */
  #needed = 0;
  #large: Uint8Array<ArrayBuffer> | undefined;
  #landed = 0;
  #isLargeTaken = false;
  #refusal: MalformedPacketError | undefined;

  constructor(window: ByteWindow, options: DecoderOptions) {
    const { role = "any", maximumPacketSize = DEFAULT_MAXIMUM_PACKET_SIZE } = options;
    if (!Object.hasOwn(ACCEPTED, role)) {
      throw new TypeError(`Cannot decode as ${role}: no such role`);
    }
    if (
      !Number.isInteger(maximumPacketSize) || maximumPacketSize < 2 ||
      maximumPacketSize > LARGEST_POSSIBLE_PACKET
    ) {
      throw new RangeError(
        `Cannot decode with maximumPacketSize ${maximumPacketSize}: it must be 2 to ${LARGEST_POSSIBLE_PACKET}`,
      );
    }
    this.#accepted = ACCEPTED[role];
    this.#maximumPacketSize = maximumPacketSize;
    this.#pool = options.pool;
    this.#window = window;
  }

  /** What is malformed behind the packets described so far; once set it stays, and no scan finds more. */
  get refusal(): MalformedPacketError | undefined {
    return this.#refusal;
  }

  /** Takes bytes from another window from now on, which already holds what waited in this one. */
  set window(window: ByteWindow) {
    this.#window = window;
  }

  /** How many bytes have to come before there is a packet, as far as that is known; at least one. */
  get missing(): number {
    return Math.max(1, this.#needed - this.#window.length);
  }

  /** The rest of a large packet's buffer, to be read into directly; `undefined` when none is coming. */
  get landingSpace(): Uint8Array<ArrayBuffer> | undefined {
    return this.#large?.subarray(this.#landed);
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
      const rows = this.#scanMemory(window.start, window.end);
      if (rows > 0 || this.#refusal) return rows;
    }
    if (this.#needed <= LARGEST_KEPT) return 0;
    this.#large = this.#pool?.take(this.#needed) ?? new Uint8Array(this.#needed);
    return this.#scanLarge(this.#large);
  }

  /** Describes the packets of the last scan again, which have not been accepted yet; returns how many. */
  scanAgain(): number {
    if (this.#large) return this.#scanLarge(this.#large);
    this.#window.load();
    return this.#scanMemory(this.#window.start, this.#window.end);
  }

  /** Where the bytes of the rows stand. */
  get source(): RowSource {
    if (!this.#large) return this.#window.source;
    const take = () => {
      this.#isLargeTaken = true;
    };
    return { bytes: this.#large, buffer: this.#large.buffer, base: INPUT, take };
  }

  /** Done with all rows of the last scan. */
  accept(): void {
    if (this.#large) this.#dropLarge(this.#large);
    else this.#dropRows();
  }

  #dropRows(): void {
    const count = words[CONSUMED]! - this.#window.start;
    this.#offset += count;
    this.#window.drop(count);
  }

  #dropLarge(large: Uint8Array): void {
    if (!this.#isLargeTaken) this.#pool?.release(large);
    this.#isLargeTaken = false;
    this.#offset += this.#landed;
    this.#large = undefined;
    this.#landed = 0;
  }

  #scanMemory(start: number, end: number): number {
    const rows = wasm.scan(start, end, this.#accepted, this.#maximumPacketSize);
    this.#needed = words[NEEDED]!;
    if (rows > 0) nameNewTopics();
    else if (words[ERROR] !== 0) {
      this.#refusal = malformedPacket(words[ERROR]!, this.#offset + words[ERROR_AT]! - start);
    }
    return rows;
  }

  #scanLarge(large: Uint8Array<ArrayBuffer>): number {
    if (this.#landed < large.length) {
      this.#landed += this.#window.moveTo(large.subarray(this.#landed));
    }
    if (this.#landed < large.length) return 0;
    // A scan looks at everything but the payload, which stays where it is.
    memory.set(large.subarray(0, LONGEST_HEAD_START), INPUT);
    const head = Math.min(wasm.headSize(INPUT, INPUT + LONGEST_HEAD_START), large.length);
    memory.set(large.subarray(0, head), INPUT);
    return this.#scanMemory(INPUT, INPUT + large.length);
  }
}
