import { Duplex } from "node:stream";
import type { Connection } from "./transport.ts";

/** What one read of the network brings at most. */
const PIECE_BYTES = 64 * 1024;

/**
 * A connection as a stream of Node's, for `node:tls` to speak over. It reads from the network only while it is let:
 * `node:tls` of Deno 2.9.6 would take in all that comes, read or not.
 */
export class NodeStream extends Duplex {
  readonly #connection: Connection;
  readonly #piece = new Uint8Array(PIECE_BYTES);
  #isFlowing = true;
  #isWanted = false;

  constructor(connection: Connection) {
    super();
    this.#connection = connection;
  }

  /** Lets it read from now on. */
  flow(): void {
    this.#isFlowing = true;
    void this.#pull();
  }

  /** What is being read is the last. */
  halt(): void {
    this.#isFlowing = false;
  }

  override _read(): void {
    this.#isWanted = true;
    void this.#pull();
  }

  // deno-lint-ignore hubwire/positional-parameters -- the signature is Node's
  override _write(bytes: Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    this.#connection.write(bytes).then(() => done(), done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#connection.close();
    done(error);
  }

  async #pull(): Promise<void> {
    if (!this.#isWanted || !this.#isFlowing) return;
    this.#isWanted = false;
    try {
      const count = await this.#connection.read(this.#piece);
      this.push(count === null ? null : this.#piece.slice(0, count));
    } catch (error) {
      this.destroy(error as Error);
    }
  }
}
