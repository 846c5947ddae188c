import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/**
 * A socket that never holds more than one unread chunk.
 *
 * Aedes calls `read()` once for each "readable" event and counts on getting all there is. In Deno 2.9 `read()`
 * returns the first chunk only, and no event announces the rest: every burst above one chunk would stall.
 * With one chunk at a time, all there is and the first chunk are the same.
 */
export class ChunkwiseSocket extends Duplex {
  readonly #socket: Socket;

  /** Takes over the socket: nobody else may read from it. */
  constructor(socket: Socket) {
    super({ readableHighWaterMark: 1 });
    this.#socket = socket;
    socket.on("data", (chunk) => {
      socket.pause();
      this.push(chunk);
    });
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
  }

  /** Asks for the next chunk. */
  override _read(): void {
    this.#socket.resume();
  }

  /** Passes a chunk on. */
  // deno-lint-ignore hubwire/positional-parameters -- the signature is that of node:stream
  override _write(
    chunk: Uint8Array,
    _encoding: string,
    done: (error?: Error | null) => void,
  ): void {
    this.#socket.write(chunk, done);
  }

  /** Ends the sending half. */
  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  /** Cuts the connection. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
