import { type Packet, PacketWriter } from "../codec/mod.ts";
import type { Connection } from "../transport/mod.ts";

/** From this many waiting bytes on, publishers are asked to wait. */
const HIGH_WATER = 256 * 1024;

/** What a write loop tells its owner. */
export interface WriteLoopHandler {
  /** So many bytes were written. */
  progressed(count: number): void;
  /** There is room again. */
  drained(): void;
  /** A write failed; nothing more will be written. */
  failed(error: unknown): void;
}

/**
 * Sends packets over a connection, as many with one write as have gathered while the write before was pending.
 *
 * The first packet after a pause leaves in the next microtask, together with all that were sent until then.
 */
export class WriteLoop {
  readonly #connection: Connection;
  readonly #handler: WriteLoopHandler;
  readonly #writer = new PacketWriter();
  #running: Promise<void> | undefined;
  #written: (() => void)[] = [];

  constructor(connection: Connection, handler: WriteLoopHandler) {
    this.#connection = connection;
    this.#handler = handler;
  }

  /** Whether so much waits that publishers should. */
  get isFull(): boolean {
    return this.#writer.size >= HIGH_WATER;
  }

  /**
   * Puts a packet behind those that wait.
   *
   * @throws {TypeError | RangeError} If MQTT 3.1.1 forbids the packet.
   */
  send(packet: Packet): void {
    this.#writer.write(packet);
    this.#running ??= Promise.resolve().then(() => this.#run());
  }

  /** Calls back when all that was sent until now has been written; never if it will not be. */
  whenWritten(callback: () => void): void {
    this.#written.push(callback);
  }

  /** Waits until all that was sent is written, or writing has failed. */
  async flushed(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (this.#writer.size > 0) await this.#writeBatch();
      this.#running = undefined;
    } catch (error) {
      // What was not written never will be; its memory is free.
      this.#writer.take();
      this.#writer.release();
      this.#handler.failed(error);
    }
  }

  async #writeBatch(): Promise<void> {
    const written = this.#written;
    this.#written = [];
    for (const segment of this.#writer.take()) {
      await this.#connection.write(segment);
      this.#handler.progressed(segment.length);
    }
    this.#writer.release();
    for (const callback of written) callback();
    this.#handler.drained();
  }
}
