import { type Packet, PacketWriter } from "../codec/mod.ts";
import type { Connection } from "../transport/mod.ts";
import type { Clock } from "./clock.ts";

/** From this many waiting bytes on, publishers are asked to wait. */
const HIGH_WATER = 256 * 1024;
/** So many bytes are worth a write of their own; a little less than what the writer puts into one piece. */
const WORTH_A_WRITE = 60 * 1024;

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
 * All that is sent in one turn of the event loop leaves at its end, or as soon as there is enough of it. To write at once
 * would gather nothing: most writes are done before the program goes on, and one that awaits each of its messages would
 * write each by itself.
 */
export class WriteLoop {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #handler: WriteLoopHandler;
  readonly #writer = new PacketWriter();
  #running: Promise<void> | undefined;
  #writeOn: () => void = () => {};
  #written: (() => void)[] = [];

  constructor(
    { connection, clock }: { connection: Connection; clock: Clock },
    handler: WriteLoopHandler,
  ) {
    this.#connection = connection;
    this.#clock = clock;
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
    if (this.#writer.size >= WORTH_A_WRITE) this.#writeOn();
    this.#running ??= this.#run();
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
      while (this.#writer.size > 0) {
        if (this.#writer.size < WORTH_A_WRITE) await this.#gather();
        await this.#writeBatch();
      }
      this.#running = undefined;
    } catch (error) {
      // What was not written never will be; its memory is free.
      this.#writer.take();
      this.#writer.release();
      this.#handler.failed(error);
    }
  }

  /** Waits until there is enough for a write, or the event loop turns. */
  #gather(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#writeOn = resolve;
    this.#clock.soon(resolve);
    return promise;
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
