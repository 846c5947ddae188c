import type { TLSSocket } from "node:tls";
import { ConnectionLostError } from "../errors.ts";
import { classifyFailure } from "./classify_failure.ts";
import type { NodeStream } from "./node_stream.ts";
import type { Connection } from "./transport.ts";
import type { Attempt } from "./transport_errors.ts";

/** What a {@linkcode NodeConnection} is made of. */
export interface NodeConnectionParts {
  /** What speaks TLS. */
  secure: TLSSocket;
  /** What it speaks over. */
  stream: NodeStream;
  /** For the messages. */
  attempt: Attempt;
}

/** A connection over a TLS socket of Node's. The network is read only while somebody reads here. */
export class NodeConnection implements Connection {
  readonly #secure: TLSSocket;
  readonly #stream: NodeStream;
  readonly #attempt: Attempt;
  #failure: Error | undefined;
  #isClosed = false;
  #wake = () => {};

  constructor({ secure, stream, attempt }: NodeConnectionParts) {
    this.#secure = secure;
    this.#stream = stream;
    this.#attempt = attempt;
    // Without a listener an error would end the process. In TLS 1.3 a refusal may come before anybody reads.
    for (const source of [secure, stream]) {
      source.on("error", (error: Error) => {
        this.#failure ??= error;
        // Deno 2.9.6 does not always close a socket that has failed.
        this.#wake();
      });
      source.on("close", () => this.#wake());
    }
    for (const event of ["readable", "end"]) secure.on(event, () => this.#wake());
  }

  async read(buffer: Uint8Array<ArrayBuffer>): Promise<number | null> {
    const secure = this.#secure;
    for (;;) {
      if (this.#isClosed) throw this.#lost();
      const size = Math.min(buffer.length, secure.readableLength);
      const chunk: Uint8Array | null = secure.read(size);
      if (chunk !== null && chunk.length > 0) {
        buffer.set(chunk);
        return chunk.length;
      }
      if (this.#failure) throw this.#lost();
      if (secure.readableEnded) return null;
      if (secure.destroyed) throw this.#lost();
      await this.#change();
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#isClosed || this.#failure) return Promise.reject(this.#lost());
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#secure.write(bytes, (error) => {
      if (!error) return resolve();
      this.#failure ??= error;
      reject(this.#lost());
    });
    return promise;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#secure.destroy();
    this.#stream.destroy();
    this.#wake();
  }

  /** Waits until there may be something to read, or the end, or an error. */
  async #change(): Promise<void> {
    const changed = new Promise<void>((resolve) => this.#wake = resolve);
    this.#stream.flow();
    await changed;
    this.#stream.halt();
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
