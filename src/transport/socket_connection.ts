import { classifyFailure } from "./classify_failure.ts";
import type { Connection } from "./transport.ts";
import type { Attempt } from "./transport_errors.ts";

/** A connection over a socket of Deno's, TLS or not. */
export class SocketConnection implements Connection {
  readonly #socket: Deno.Conn;
  readonly #attempt: Attempt;
  #isClosed = false;

  constructor(socket: Deno.Conn, attempt: Attempt) {
    this.#socket = socket;
    this.#attempt = attempt;
  }

  async read(buffer: Uint8Array<ArrayBuffer>): Promise<number | null> {
    try {
      return await this.#socket.read(buffer);
    } catch (error) {
      throw classifyFailure(error, this.#attempt);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      for (let written = 0; written < bytes.length;) {
        written += await this.#socket.write(written === 0 ? bytes : bytes.subarray(written));
      }
    } catch (error) {
      throw classifyFailure(error, this.#attempt);
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }
}
