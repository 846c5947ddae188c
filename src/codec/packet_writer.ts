import { leaseSlot, returnSlot, type Slot } from "./arena.ts";
import { encodePacket } from "./encode_packet.ts";
import type { AcknowledgementPacket, Packet, PublishPacket } from "./packet.ts";
import { memory, OVERSHOOT, SLOT_SIZE } from "./wasm.ts";
import { writeAcknowledgement } from "./write_control_packet.ts";
import { writePublishHead } from "./write_publish.ts";

/** Payloads from this size on, in bytes, are not copied but handed on as they are. */
export const LARGE_PAYLOAD: number = 16 * 1024;
const ACKNOWLEDGEMENT_SIZE = 4;
/** What the head of a PUBLISH needs beside its topic, of which a character takes three bytes at most. */
const HEAD_SIZE = 5 + 2 + 2 + OVERSHOOT;

/** A slot, or memory of its own when none was free. */
interface OutputBuffer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly slot: Slot | undefined;
}

/**
 * The encoder for a write loop: packets pile up in one buffer while a write is pending, and leave with the next.
 *
 * Payloads of 16 KiB and more are not copied: leave them unchanged until they are written.
 *
 * @example Two packets in one write
 * ```ts
 * import { PacketWriter } from "@hubwire/hubwire/codec";
 * import { assertEquals } from "@std/assert";
 *
 * const writer = new PacketWriter();
 * writer.write({ type: "puback", packetId: 1 });
 * writer.write({ type: "pingreq" });
 * assertEquals(writer.take(), [new Uint8Array([0x40, 2, 0, 1, 0xc0, 0])]); // in real life: write them
 * writer.release();
 * ```
 */
export class PacketWriter {
  /** The buffer being filled, up to `#used`; from `#from` on it is in no segment yet. */
  #buffer: OutputBuffer | undefined;
  #used = 0;
  #from = 0;
  #segments: Uint8Array[] = [];
  #full: OutputBuffer[] = [];
  #taken: OutputBuffer[] = [];
  #size = 0;

  /** How many bytes wait to be taken. */
  get size(): number {
    return this.#size;
  }

  /**
   * Encodes a packet behind those that wait; one that may not be sent leaves no byte.
   *
   * @throws {TypeError | RangeError} As {@linkcode encodePacket}.
   */
  write(packet: Packet): void {
    try {
      this.#encode(packet);
    } catch (error) {
      this.#returnEmptyBuffer();
      throw error;
    }
  }

  /** Everything that waits, to be written in this order and left alone until {@linkcode PacketWriter.release}. */
  take(): Uint8Array[] {
    this.#closeBuffer();
    const segments = this.#segments;
    this.#segments = [];
    this.#taken.push(...this.#full);
    this.#full = [];
    this.#size = 0;
    return segments;
  }

  /** What was taken has been written: its memory may be used again. */
  release(): void {
    for (const { slot } of this.#taken) if (slot) returnSlot(slot);
    this.#taken = [];
  }

  #encode(packet: Packet): void {
    switch (packet.type) {
      case "publish":
        return this.#writePublish(packet);
      case "puback":
      case "pubrec":
      case "pubrel":
      case "pubcomp":
        return this.#writeAcknowledgement(packet);
      default:
        this.#append(encodePacket(packet));
    }
  }

  #writePublish(packet: PublishPacket): void {
    const { payload, topic } = packet;
    const isLarge = payload?.length >= LARGE_PAYLOAD;
    const room = HEAD_SIZE + 3 * topic?.length + (isLarge ? 0 : payload?.length);
    const slot = room <= SLOT_SIZE ? this.#open(room).slot : undefined;
    if (!slot) return this.#append(encodePacket(packet));
    const start = slot.address + this.#used;
    const end = writePublishHead(start, packet);
    if (!isLarge) memory.set(payload, end);
    this.#grow(end - start + (isLarge ? 0 : payload.length));
    if (isLarge) this.#appendSegment(payload);
  }

  #writeAcknowledgement(packet: AcknowledgementPacket): void {
    const { slot } = this.#open(ACKNOWLEDGEMENT_SIZE);
    if (!slot) return this.#append(encodePacket(packet));
    writeAcknowledgement(slot.address + this.#used, packet);
    this.#grow(ACKNOWLEDGEMENT_SIZE);
  }

  /** Of a packet that was refused no empty slot may stay behind: nobody would ever give it back. */
  #returnEmptyBuffer(): void {
    if (!this.#buffer || this.#used > 0) return;
    if (this.#buffer.slot) returnSlot(this.#buffer.slot);
    this.#buffer = undefined;
  }

  #append(bytes: Uint8Array): void {
    if (bytes.length >= LARGE_PAYLOAD) return this.#appendSegment(bytes);
    this.#open(bytes.length).bytes.set(bytes, this.#used);
    this.#grow(bytes.length);
  }

  /** A buffer with room for `size` more bytes. */
  #open(size: number): OutputBuffer {
    if (this.#buffer && this.#used + size <= this.#buffer.bytes.length) return this.#buffer;
    this.#closeBuffer();
    const slot = leaseSlot();
    return this.#buffer = { slot, bytes: slot?.bytes ?? new Uint8Array(SLOT_SIZE) };
  }

  #grow(count: number): void {
    this.#used += count;
    this.#size += count;
  }

  #appendSegment(bytes: Uint8Array): void {
    this.#closeSegment();
    this.#segments.push(bytes);
    this.#size += bytes.length;
  }

  #closeSegment(): void {
    if (this.#buffer && this.#used > this.#from) {
      this.#segments.push(this.#buffer.bytes.subarray(this.#from, this.#used));
    }
    this.#from = this.#used;
  }

  #closeBuffer(): void {
    this.#closeSegment();
    if (this.#buffer) this.#full.push(this.#buffer);
    this.#buffer = undefined;
    this.#used = this.#from = 0;
  }
}
