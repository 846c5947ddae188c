import type { Packet } from "../../../src/codec/mod.ts";
import { isPublish, liftControlPacket, liftPublish, liftTopic, TYPE_NAMES } from "./lift_packet.ts";
import { ownBytes } from "./own_bytes.ts";
import type { PlainStream } from "./plain_stream.ts";
import { BODY_AT, BODY_LENGTH, FIRST_BYTE, PACKET_ID, ROW_WORDS, word } from "./rows.ts";

/** Does what `PacketCursor` does, but only as long as nothing else is decoded in between. */
export class PlainCursor {
  readonly #stream: PlainStream;
  #row = 0;
  #end = 0;
  #isRunning = false;

  constructor(stream: PlainStream) {
    this.#stream = stream;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  start(): this {
    this.#isRunning = true;
    return this;
  }

  next(): boolean {
    this.#row += ROW_WORDS;
    return this.#row < this.#end || this.#isRunning && this.#scan();
  }

  #scan(): boolean {
    if (this.#end > 0) this.#stream.accept();
    this.#row = 0;
    this.#end = this.#stream.scan() * ROW_WORDS;
    return this.#isRunning = this.#end > 0;
  }

  get type(): Packet["type"] {
    return TYPE_NAMES[word(this.#row + FIRST_BYTE) >> 4] as Packet["type"];
  }

  get packetId(): number {
    return word(this.#row + PACKET_ID);
  }

  get qos(): 0 | 1 | 2 {
    return (word(this.#row + FIRST_BYTE) >> 1 & 3) as 0 | 1 | 2;
  }

  get retain(): boolean {
    return (word(this.#row + FIRST_BYTE) & 1) === 1;
  }

  get dup(): boolean {
    return (word(this.#row + FIRST_BYTE) & 8) === 8;
  }

  get topic(): string {
    return liftTopic(this.#row, this.#stream.source);
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#stream.source.array;
  }

  get payloadStart(): number {
    return word(this.#row + BODY_AT);
  }

  get payloadLength(): number {
    return word(this.#row + BODY_LENGTH);
  }

  get payload(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(this.payloadStart, this.payloadStart + this.payloadLength);
  }

  packet(): Packet {
    const { source } = this.#stream;
    if (!isPublish(this.#row)) return liftControlPacket(this.#row, source);
    const { payloadStart, payloadLength } = this;
    const body = ownBytes(this.#stream, payloadStart, payloadStart + payloadLength);
    return liftPublish(this.#row, source, body);
  }
}
