import { type ConnectPacket, type Packet, PacketReader } from "../codec/mod.ts";
import { ConnectionLostError, HubwireError } from "../errors.ts";
import type { Session } from "../session/mod.ts";
import type { Connection } from "../transport/mod.ts";
import type { Clock } from "./clock.ts";
import { WriteLoop } from "./write_loop.ts";

/** How long a goodbye may take before the connection is dropped all the same. */
const GOODBYE_MS = 2000;

/** What a link works with. */
export interface LinkOptions<T> {
  connection: Connection;
  session: Session<T>;
  clock: Clock;
  /** For messages: `host:port`. */
  address: string;
  /** In bytes. */
  maximumPacketSize: number;
}

/** What a link tells its owner. */
export interface LinkHandler {
  /** Settles when the application can take more messages; `undefined` when it can. */
  room(): Promise<void> | undefined;
  /** Publishers that waited may go on. */
  drained(): void;
  /** The connection is over, once and for all. */
  ended(reason: HubwireError): void;
}

/** The life of one connection: drives the session with what is read and with the time, sends what it wants sent. */
export class Link<T> {
  readonly #options: LinkOptions<T>;
  readonly #handler: LinkHandler;
  readonly #writes: WriteLoop;
  #isOver = false;
  #goodbye: HubwireError | undefined;
  #alarm: { at: number; cancel: () => void } | undefined;

  constructor(options: LinkOptions<T>, handler: LinkHandler) {
    this.#options = options;
    this.#handler = handler;
    this.#writes = new WriteLoop(options.connection, {
      drained: () => handler.drained(),
      failed: (error) => this.#fail(error),
    });
  }

  /** Whether publishers should wait. */
  get isFull(): boolean {
    return this.#writes.isFull;
  }

  /** Sends CONNECT and begins to read. */
  open(packet: ConnectPacket): void {
    const { session, clock } = this.#options;
    session.open(packet, clock.now());
    this.#setAlarm();
    this.#read().catch((error) => this.#fail(error));
  }

  /** Sends a packet, unless the connection is over. */
  send(packet: Packet): void {
    if (!this.#isOver) this.#writes.send(packet);
  }

  /** Sends DISCONNECT behind all that was sent, and closes [MQTT-3.14.4-1]. */
  async close(reason: HubwireError): Promise<void> {
    const { session, clock } = this.#options;
    this.#goodbye = reason;
    session.disconnect(clock.now());
    const { promise: patience, resolve } = Promise.withResolvers<void>();
    const cancel = clock.schedule(GOODBYE_MS, resolve);
    await Promise.race([this.#writes.flushed(), patience]);
    cancel();
    this.end(reason);
  }

  /** Drops the connection. */
  end(reason: HubwireError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#alarm?.cancel();
    this.#options.connection.close();
    this.#handler.ended(reason);
  }

  async #read(): Promise<void> {
    const { connection, maximumPacketSize } = this.#options;
    const reader = new PacketReader({ role: "client", maximumPacketSize });
    try {
      while (!this.#isOver) {
        const count = await connection.read(reader.space());
        if (count === null) throw this.#closedByServer();
        this.#receive(reader.commit(count));
        await this.#waitForRoom();
      }
    } finally {
      reader.close();
    }
  }

  #receive(packets: Packet[]): void {
    const { session, clock } = this.#options;
    const now = clock.now();
    for (const packet of packets) {
      // What a packet brings about may end the connection.
      if (this.#isOver || session.state === "closed") return;
      session.receive(packet, now);
    }
    this.#setAlarm();
  }

  /** Not reading any more makes the server wait, and says nothing about whether it is alive. */
  async #waitForRoom(): Promise<void> {
    const room = this.#handler.room();
    if (!room) return;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    await room;
    if (this.#isOver) return;
    this.#options.session.excuse(this.#options.clock.now());
    this.#setAlarm();
  }

  /** Deadlines mostly move away: an alarm that goes off early sets itself again. */
  #setAlarm(): void {
    const { session, clock } = this.#options;
    const at = session.deadline;
    if (at === Infinity || this.#isOver || (this.#alarm && this.#alarm.at <= at)) return;
    this.#alarm?.cancel();
    this.#alarm = { at, cancel: clock.schedule(at - clock.now(), () => this.#ring()) };
  }

  #ring(): void {
    this.#alarm = undefined;
    try {
      this.#options.session.tick(this.#options.clock.now());
    } catch (error) {
      return this.#fail(error);
    }
    this.#setAlarm();
  }

  #fail(error: unknown): void {
    // After DISCONNECT the server closes: that is the end we wanted.
    if (this.#goodbye) return this.end(this.#goodbye);
    if (error instanceof HubwireError) return this.end(error);
    this.end(this.#brokenByBug(error));
    throw error;
  }

  #closedByServer(): ConnectionLostError {
    const { address, session } = this.#options;
    const isEarly = session.state === "connecting";
    return new ConnectionLostError("CONNECTION_LOST", {
      what: `Lost the connection to ${address}`,
      why: isEarly ? "the server closed it without an answer to CONNECT" : "the server closed it",
      remedy: isEarly
        ? "Check the device's certificate, its id and the user name: a hub may close where it refuses."
        : "Connect again.",
    });
  }

  #brokenByBug(cause: unknown): ConnectionLostError {
    return new ConnectionLostError("CONNECTION_LOST", {
      what: `Lost the connection to ${this.#options.address}`,
      why: "Hubwire failed",
      remedy: "Report the error underneath.",
      cause,
    });
  }
}
