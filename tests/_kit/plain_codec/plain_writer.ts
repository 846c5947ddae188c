import type { AcknowledgementPacket, Packet, PublishPacket } from "../../../src/codec/mod.ts";
import { plainEncode } from "./plain_encode.ts";
import { encodeControlPacket, FIRST_BYTES } from "./write_control_packet.ts";
import { writePacketId } from "./write_number.ts";
import { checkPublish, publishSize, writePublishHead } from "./write_publish.ts";

const LARGE_PAYLOAD = 16 * 1024;
const BUFFER_SIZE = 64 * 1024;
const LARGEST_FREE_LIST = 32;

const free: Uint8Array<ArrayBuffer>[] = [];

/** Does what `PacketWriter` does. */
export class PlainWriter {
  /** The buffer being filled, up to `#used`; from `#from` on it is in no segment yet. */
  #buffer: Uint8Array<ArrayBuffer> | undefined;
  #used = 0;
  #from = 0;
  #segments: Uint8Array[] = [];
  #full: Uint8Array<ArrayBuffer>[] = [];
  #taken: Uint8Array<ArrayBuffer>[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  write(packet: Packet): void {
    switch (packet.type) {
      case "publish":
        return this.#writePublish(packet);
      case "puback":
      case "pubrec":
      case "pubrel":
      case "pubcomp":
        return this.#writeAcknowledgement(packet);
      default:
        this.#append(encodeControlPacket(packet));
    }
  }

  take(): Uint8Array[] {
    this.#closeBuffer();
    const segments = this.#segments;
    this.#segments = [];
    this.#taken.push(...this.#full);
    this.#full = [];
    this.#size = 0;
    return segments;
  }

  release(): void {
    for (const buffer of this.#taken) if (free.length < LARGEST_FREE_LIST) free.push(buffer);
    this.#taken = [];
  }

  #writePublish(packet: PublishPacket): void {
    const { payload } = packet;
    const head = checkPublish(packet);
    const isLarge = payload.length >= LARGE_PAYLOAD;
    const size = publishSize(head) - (isLarge ? payload.length : 0);
    if (size > BUFFER_SIZE) return this.#append(plainEncode(packet)); // the topic alone fills a buffer
    const out = this.#open(size);
    const end = writePublishHead(out, this.#used, head);
    if (!isLarge) out.set(payload, end);
    this.#grow(size);
    if (isLarge) this.#appendSegment(payload);
  }

  #writeAcknowledgement(packet: AcknowledgementPacket): void {
    const out = this.#open(4);
    out[this.#used] = FIRST_BYTES[packet.type];
    out[this.#used + 1] = 2;
    writePacketId(out, this.#used + 2, packet);
    this.#grow(4);
  }

  #append(bytes: Uint8Array): void {
    if (bytes.length >= LARGE_PAYLOAD) return this.#appendSegment(bytes);
    this.#open(bytes.length).set(bytes, this.#used);
    this.#grow(bytes.length);
  }

  /** A buffer with room for `size` more bytes. */
  #open(size: number): Uint8Array {
    if (this.#buffer && this.#used + size <= BUFFER_SIZE) return this.#buffer;
    this.#closeBuffer();
    return this.#buffer = free.pop() ?? new Uint8Array(BUFFER_SIZE);
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
      this.#segments.push(this.#buffer.subarray(this.#from, this.#used));
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
