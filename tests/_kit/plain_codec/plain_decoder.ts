import type { DecoderOptions, Packet } from "../../../src/codec/mod.ts";
import { PlainStream } from "./plain_stream.ts";
import { takePackets } from "./take_packets.ts";
import { ChunkWindow } from "./windows.ts";

/** Does what `PacketDecoder` does. */
export class PlainDecoder {
  readonly #window = new ChunkWindow();
  readonly #stream: PlainStream;
  #packets: Packet[] = [];
  #taken = 0;

  constructor(options: DecoderOptions = {}) {
    this.#stream = new PlainStream(this.#window, options);
  }

  push(chunk: Uint8Array): void {
    if (this.#taken === this.#packets.length) this.#forgetTaken();
    this.#window.lend(chunk);
    takePackets(this.#stream, this.#packets);
  }

  next(): Packet | undefined {
    if (this.#taken < this.#packets.length) return this.#packets[this.#taken++];
    if (this.#stream.refusal) throw this.#stream.refusal;
    this.#forgetTaken();
    return undefined;
  }

  #forgetTaken(): void {
    if (this.#taken === 0) return;
    this.#packets = [];
    this.#taken = 0;
  }
}
