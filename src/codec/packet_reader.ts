import { leaseSlot, returnSlot, type Slot } from "./arena.ts";
import { ChunkWindow, SlotWindow } from "./byte_window.ts";
import type { Packet } from "./packet.ts";
import { takePackets } from "./packet_batch.ts";
import { type DecoderOptions, PacketStream } from "./packet_stream.ts";

/** An idle connection waits with this much memory; a read that fills it begins a burst. */
const IDLE_SIZE = 2 * 1024;
/** What a burst reads into when no slot is free: one TLS record. */
const BURST_SIZE = 16 * 1024;

/**
 * The decoder for a read loop: says where to read to, then returns every packet that has become whole.
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
  readonly #chunks = new ChunkWindow();
  readonly #stream: PacketStream;
  #buffer = new Uint8Array(IDLE_SIZE);
  #slot: Slot | undefined;
  #burst: SlotWindow | undefined;

  /**
   * Starts at the beginning of a stream.
   *
   * @throws {RangeError} If `maximumPacketSize` is not 2 to 268 435 460.
   * @throws {TypeError} If there is no such role.
   */
  constructor(options: DecoderOptions = {}) {
    this.#stream = new PacketStream(this.#chunks, options);
  }

  /**
   * Where the next read goes; good until {@linkcode PacketReader.commit}.
   *
   * @throws {MalformedPacketError} If the stream breaks MQTT 3.1.1 behind the packets returned so far.
   */
  space(): Uint8Array<ArrayBuffer> {
    if (this.#stream.refusal) throw this.#stream.refusal;
    return this.#stream.landingSpace ?? this.#burst?.space() ?? this.#buffer;
  }

  /** Takes in the first `count` bytes of {@linkcode PacketReader.space}; returns the packets they completed. */
  commit(count: number): Packet[] {
    const packets: Packet[] = [];
    if (this.#stream.landingSpace) this.#stream.land(count);
    else if (this.#burst) this.#burst.commit(count);
    else this.#chunks.lend(this.#buffer.subarray(0, count));
    takePackets(this.#stream, packets);
    if (!this.#stream.landingSpace) this.#adapt(count);
    return packets;
  }

  /** Gives back what it leased; call it once, when no read is pending any more. */
  close(): void {
    if (this.#slot) returnSlot(this.#slot);
    this.#slot = this.#burst = undefined;
  }

  #adapt(count: number): void {
    if (this.#burst) {
      if (count < IDLE_SIZE && this.#burst.length < IDLE_SIZE) this.#endBurst(this.#burst);
    } else if (count === IDLE_SIZE && this.#buffer.length === IDLE_SIZE) this.#beginBurst();
    else if (count < IDLE_SIZE && this.#buffer.length > IDLE_SIZE) {
      this.#buffer = new Uint8Array(IDLE_SIZE);
    }
  }

  #beginBurst(): void {
    this.#slot = leaseSlot();
    if (!this.#slot) {
      this.#buffer = new Uint8Array(BURST_SIZE);
      return;
    }
    this.#burst = new SlotWindow(this.#slot);
    this.#burst.commit(this.#chunks.moveTo(this.#burst.space()));
    this.#stream.window = this.#burst;
  }

  #endBurst(burst: SlotWindow): void {
    const rest = new Uint8Array(burst.length);
    burst.moveTo(rest);
    this.#chunks.lend(rest);
    this.#chunks.keep(rest.length);
    this.#stream.window = this.#chunks;
    this.close();
  }
}
