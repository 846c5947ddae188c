import type { RowSource } from "./byte_window.ts";
import { type LazyPacket, LazyPublish } from "./lazy_publish.ts";
import { liftControlPacket, liftPublish, topicOf } from "./lift_packet.ts";
import type { Packet } from "./packet.ts";
import type { PacketStream } from "./packet_stream.ts";
import {
  BODY_AT,
  BODY_LENGTH,
  isDuplicate,
  isPublish,
  isRetained,
  PACKET_ID,
  packetType,
  qosOf,
  START,
  TOPIC_ID,
} from "./row.ts";
import { cutBytes } from "./slab.ts";
import { topicName } from "./topic_names.ts";
import { CONSUMED, FIRST_ROW, memory, ROW_WORDS, TOPIC_CAPACITY, words } from "./wasm.ts";

const NO_BYTES = new Uint8Array(0);
const NOTHING: RowSource = { bytes: NO_BYTES, buffer: NO_BYTES.buffer, base: 0 };
const NOWHERE = -1;
/** Has no name. */
const NO_TOPIC = 2 * TOPIC_CAPACITY;
/** In bytes: as much is copied at first, and twice as much each time: who takes many packets will take the next too. */
const COPIED_FIRST = 4 * 1024;

/** The id of the topic that a cursor stands on; one that has no name where there is none, or it is forgotten. */
export let topicIdOf: (cursor: PacketCursor) => number;

/** The row of the packet that a cursor stands on; both are for what works on packets in place. */
export let rowOf: (cursor: PacketCursor) => number;

/** Whose scan the rows are of: all share one set of them. */
let holder: PacketCursor | undefined;

/**
 * The packets of one read, one after the other.
 *
 * It stands on one packet and tells of it what is asked for; nothing is made that is not. What has to outlive the step to the
 * next packet is taken with {@linkcode PacketCursor.packet}, or with {@linkcode PacketCursor.lazyPacket} where many payloads
 * are never looked at.
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
  #isRunning = false;
  #row = NOWHERE;
  #lastRow = NOWHERE;
  /** Where it stood when another cursor used the rows. */
  #displacedRow = NOWHERE;
  #source = NOTHING;
  /** What was copied for packets that were taken, up to an address. */
  #owned = NOTHING;
  #ownedEnd = 0;
  #copiedAhead = COPIED_FIRST;

  // Of the row it stands on. To read them all at once is cheaper than each when it is asked for, where the compiler
  // has to see that nothing changed in between.
  #first = 0;
  #packetId = 0;
  #topicId = NO_TOPIC;
  #payloadStart = 0;
  #payloadLength = 0;

  static {
    topicIdOf = (cursor) => cursor.#topicId;
    rowOf = (cursor) => cursor.#currentRow();
  }

  /** Made by {@linkcode PacketReader.cursor}. */
  constructor(stream: PacketStream) {
    this.#stream = stream;
  }

  /** Whether {@linkcode PacketCursor.next} has not returned `false` yet. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Starts with what the stream now has; for {@linkcode PacketReader}. */
  start(): this {
    this.#stop();
    this.#isRunning = true;
    return this;
  }

  /** Goes on to the next packet; `false` when more bytes are needed, or what follows is malformed. */
  next(): boolean {
    if (this.#row === this.#lastRow) return this.#nextScan();
    this.#standOn(this.#row + ROW_WORDS);
    return true;
  }

  /** The type of the packet. */
  get type(): Packet["type"] {
    return packetType(this.#first);
  }

  /** The packet identifier, 0 where there is none. */
  get packetId(): number {
    return this.#packetId;
  }

  /** Of a PUBLISH: 0, 1 or 2. */
  get qos(): 0 | 1 | 2 {
    return qosOf(this.#first);
  }

  /** Of a PUBLISH: whether the server has kept it for later subscribers. */
  get retain(): boolean {
    return isRetained(this.#first);
  }

  /** Of a PUBLISH: whether it was sent before. */
  get dup(): boolean {
    return isDuplicate(this.#first);
  }

  /** Of a PUBLISH: its topic name, the same string for the same topic; of any other packet empty. */
  get topic(): string {
    return topicName(this.#topicId) ?? topicOf(this.#currentRow());
  }

  /** Of a PUBLISH: what the payload stands in, more than the payload; good until anything else is decoded. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#source.bytes;
  }

  /** Of a PUBLISH: index in {@linkcode PacketCursor.bytes} of the first byte of the payload. */
  get payloadStart(): number {
    return this.#payloadStart;
  }

  /** Of a PUBLISH: size of the payload in bytes. */
  get payloadLength(): number {
    return this.#payloadLength;
  }

  /** Of a PUBLISH: a view of its payload, good until anything else is decoded. */
  get payload(): Uint8Array<ArrayBuffer> {
    this.#currentRow();
    return new Uint8Array(this.#source.buffer, this.#payloadStart, this.#payloadLength);
  }

  /** The packet as an object of its own; its payload may share its `ArrayBuffer` with others. */
  packet(): Packet {
    const row = this.#currentRow();
    return isPublish(row) ? liftPublish(row, this.#own(row)) : liftControlPacket(row);
  }

  /** The same, but no view of a payload is made before it is asked for. */
  lazyPacket(): LazyPacket {
    const row = this.#currentRow();
    return isPublish(row) ? new LazyPublish(row, this.#own(row)) : liftControlPacket(row);
  }

  /** All packets that are left. */
  packets(): Packet[] {
    const packets: Packet[] = [];
    while (this.next()) packets.push(this.packet());
    return packets;
  }

  #standOn(row: number): void {
    this.#row = row;
    this.#first = words[row]!;
    this.#packetId = words[row + PACKET_ID]!;
    this.#topicId = words[row + TOPIC_ID]!;
    this.#payloadStart = words[row + BODY_AT]! - this.#source.base;
    this.#payloadLength = words[row + BODY_LENGTH]!;
  }

  #nextScan(): boolean {
    if (!this.#isRunning) return false;
    if (this.#displacedRow !== NOWHERE) {
      this.#restore();
      return this.next();
    }
    if (this.#row !== NOWHERE) this.#stream.accept();
    this.#hold();
    const count = this.#stream.scan();
    if (count === 0) return this.#stop();
    this.#describe(FIRST_ROW, count);
    return true;
  }

  #describe(row: number, count: number): void {
    this.#source = this.#stream.source;
    this.#owned = NOTHING;
    this.#ownedEnd = 0;
    this.#copiedAhead = COPIED_FIRST;
    this.#lastRow = FIRST_ROW + (count - 1) * ROW_WORDS;
    this.#standOn(row);
  }

  #stop(): false {
    this.#row = this.#lastRow = this.#displacedRow = NOWHERE;
    this.#topicId = NO_TOPIC;
    this.#isRunning = false;
    if (holder === this) holder = undefined;
    return false;
  }

  /** A copy of the packet's bytes, and of those behind it: most who take one packet take the next too. */
  #own(row: number): RowSource {
    if (words[row + BODY_AT]! + words[row + BODY_LENGTH]! > this.#ownedEnd) this.#copy(row);
    return this.#owned;
  }

  #copy(row: number): void {
    const { take } = this.#source;
    if (take) return this.#takeSource(take);
    const start = words[row + START]!;
    const next = words[row + BODY_AT]! + words[row + BODY_LENGTH]!;
    const end = Math.max(next, Math.min(words[CONSUMED]!, start + this.#copiedAhead));
    this.#copiedAhead *= 2;
    const { bytes, at } = cutBytes(end - start);
    bytes.set(memory.subarray(start, end), at);
    this.#owned = { bytes, buffer: bytes.buffer, base: start - at };
    this.#ownedEnd = end;
  }

  /** The bytes can be had as they are. */
  #takeSource(take: () => void): void {
    take();
    this.#owned = this.#source;
    this.#ownedEnd = Infinity;
  }

  /** The row, described anew if another cursor has used the rows since. */
  #currentRow(): number {
    if (this.#row === NOWHERE) this.#restore();
    return this.#row;
  }

  #hold(): void {
    if (holder && holder !== this) holder.#displace();
    holder = this;
  }

  /** Ids of topics may mean others from now on. */
  #displace(): void {
    this.#displacedRow = this.#row;
    this.#row = this.#lastRow = NOWHERE;
    this.#topicId = NO_TOPIC;
  }

  #restore(): void {
    const row = this.#displacedRow;
    if (row === NOWHERE) throw new TypeError("Cannot tell of a packet: the cursor is on none");
    this.#hold();
    this.#displacedRow = NOWHERE;
    this.#describe(row, this.#stream.scanAgain());
  }
}
