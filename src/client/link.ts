import {
  type ConnectPacket,
  type Packet,
  type PacketCursor,
  PacketReader,
  seedHash,
} from "../codec/mod.ts";
import { ConnectionLostError, HubwireError } from "../errors.ts";
import type { Session } from "../session/mod.ts";
import type { Connection } from "../transport/mod.ts";
import { closedByServer } from "./client_errors.ts";
import type { Clock } from "./clock.ts";
import type { Debug } from "./debug.ts";
import { WriteLoop } from "./write_loop.ts";

/** How long what waits may take to be written before the connection is dropped all the same. */
const GOODBYE_MS = 2000;
/** How long the server may take to close after DISCONNECT, so that nothing written is lost to a reset. */
const LINGER_MS = 500;

// The server chooses the topics, and others choose what it sends.
seedHash(crypto.getRandomValues(new Uint32Array(2)));

/** What a link works with. */
export interface LinkOptions<T> {
  connection: Connection;
  session: Session<T>;
  clock: Clock;
  /** For messages: `host:port`. */
  address: string;
  /** In bytes. */
  maximumPacketSize: number;
  /** Is told of every packet. */
  debug: Debug;
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
  #end: HubwireError | undefined;
  #goodbye: HubwireError | undefined;
  #reading: Promise<void> | undefined;
  #alarm: { at: number; cancel: () => void } | undefined;
  #readOn: () => void = () => {};
  #awaitedRoom: Promise<void> | undefined;

  constructor(options: LinkOptions<T>, handler: LinkHandler) {
    this.#options = options;
    this.#handler = handler;
    this.#writes = new WriteLoop(options, {
      progressed: (count) => {
        options.session.counters.bytesOut += count;
        options.session.keepAlive.progressed(options.clock.now());
      },
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
    this.#reading = this.#read().catch((error) => this.#fail(error));
  }

  /** Sends a packet, unless the connection is over. */
  send(packet: Packet): void {
    if (this.#end) return;
    this.#writes.send(packet);
    this.#options.session.counters.packetsOut++;
    if (this.#options.debug.isOn) this.#options.debug.sent(packet);
    if (packet.type === "pingreq") this.#notePing();
    this.#readOn();
  }

  /** Waits until all that was sent has been written. */
  async written(): Promise<void> {
    await this.#writes.flushed();
    if (this.#end) throw this.#end;
  }

  /** Waits until what was sent is written, but not for ever. */
  async flush(): Promise<void> {
    await this.#atMost(GOODBYE_MS, this.#writes.flushed());
  }

  /** Sends DISCONNECT behind all that was sent, waits for the server to close, and closes [MQTT-3.14.4-1]. */
  async close(reason: HubwireError): Promise<void> {
    const { session, clock } = this.#options;
    session.disconnect(clock.now());
    this.#goodbye = reason;
    this.#readOn();
    await this.flush();
    await this.#atMost(LINGER_MS, this.#reading);
    this.end(reason);
  }

  /** Drops the connection. */
  end(reason: HubwireError): void {
    if (this.#end) return;
    this.#end = reason;
    this.#alarm?.cancel();
    this.#readOn();
    this.#options.connection.close();
    this.#handler.ended(reason);
  }

  async #read(): Promise<void> {
    const { connection, address, maximumPacketSize, session } = this.#options;
    const reader = new PacketReader({ role: "client", maximumPacketSize });
    try {
      while (!this.#end) {
        const count = await connection.read(reader.space());
        if (count === null) {
          throw closedByServer(address, { isEarly: session.state === "connecting" });
        }
        session.counters.bytesIn += count;
        this.#receive(reader.cursor(count));
        if (this.#room()) await this.#waitForRoom();
      }
    } finally {
      reader.close();
    }
  }

  #receive(packets: PacketCursor): void {
    const { session, clock, debug } = this.#options;
    const now = clock.now();
    session.keepAlive.received(now);
    // What a packet brings about may end the connection.
    while (!this.#end && packets.next()) {
      session.counters.packetsIn++;
      if (packets.type === "puback" && !debug.isOn && session.state === "connected") {
        session.acknowledge(packets.packetId);
        continue;
      }
      const packet = packets.packet();
      if (debug.isOn) debug.received(packet);
      session.receive(packet, now);
    }
    this.#setAlarm();
  }

  /**
   * Not reading any more makes the server wait. But what this side waits for comes the same way: as long as
   * an answer is due, reading goes on.
   */
  async #waitForRoom(): Promise<void> {
    const { session, clock } = this.#options;
    for (let room = this.#room(); room; room = this.#room()) {
      session.keepAlive.deafen();
      this.#setAlarm();
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#readOn = resolve;
      // Once each: it may be long in coming, and every listener is kept as long.
      if (room !== this.#awaitedRoom) void room.then(() => this.#readOn());
      this.#awaitedRoom = room;
      await promise;
      session.keepAlive.hear(clock.now());
    }
    this.#setAlarm();
  }

  #room(): Promise<void> | undefined {
    const mustRead = this.#end || this.#goodbye || this.#options.session.inFlight > 0;
    return mustRead ? undefined : this.#handler.room();
  }

  #notePing(): void {
    const { session, clock } = this.#options;
    this.#writes.whenWritten(() => {
      session.keepAlive.pingWritten(clock.now());
      this.#setAlarm();
    });
  }

  /** Deadlines mostly move away: an alarm that goes off early sets itself again. */
  #setAlarm(): void {
    const { session, clock } = this.#options;
    const at = session.deadline;
    if (at === Infinity || this.#end || (this.#alarm && this.#alarm.at <= at)) return;
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

  async #atMost(delayMs: number, work: Promise<void> | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#options.clock.schedule(delayMs, resolve);
    await Promise.race([work, promise]);
    cancel();
  }

  #fail(error: unknown): void {
    // After DISCONNECT the server closes: that is the end we wanted.
    if (this.#goodbye) return;
    this.end(error instanceof HubwireError ? error : this.#broken(error));
  }

  /** Something threw what is no error of the world: a transport of somebody else's, or a mistake of ours. */
  #broken(cause: unknown): ConnectionLostError {
    return new ConnectionLostError("CONNECTION_LOST", {
      what: `Lost the connection to ${this.#options.address}`,
      why: "something threw an unexpected error",
      remedy: "Look at the error underneath, and report it.",
      cause,
    });
  }
}
