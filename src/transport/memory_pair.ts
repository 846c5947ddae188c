import { ConnectionLostError } from "../errors.ts";
import type { Connection } from "./transport.ts";

/** One direction: chunks that were written and not read yet. */
class Pipe {
  readonly #chunks: Uint8Array[] = [];
  #isEnded = false;
  #wake = () => {};

  push(bytes: Uint8Array): void {
    this.#chunks.push(bytes.slice());
    this.#wake();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  /** Waits for bytes and moves as many as fit; `null` at the end. */
  async read(buffer: Uint8Array, isClosed: () => boolean): Promise<number | null> {
    for (;;) {
      if (isClosed()) throw closed();
      const [chunk] = this.#chunks;
      if (chunk) return this.#move(chunk, buffer);
      if (this.#isEnded) return null;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }

  wake(): void {
    this.#wake();
  }

  #move(chunk: Uint8Array, buffer: Uint8Array): number {
    const count = Math.min(chunk.length, buffer.length);
    buffer.set(chunk.subarray(0, count));
    if (count === chunk.length) this.#chunks.shift();
    else this.#chunks[0] = chunk.subarray(count);
    return count;
  }
}

class MemoryConnection implements Connection {
  readonly #incoming: Pipe;
  readonly #outgoing: Pipe;
  #isClosed = false;

  constructor(incoming: Pipe, outgoing: Pipe) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  read(buffer: Uint8Array<ArrayBuffer>): Promise<number | null> {
    return this.#incoming.read(buffer, () => this.#isClosed);
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#isClosed) return Promise.reject(closed());
    this.#outgoing.push(bytes);
    return Promise.resolve();
  }

  close(): void {
    this.#isClosed = true;
    this.#outgoing.end();
    this.#incoming.wake();
  }
}

/**
 * Two ends of a pipe in this process's memory: what is written to one is read from the other. For tests.
 *
 * @example What goes in at one end
 * ```ts
 * import { memoryPair } from "@hubwire/hubwire/mqtt";
 * import { assertEquals } from "@std/assert";
 *
 * const [near, far] = memoryPair();
 * await near.write(new Uint8Array([1, 2]));
 * const buffer = new Uint8Array(8);
 * assertEquals(await far.read(buffer), 2);
 * near.close();
 * assertEquals(await far.read(buffer), null);
 * ```
 */
export function memoryPair(): [Connection, Connection] {
  const [there, back] = [new Pipe(), new Pipe()];
  return [new MemoryConnection(back, there), new MemoryConnection(there, back)];
}

function closed(): ConnectionLostError {
  return new ConnectionLostError("CONNECTION_CLOSED", {
    what: "Lost the connection in memory",
    why: "it was closed on this side",
    remedy: "Connect again.",
  });
}
