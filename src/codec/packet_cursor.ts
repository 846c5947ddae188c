import { liftControlPacket, liftPublish, topicOf } from "./lift_packet.ts";
import type { Packet } from "./packet.ts";
import { type PacketStream, type RowSource, scanCount } from "./packet_stream.ts";
import { BODY_AT, BODY_LENGTH, isPublish, PACKET_ID, packetType } from "./row.ts";
import { allocateBytes } from "./slab.ts";
import { FIRST_ROW, memory, ROW_WORDS, words } from "./wasm.ts";

const NO_BYTES: RowSource = { bytes: memory, base: 0 };
const NO_SCAN = -1;

/**
 * The packets of one read, one after the other, without making an object of any.
 *
 * It stands on one packet, of which it tells what is asked for; what is not asked for costs nothing. Take what has to
 * outlive the step to the next packet with {@linkcode PacketCursor.packet}.
 *
 * @example The sum of all payload sizes
 * ```ts
 * import { PacketReader } from "@hubwire/hubwire/codec";
 * import { assertEquals } from "@std/assert";
 *
 * const reader = new PacketReader({ role: "client" });
 * reader.space().set([0x30, 0x05, 0, 1, 0x61, 0x68, 0x69]); // in real life: await connection.read(reader.space())
 * let size = 0;
 * const cursor = reader.cursor(7);
 * while (cursor.next()) if (cursor.type === "publish") size += cursor.payloadLength;
 * assertEquals(size, 2);
 * ```
 */
export class PacketCursor {
  readonly #stream: PacketStream;
  #row = 0;
  #lastRow = 0;
  #isRunning = false;
  /** Whose scan the rows are of: another stream's may have come since. */
  #scan = NO_SCAN;
  #source = NO_BYTES;

  /** Made by {@linkcode PacketReader.cursor}. */
  constructor(stream: PacketStream) {
    this.#stream = stream;
  }

  /** Whether {@linkcode PacketCursor.next} has not returned `false` yet. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Starts over with what the stream now has; called by {@linkcode PacketReader.cursor}. */
  start(): this {
    this.#stop();
    this.#isRunning = true;
    return this;
  }

  /** Goes on to the next packet; `false` when more bytes are needed, or what follows is malformed. */
  next(): boolean {
    if (this.#row === this.#lastRow) return this.#nextScan();
    this.#row += ROW_WORDS;
    return true;
  }

  /** The type of the packet. */
  get type(): Packet["type"] {
    return packetType(this.#current());
  }

  /** The packet identifier, 0 where there is none. */
  get packetId(): number {
    return words[this.#current() + PACKET_ID]!;
  }

  /** Of a PUBLISH: 0, 1 or 2. */
  get qos(): 0 | 1 | 2 {
    return (words[this.#current()]! >> 1 & 3) as 0 | 1 | 2;
  }

  /** Of a PUBLISH: whether the server has kept it for later subscribers. */
  get retain(): boolean {
    return (words[this.#current()]! & 1) === 1;
  }

  /** Of a PUBLISH: whether it was sent before. */
  get dup(): boolean {
    return (words[this.#current()]! & 8) === 8;
  }

  /** Of a PUBLISH: its topic name, the same string for the same topic. */
  get topic(): string {
    return topicOf(this.#current());
  }

  /** Of a PUBLISH: what the payload stands in; more than the payload. */
  get bytes(): Uint8Array<ArrayBuffer> {
    this.#current();
    return this.#source.bytes;
  }

  /** Of a PUBLISH: index in {@linkcode PacketCursor.bytes} of the first byte of the payload. */
  get payloadStart(): number {
    return words[this.#current() + BODY_AT]! - this.#source.base;
  }

  /** Of a PUBLISH: size of the payload in bytes. */
  get payloadLength(): number {
    return words[this.#current() + BODY_LENGTH]!;
  }

  /** Of a PUBLISH: a view of its payload, good until anything else is decoded. */
  get payload(): Uint8Array<ArrayBuffer> {
    const { buffer, byteOffset } = this.bytes;
    return new Uint8Array(buffer, byteOffset + this.payloadStart, this.payloadLength);
  }

  /** The packet as {@linkcode PacketReader.commit} would have returned it; it is yours. */
  packet(): Packet {
    const row = this.#current();
    if (!isPublish(row)) return liftControlPacket(row);
    const bytes = allocateBytes(this.payloadLength);
    bytes.set(this.payload);
    return liftPublish(row, { bytes, base: words[row + BODY_AT]! });
  }

  /** The row, which is described anew if another stream has been scanned since. */
  #current(): number {
    if (this.#scan !== scanCount) this.#scanAgain();
    return this.#row;
  }

  #scanAgain(): void {
    if (this.#row === 0) throw new TypeError("Cannot tell of a packet: the cursor is on none");
    this.#stream.scanAgain();
    this.#scan = scanCount;
  }

  #nextScan(): boolean {
    if (!this.#isRunning) return false;
    if (this.#row > 0) this.#leaveRows();
    const count = this.#stream.scan();
    if (count === 0) return this.#stop();
    this.#scan = scanCount;
    this.#source = this.#stream.source;
    this.#row = FIRST_ROW;
    this.#lastRow = FIRST_ROW + (count - 1) * ROW_WORDS;
    return true;
  }

  #leaveRows(): void {
    this.#current();
    this.#stream.recycle();
  }

  #stop(): false {
    this.#row = this.#lastRow = 0;
    this.#scan = NO_SCAN;
    this.#isRunning = false;
    return false;
  }
}
