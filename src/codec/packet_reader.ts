import { leaseSlot, returnSlot, type Slot } from "./arena.ts";
import { QueueWindow, SlotWindow } from "./byte_window.ts";
import type { Packet } from "./packet.ts";
import { PacketCursor } from "./packet_cursor.ts";
import { type DecoderOptions, PacketStream } from "./packet_stream.ts";

/** An idle connection waits with this much memory; a read that brings as much begins a burst. */
const IDLE_SIZE = 2 * 1024;
/** Behind the beginning of a packet there may be less space, but no less than this. */
const LEAST_SPACE = 512;
/** What a burst reads into when no slot is free: one TLS record. */
const BURST_SIZE = 16 * 1024;

/**
 * The decoder for a read loop: says where to read to, then gives every packet that has become whole.
 *
 * {@linkcode PacketReader.commit} returns them; {@linkcode PacketReader.cursor} walks over them, which costs less, and makes
 * an object of a packet only if it is asked to.
 *
 * While much arrives it reads straight into the codec's memory, and a large packet straight into the buffer
 * that its payload stays in. An idle connection holds a small buffer of its own, so two connections never
 * share memory that a read is pending on.
 *
 * @example One turn of a read loop
 * ```ts
 * import { PacketReader } from "@hubwire/hubwire/codec";
 * import { assertEquals } from "@std/assert";
 *
 * const reader = new PacketReader({ role: "client" });
 * reader.space().set([0xd0, 0x00]); // in real life: await connection.read(reader.space())
 * assertEquals(reader.commit(2), [{ type: "pingresp" }]);
 * reader.close();
 * ```
 */
export class PacketReader {
  readonly #queue = new QueueWindow({ givesBytes: false });
  readonly #stream: PacketStream;
  readonly #cursor: PacketCursor;
  #slot: Slot | undefined;
  #burst: SlotWindow | undefined;
  /** How much a read brings at most while there is no slot. */
  #readSize = IDLE_SIZE;
  /** How much the last read brought. */
  #lastRead = 0;

  /**
   * Starts at the beginning of a stream.
   *
   * @throws {RangeError} If `maximumPacketSize` is not 2 to 268 435 460.
   * @throws {TypeError} If there is no such role.
   */
  constructor(options: DecoderOptions = {}) {
    this.#stream = new PacketStream(this.#queue, options);
    this.#cursor = new PacketCursor(this.#stream);
  }

  /**
   * Where the next read goes; good until it is committed.
   *
   * @throws {MalformedPacketError} If the stream breaks MQTT 3.1.1 behind the packets given so far.
   * @throws {TypeError} If a cursor has not come to its end.
   */
  space(): Uint8Array<ArrayBuffer> {
    if (this.#cursor.isRunning) {
      throw new TypeError("Cannot read on: the cursor still has packets");
    }
    if (this.#stream.refusal) throw this.#stream.refusal;
    const landing = this.#stream.landingSpace;
    if (landing) return landing;
    this.#adapt();
    return this.#burst?.space() ?? this.#idleSpace();
  }

  #idleSpace(): Uint8Array<ArrayBuffer> {
    const least = Math.max(LEAST_SPACE, this.#stream.missing);
    return this.#queue.space({ least, most: this.#readSize });
  }

  /** Takes in the first `count` bytes of {@linkcode PacketReader.space}; returns the packets they completed. */
  commit(count: number): Packet[] {
    return this.cursor(count).packets();
  }

  /**
   * The same, but walks over the packets and makes only what is asked for: always the same cursor.
   *
   * It has to be taken to its end before {@linkcode PacketReader.space} is called again.
   */
  cursor(count: number): PacketCursor {
    this.#takeIn(count);
    return this.#cursor.start();
  }

  /** Gives back what it leased; call it once, when no read is pending any more. */
  close(): void {
    if (this.#slot) returnSlot(this.#slot);
    this.#slot = this.#burst = undefined;
  }

  #takeIn(count: number): void {
    if (this.#stream.landingSpace) return this.#stream.land(count);
    this.#lastRead = count;
    (this.#burst ?? this.#queue).commit(count);
  }

  /** To whether much arrives or little. */
  #adapt(): void {
    const count = this.#lastRead;
    if (this.#burst) {
      if (count < IDLE_SIZE && this.#burst.length < IDLE_SIZE) this.#endBurst(this.#burst);
    } else if (count >= IDLE_SIZE) this.#beginBurst();
    else {
      this.#readSize = IDLE_SIZE;
      this.#queue.shrink(2 * IDLE_SIZE);
    }
  }

  #beginBurst(): void {
    this.#slot = leaseSlot();
    if (!this.#slot) {
      this.#readSize = BURST_SIZE;
      return;
    }
    this.#burst = new SlotWindow(this.#slot);
    this.#burst.commit(this.#queue.moveTo(this.#burst.space()));
    this.#queue.shrink(IDLE_SIZE);
    this.#stream.window = this.#burst;
  }

  #endBurst(burst: SlotWindow): void {
    const size = burst.length;
    if (size > 0) {
      this.#queue.commit(burst.moveTo(this.#queue.space({ least: size, most: size })));
    }
    this.#stream.window = this.#queue;
    this.close();
  }
}
