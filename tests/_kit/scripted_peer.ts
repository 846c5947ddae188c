import { encodePacket, type Packet, PacketDecoder } from "../../src/codec/mod.ts";
import { type Connection, memoryPair, type Transport } from "../../src/transport/mod.ts";
import { settled } from "./virtual_clock.ts";

/** The packet of a type. */
type PacketOf<T, P = Packet> = P extends { type: infer U } ? T extends U ? P : never : never;

/** A server that does what a test tells it, at the other end of a pipe in memory. */
export class ScriptedPeer {
  readonly #connection: Connection;
  readonly #decoder = new PacketDecoder({ role: "server" });
  readonly #buffer = new Uint8Array(64 * 1024);
  #isEnded = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The next packet from the client; `undefined` once the client has closed the connection. */
  async receive(): Promise<Packet | undefined> {
    for (;;) {
      const packet = this.#decoder.next();
      if (packet || this.#isEnded) return packet;
      const count = await this.#connection.read(this.#buffer);
      if (count === null) this.#isEnded = true;
      else this.#decoder.push(this.#buffer.subarray(0, count));
    }
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
