import { encodePacket, type Packet, PacketDecoder } from "../../src/codec/mod.ts";
import { ConnectionLostError } from "../../src/errors.ts";
import { type Connection, memoryPair, type Transport } from "../../src/transport/mod.ts";
import { settled } from "./virtual_clock.ts";

/** The packet of a type. */
type PacketOf<T, P = Packet> = P extends { type: infer U } ? T extends U ? P : never : never;

/**
 * A server that does what a test tells it, at the other end of a pipe in memory. It reads all the time, and closes
 * at DISCONNECT, as servers do.
 */
export class ScriptedPeer {
  readonly #connection: Connection;
  readonly #decoder = new PacketDecoder({ role: "server" });
  readonly #packets: (Packet | undefined)[] = [];
  #wake = () => {};

  constructor(connection: Connection) {
    this.#connection = connection;
    void this.#read();
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    for (;;) {
      const count = await this.#connection.read(buffer).catch(connectionOver);
      if (count === null) return this.#put(undefined);
      this.#decoder.push(buffer.subarray(0, count));
      for (let packet = this.#decoder.next(); packet; packet = this.#decoder.next()) {
        this.#put(packet);
        if (packet.type === "disconnect") this.#connection.close();
      }
    }
  }

  #put(packet: Packet | undefined): void {
    this.#packets.push(packet);
    this.#wake();
  }

  /** How many packets have come that no test has looked at; the end counts as one. */
  get waiting(): number {
    return this.#packets.length;
  }

  /** The next packet from the client; `undefined` once the connection is closed. */
  async receive(): Promise<Packet | undefined> {
    while (this.#packets.length === 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
    // The end stays the end.
    return this.#packets[0] === undefined ? undefined : this.#packets.shift();
  }

  /** The next packet, which has to be of this type. */
  async expect<T extends Packet["type"]>(type: T): Promise<PacketOf<T>> {
    const packet = await this.receive();
    if (packet?.type !== type) {
      throw new Error(`Expected ${type}, got ${packet?.type ?? "the end"}`);
    }
    return packet as PacketOf<T>;
  }

  async send(...packets: Packet[]): Promise<void> {
    for (const packet of packets) await this.#connection.write(encodePacket(packet));
    await settled();
  }

  async sendBytes(bytes: Uint8Array): Promise<void> {
    await this.#connection.write(bytes);
    await settled();
  }

  /** Takes CONNECT and accepts it. */
  async accept({ sessionPresent = false } = {}): Promise<PacketOf<"connect">> {
    const connect = await this.expect("connect");
    await this.send({ type: "connack", sessionPresent, returnCode: 0 });
    return connect;
  }

  close(): void {
    this.#connection.close();
  }
}

/** A transport whose every connection ends at a scripted peer. */
export class PeerTransport implements Transport {
  readonly address = "peer:1883";
  readonly peers: ScriptedPeer[] = [];

  connect(): Promise<Connection> {
    const [near, far] = memoryPair();
    this.peers.push(new ScriptedPeer(far));
    return Promise.resolve(near);
  }

  /** The other end of the newest connection. */
  get peer(): ScriptedPeer {
    const peer = this.peers.at(-1);
    if (!peer) throw new Error("Nobody has connected");
    return peer;
  }
}

/** Somebody closed this end: that is an end too. */
function connectionOver(error: unknown): null {
  if (error instanceof ConnectionLostError) return null;
  throw error;
}
