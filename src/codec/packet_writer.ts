import { leaseSlot, returnSlot, type Slot } from "./arena.ts";
import { encodePacket } from "./encode_packet.ts";
import type { AcknowledgementPacket, Packet, PublishPacket } from "./packet.ts";
import { memory, OVERSHOOT, SLOT_SIZE } from "./wasm.ts";
import { writeAcknowledgement } from "./write_control_packet.ts";
import { writePublishHead } from "./write_publish.ts";

/** Payloads from this size on, in bytes, are not copied but handed on as they are. */
export const LARGE_PAYLOAD: number = 16 * 1024;
/** What a writer takes at first where no slot is free. */
const OWN_SIZE = 2 * 1024;
const ACKNOWLEDGEMENT_SIZE = 4;
/** What the head of a PUBLISH needs beside its topic, of which a character takes three bytes at most. */
const HEAD_SIZE = 5 + 2 + 2 + OVERSHOOT;

/** A slot, or memory of its own when none was free. */
interface OutputBuffer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly slot: Slot | undefined;
  /** Where `bytes` begin: an address in the codec's memory, 0 in memory of its own. */
  readonly start: number;
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
  /** The buffer being filled, up to `#at`; from `#from` on it is in no segment yet. */
  #buffer: OutputBuffer | undefined;
  #from = 0;
  #at = 0;
  /** How far a PUBLISH may reach that is written straight to the codec's memory. */
  #limit = 0;
  #segments: Uint8Array[] = [];
  #full: OutputBuffer[] = [];
  #taken: OutputBuffer[] = [];
  /** Size of the segments. */
  #size = 0;

  /** How many bytes wait to be taken. */
  get size(): number {
    return this.#size + this.#at - this.#from;
  }

  /**
   * Encodes a packet behind those that wait; one that may not be sent leaves no byte.
   *
   * @throws {TypeError | RangeError} As {@linkcode encodePacket}.
   */
  write(packet: Packet): void {
    // Nearly everything takes this way. Whatever is no PUBLISH, or a broken one, has no such lengths.
    if (packet.type === "publish") {
      const payloadLength = packet.payload?.length;
      const end = this.#at + HEAD_SIZE + 3 * packet.topic?.length + payloadLength;
      if (end <= this.#limit && payloadLength < LARGE_PAYLOAD) return this.#writePublish(packet);
    }
    this.#writeAny(packet);
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

  #writePublish(packet: PublishPacket): void {
    const end = writePublishHead(this.#at, packet);
    memory.set(packet.payload, end);
    this.#at = end + packet.payload.length;
  }

  #writeAny(packet: Packet): void {
    try {
      this.#encode(packet);
    } catch (error) {
      this.#returnEmptyBuffer();
      throw error;
    }
  }

  #encode(packet: Packet): void {
    switch (packet.type) {
      case "publish":
        return this.#encodePublish(packet);
      case "puback":
      case "pubrec":
      case "pubrel":
      case "pubcomp":
        return this.#writeAcknowledgement(packet);
      default:
        this.#append(encodePacket(packet));
    }
  }

  #encodePublish(packet: PublishPacket): void {
    const { payload, topic } = packet;
    const isLarge = payload?.length >= LARGE_PAYLOAD;
    const room = HEAD_SIZE + 3 * topic?.length + (isLarge ? 0 : payload?.length);
    const slot = room <= SLOT_SIZE ? this.#open(room).slot : undefined;
    if (!slot) return this.#append(encodePacket(packet));
    if (!isLarge) return this.#writePublish(packet);
    this.#at = writePublishHead(this.#at, packet);
    this.#appendSegment(payload);
  }

  #writeAcknowledgement(packet: AcknowledgementPacket): void {
    const { slot } = this.#open(ACKNOWLEDGEMENT_SIZE);
    if (slot) this.#at = writeAcknowledgement(this.#at, packet);
    else this.#append(encodePacket(packet));
  }

  /** Of a packet that was refused no empty slot may stay behind: nobody would ever give it back. */
  #returnEmptyBuffer(): void {
    if (!this.#buffer || this.#at > this.#buffer.start) return;
    if (this.#buffer.slot) returnSlot(this.#buffer.slot);
    this.#leaveBuffer();
  }

  #append(bytes: Uint8Array): void {
    if (bytes.length >= LARGE_PAYLOAD) return this.#appendSegment(bytes);
    const buffer = this.#open(bytes.length);
    buffer.bytes.set(bytes, this.#at - buffer.start);
    this.#at += bytes.length;
  }

  /** A buffer with room for `size` more bytes. */
  #open(size: number): OutputBuffer {
    const buffer = this.#buffer;
    if (buffer && this.#at + size <= buffer.start + buffer.bytes.length) return buffer;
    this.#closeBuffer();
    const slot = leaseSlot();
    const start = slot?.address ?? 0;
    const bytes = slot?.bytes ?? new Uint8Array(this.#ownSize(size));
    this.#buffer = { slot, start, bytes };
    this.#from = this.#at = start;
    if (slot) this.#limit = start + SLOT_SIZE;
    return this.#buffer;
  }

  /** Where many connections write at once most have little to say. */
  #ownSize(least: number): number {
    return this.#full.length === 0 && least <= OWN_SIZE ? OWN_SIZE : SLOT_SIZE;
  }

  #appendSegment(bytes: Uint8Array): void {
    this.#closeSegment();
    this.#segments.push(bytes);
    this.#size += bytes.length;
  }

  #closeSegment(): void {
    if (this.#buffer && this.#at > this.#from) {
      const { bytes, start } = this.#buffer;
      this.#segments.push(bytes.subarray(this.#from - start, this.#at - start));
      this.#size += this.#at - this.#from;
    }
    this.#from = this.#at;
  }

  #closeBuffer(): void {
    this.#closeSegment();
    if (this.#buffer) this.#full.push(this.#buffer);
    this.#leaveBuffer();
  }

  #leaveBuffer(): void {
    this.#buffer = undefined;
    this.#from = this.#at = this.#limit = 0;
  }
}
