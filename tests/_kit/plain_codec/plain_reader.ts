import type { DecoderOptions, Packet } from "../../../src/codec/mod.ts";
import { PlainCursor } from "./plain_cursor.ts";
import { PlainStream } from "./plain_stream.ts";
import { takePackets } from "./take_packets.ts";
import { BufferWindow } from "./windows.ts";

/** Does what `PacketReader` does, with one buffer for all its life. */
export class PlainReader {
  readonly #window = new BufferWindow();
  readonly #stream: PlainStream;
  readonly #cursor: PlainCursor;

  constructor(options: DecoderOptions = {}) {
    this.#stream = new PlainStream(this.#window, options);
    this.#cursor = new PlainCursor(this.#stream);
  }

  space(): Uint8Array<ArrayBuffer> {
    if (this.#cursor.isRunning) {
      throw new TypeError("Cannot read on: the cursor still has packets");
    }
    if (this.#stream.refusal) throw this.#stream.refusal;
    return this.#stream.landingSpace ?? this.#window.space();
  }

  commit(count: number): Packet[] {
    this.#takeIn(count);
    const packets: Packet[] = [];
    takePackets(this.#stream, packets);
    return packets;
  }

  cursor(count: number): PlainCursor {
    this.#takeIn(count);
    return this.#cursor.start();
  }

  #takeIn(count: number): void {
    if (this.#stream.landingSpace) this.#stream.land(count);
    else this.#window.commit(count);
  }

  close(): void {}
}
