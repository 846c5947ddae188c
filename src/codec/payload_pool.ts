/** Smaller buffers cost less to make than to look for. */
const SMALLEST = 8 * 1024;
const DEFAULT_MAXIMUM_BYTES = 4 * 1024 * 1024;

/** Options of a {@linkcode PayloadPool}. */
export interface PayloadPoolOptions {
  /** How many bytes it keeps at most for later; default 4 MiB. */
  maximumBytes?: number;
}

/**
 * Buffers for large payloads that are used again, for who says when a payload has served.
 *
 * The dearest part of receiving a large packet is fresh memory for it. Give a pool to
 * {@linkcode PacketReader} or {@linkcode PacketDecoder}: a packet of more than 4 KiB that arrives in pieces then lies in a
 * buffer of the pool, and {@linkcode PayloadPool.release} gives that back. A payload that is never released is
 * collected as garbage like any other.
 *
 * @example A payload that has served
 * ```ts
 * import { encodePacket, PacketReader, PayloadPool } from "@hubwire/hubwire/codec";
 * import { assertEquals } from "@std/assert";
 *
 * const pool = new PayloadPool();
 * const reader = new PacketReader({ pool });
 * const payload = new Uint8Array(100_000);
 * const bytes = encodePacket({ type: "publish", topic: "a", payload, qos: 0, retain: false, dup: false });
 * for (let at = 0; at < bytes.length;) {
 *   const space = reader.space();
 *   const piece = bytes.subarray(at, at + space.length);
 *   space.set(piece);
 *   at += piece.length;
 *   for (const packet of reader.commit(piece.length)) {
 *     if (packet.type === "publish") assertEquals(pool.release(packet.payload), true);
 *   }
 * }
 * ```
 */
export class PayloadPool {
  readonly #maximumBytes: number;
  /** By the logarithm of their size. */
  readonly #free: ArrayBuffer[][] = [];
  #freeBytes = 0;
  /** Those that nobody gives back are nobody's business here. */
  readonly #lent = new WeakSet<ArrayBufferLike>();

  /**
   * Makes an empty pool.
   *
   * @throws {RangeError} If `maximumBytes` is negative or no number.
   */
  constructor({ maximumBytes = DEFAULT_MAXIMUM_BYTES }: PayloadPoolOptions = {}) {
    if (!(maximumBytes >= 0)) {
      throw new RangeError(`Cannot make a pool of ${maximumBytes} bytes: it must be 0 or more`);
    }
    this.#maximumBytes = maximumBytes;
  }

  /** So many bytes, with anything in them. Nobody else uses them until they are released. */
  take(length: number): Uint8Array<ArrayBuffer> {
    const size = sizeFor(length);
    const buffer = this.#free[Math.log2(size)]?.pop();
    if (buffer) this.#freeBytes -= size;
    const lent = buffer ?? new ArrayBuffer(size);
    this.#lent.add(lent);
    return new Uint8Array(lent, 0, length);
  }

  /**
   * Gives back the buffer of a payload, which must not be used any more.
   *
   * Returns `false`, and does nothing, if it is not a buffer of this pool or was given back before: so every
   * payload can be released, the small ones too.
   */
  release(payload: Uint8Array): boolean {
    const buffer = payload.buffer as ArrayBuffer;
    if (!this.#lent.delete(buffer)) return false;
    const size = buffer.byteLength;
    if (this.#freeBytes + size <= this.#maximumBytes) {
      (this.#free[Math.log2(size)] ??= []).push(buffer);
      this.#freeBytes += size;
    }
    return true;
  }
}

/** Powers of two, so that buffers serve packets of about their size. */
function sizeFor(length: number): number {
  return Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(length)));
}
