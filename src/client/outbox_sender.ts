import { encodePacket } from "../codec/mod.ts";
import { DamagedMessagesError, type HubwireError } from "../errors.ts";
import { closedHere, droppedFromOutbox, outboxInUse } from "./client_errors.ts";
import type { Clock } from "./clock.ts";
import type { Outbox, OutboxMessage, StoredMessage } from "./outbox.ts";
import { waitForAnswer, type Waiting } from "./waiting.ts";

/** What an outbox sender asks of its client, and tells it. */
export interface OutboxSenderHandler {
  /** How many more messages may leave now. */
  places(): number;
  /** Throws unless there is a connection, or will be one by itself. */
  requireWay(): void;
  /** Sends a message; `waiting` is told when it is delivered. Throws if MQTT 3.1.1 forbids it. */
  send(message: StoredMessage, waiting: Waiting): void;
  /** A message was dropped to make room. */
  dropped(): void;
  /** Something went wrong that nobody waits for, or not only. */
  failed(error: unknown): void;
}

/** Read at once, at most: what is read is in memory until it is delivered. */
const BATCH = 256;
/** When an outbox could not be read: how long until it is tried again, if nothing happens before. */
const RETRY_MS = 5000;
const NO_BYTES = new Uint8Array(0);

/** An outbox belongs to one client at a time. */
const owners = new WeakMap<Outbox, OutboxSender>();

/**
 * Sends what an outbox keeps, oldest first, as far as there is room for it; forgets what is delivered.
 *
 * What has left and is not acknowledged is the session's to send again, as long as there is one. When all hope of a
 * connection is given up it counts as not sent: the next connection begins with the oldest again.
 */
export class OutboxSender {
  readonly #outbox: Outbox;
  readonly #clock: Clock;
  readonly #handler: OutboxSenderHandler;
  /** Who waits for the delivery of which message. */
  readonly #waiting = new Map<number, Waiting>();
  /** Left and not acknowledged. */
  readonly #sent = new Set<number>();
  /** Acknowledged, and still in the outbox. */
  readonly #delivered = new Set<number>();
  #last = 0;
  #rewinds = 0;
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #isOpen = false;
  #isWanted = false;
  #running: Promise<void> | undefined;
  #cancelRetry = () => {};

  constructor({ outbox, clock }: { outbox: Outbox; clock: Clock }, handler: OutboxSenderHandler) {
    this.#outbox = outbox;
    this.#clock = clock;
    this.#handler = handler;
  }

  /**
   * Opens the outbox, unless it is open.
   *
   * @throws {StoreError} If somebody else has it, or it cannot be read.
   */
  async open(): Promise<void> {
    const opening = this.#opening ??= this.#begin();
    try {
      await opening;
    } catch (error) {
      if (this.#opening === opening) this.#opening = undefined;
      throw error;
    }
    if (this.#opening !== opening) throw closedHere();
  }

  /**
   * Stores a message; resolves when it is stored, or when it is delivered.
   *
   * @throws {OutboxFullError} If there is no room for it, or it was dropped to make room.
   * @throws {TypeError | RangeError} If MQTT 3.1.1 forbids the packet.
   */
  async publish(
    message: OutboxMessage,
    { until, signal }: { until: "stored" | "delivered"; signal: AbortSignal | undefined },
  ): Promise<void> {
    // What could never be sent must not be stored.
    encodePacket({ ...message, type: "publish", payload: NO_BYTES, dup: false, packetId: 1 });
    signal?.throwIfAborted();
    if (until === "delivered") this.#handler.requireWay();
    if (!this.#isOpen) await this.open();
    const sequence = await this.#outbox.add(message, signal);
    this.advance();
    if (until === "stored") return;
    this.#handler.requireWay();
    await waitForAnswer((waiting) => this.#waiting.set(sequence, waiting), signal);
  }

  /** Something was stored, or there is room again: sends what may leave. */
  advance(): void {
    if (!this.#isOpen) return;
    this.#isWanted = true;
    this.#running ??= this.#run();
  }

  /** There is no connection any more, and there will be none by itself: whoever waits is told why. */
  rewind(reason: HubwireError | undefined): void {
    this.#rewinds++;
    this.#last = 0;
    this.#sent.clear();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const waiter of waiting) waiter.reject(reason);
  }

  /** Lets go of the outbox, which keeps what is not delivered. It can be opened again. */
  close(): Promise<void> {
    return this.#closing ??= this.#end();
  }

  async #begin(): Promise<void> {
    await this.#closing;
    const owner = owners.get(this.#outbox);
    if (owner !== undefined && owner !== this) throw outboxInUse();
    owners.set(this.#outbox, this);
    this.#outbox.ondropped = (sequence) => this.#dropped(sequence);
    try {
      await this.#outbox.open();
    } catch (error) {
      owners.delete(this.#outbox);
      throw error;
    }
    this.#isOpen = true;
  }

  async #end(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    // Its failure is told to whoever asked for it.
    const wasOpened = await opening?.then(() => true, () => false);
    this.#isOpen = false;
    this.#cancelRetry();
    await this.#running;
    if (wasOpened) {
      await this.#outbox.close();
      owners.delete(this.#outbox);
    }
    this.#closing = undefined;
  }

  async #run(): Promise<void> {
    while (this.#isWanted && this.#isOpen) {
      this.#isWanted = false;
      await this.#sendAll();
    }
    this.#running = undefined;
  }

  async #sendAll(): Promise<void> {
    for (let places = this.#places(); places > 0; places = this.#places()) {
      const rewinds = this.#rewinds;
      const batch = await this.#read(Math.min(places, BATCH));
      if (rewinds !== this.#rewinds) continue;
      if (!batch) return;
      for (const message of batch) {
        if (this.#places() === 0) return;
        this.#last = message.sequence;
        this.#send(message);
      }
    }
  }

  #places(): number {
    return this.#isOpen ? this.#handler.places() : 0;
  }

  /** The next messages; none that cannot be read; `undefined` when there are no more, or not now. */
  async #read(limit: number): Promise<StoredMessage[] | undefined> {
    try {
      const batch = await this.#outbox.read(this.#last, limit);
      return batch.length > 0 ? batch : undefined;
    } catch (error) {
      // It says itself that it was closed meanwhile.
      if (!this.#isOpen) return undefined;
      this.#handler.failed(error);
      if (error instanceof DamagedMessagesError) {
        this.#passOver(error);
        return [];
      }
      this.#cancelRetry();
      this.#cancelRetry = this.#clock.schedule(RETRY_MS, () => this.advance());
      return undefined;
    }
  }

  /** They stay where they are: somebody may know how to mend them. */
  #passOver(error: DamagedMessagesError): void {
    this.#last = error.last;
    for (let sequence = error.first; sequence <= error.last; sequence++) {
      this.#take(sequence)?.reject(error);
    }
  }

  #send(message: StoredMessage): void {
    const { sequence } = message;
    if (this.#delivered.has(sequence)) return;
    this.#sent.add(sequence);
    try {
      this.#handler.send(message, { resolve: () => this.#arrived(sequence), reject() {} });
    } catch (error) {
      // It was stored by somebody who did not look: trying again would be for ever.
      this.#handler.failed(error);
      this.#take(sequence)?.reject(error);
      this.#forget(sequence);
    }
  }

  #arrived(sequence: number): void {
    this.#take(sequence)?.resolve();
    this.#forget(sequence);
  }

  #take(sequence: number): Waiting | undefined {
    const waiting = this.#waiting.get(sequence);
    this.#waiting.delete(sequence);
    return waiting;
  }

  /** What cannot be removed now is sent again by the next process, and not by this one. */
  #forget(sequence: number): void {
    this.#sent.delete(sequence);
    this.#delivered.add(sequence);
    this.#outbox.remove(sequence).then(
      () => this.#delivered.delete(sequence),
      (error) => this.#handler.failed(error),
    );
  }

  /** What has left already may yet be delivered. */
  #dropped(sequence: number): void {
    if (this.#sent.has(sequence)) return;
    this.#handler.dropped();
    this.#take(sequence)?.reject(droppedFromOutbox());
  }
}
