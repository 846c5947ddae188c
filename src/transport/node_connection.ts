import type { Socket } from "node:net";
import { ConnectionLostError } from "../errors.ts";
import { type Attempt, classifyFailure } from "./classify_failure.ts";
import type { Connection } from "./transport.ts";

/** A connection over a socket of Node's, TLS or not. It asks the socket for bytes only while somebody reads. */
export class NodeConnection implements Connection {
  readonly #socket: Socket;
  readonly #attempt: Attempt;
  #failure: Error | undefined;
  #isClosed = false;
  #wake = () => {};

  constructor(socket: Socket, attempt: Attempt) {
    this.#socket = socket;
    this.#attempt = attempt;
    // Without a listener an error would end the process. In TLS 1.3 a refusal may come before anybody reads.
    socket.on("error", (error) => this.#failure ??= error);
    socket.on("close", () => this.#wake());
  }

  async read(buffer: Uint8Array<ArrayBuffer>): Promise<number | null> {
    const socket = this.#socket;
    for (;;) {
      if (this.#isClosed) throw this.#lost();
      const chunk: Uint8Array | null = socket.read(Math.min(buffer.length, socket.readableLength));
      if (chunk !== null && chunk.length > 0) {
        buffer.set(chunk);
        return chunk.length;
      }
      if (this.#failure) throw this.#lost();
      if (socket.readableEnded) return null;
      if (socket.destroyed) throw this.#lost();
      await this.#change();
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#isClosed || this.#failure) return Promise.reject(this.#lost());
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#socket.write(bytes, (error) => {
      if (!error) return resolve();
      this.#failure ??= error;
      reject(this.#lost());
    });
    return promise;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.destroy();
    this.#wake();
  }

  /** Waits until there may be something to read, or the end, or an error. */
  async #change(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const events = ["readable", "end", "error"] as const;
    for (const event of events) this.#socket.on(event, resolve);
    await promise;
    for (const event of events) this.#socket.off(event, resolve);
  }

  #lost(): Error {
    if (!this.#isClosed && this.#failure) return classifyFailure(this.#failure, this.#attempt);
    return new ConnectionLostError(this.#isClosed ? "CONNECTION_CLOSED" : "CONNECTION_LOST", {
      what: `Lost the connection to ${this.#attempt.address}`,
      why: this.#isClosed ? "it was closed on this side" : "it ended without a word",
      remedy: "Connect again.",
    });
  }
}
