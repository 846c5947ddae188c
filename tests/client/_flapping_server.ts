import {
  encodePacket,
  type Packet,
  PacketDecoder,
  type PublishPacket,
} from "../../src/codec/mod.ts";
import { ConnectionLostError } from "../../src/errors.ts";
import { type Connection, memoryPair, type Transport } from "../../src/transport/mod.ts";
import type { VirtualClock } from "../_kit/virtual_clock.ts";

/** One connection: whatever is under way in it is lost when it breaks. */
interface Line {
  readonly far: Connection;
  isBroken: boolean;
  /** When the last packet that is under way arrives; those behind it arrive later. */
  arrivals: { toClient: number; toServer: number };
}

/**
 * A server with one session, which it never forgets, behind a network that takes its time and breaks whenever a test says so.
 * It does what MQTT 3.1.1 demands of a server, sends again after a lost connection, and counts what it is given.
 */
export class FlappingServer implements Transport {
  readonly address = "flapping:1883";
  /** The payloads that came, in order, those of copies at QoS 2 left out. */
  readonly received: string[] = [];
  /** When somebody tried to connect. */
  readonly attempts: number[] = [];
  /** How many connections were not closed by the client. */
  open = 0;
  /** Whether nobody can connect. */
  isDown = false;
  readonly #clock: VirtualClock;
  readonly #random: () => number;
  readonly #exactlyOnce = new Set<number>();
  readonly #outgoing = new Map<number, PublishPacket | "released">();
  #lastId = 0;
  #hasSession = false;
  #line: Line | undefined;

  constructor(clock: VirtualClock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** How many messages to the client are not acknowledged. */
  get unacknowledged(): number {
    return this.#outgoing.size;
  }

  connect(): Promise<Connection> {
    this.attempts.push(this.#clock.now());
    if (this.isDown) return Promise.reject(lost());
    const [near, far] = memoryPair();
    const line: Line = { far, isBroken: false, arrivals: { toClient: 0, toServer: 0 } };
    this.#line = line;
    this.open++;
    void this.#serve(line);
    let isClosed = false;
    return Promise.resolve({
      read: async (buffer) => {
        const count = await near.read(buffer);
        return line.isBroken ? null : count;
      },
      write: (bytes) => line.isBroken ? Promise.reject(lost()) : near.write(bytes),
      close: () => {
        if (!isClosed) this.open--;
        isClosed = true;
        near.close();
      },
    });
  }

  /** The network breaks: nothing that is under way arrives. */
  drop(): void {
    if (!this.#line) return;
    this.#line.isBroken = true;
    this.#line.far.close();
    this.#line = undefined;
  }

  /** Sends a message, with the next connection if there is none. */
  publish(text: string, qos: 1 | 2): void {
    do this.#lastId = this.#lastId % 65_535 + 1; while (this.#outgoing.has(this.#lastId));
    const packetId = this.#lastId;
    const packet: PublishPacket = {
      type: "publish",
      topic: `down/${qos}`,
      payload: new TextEncoder().encode(text),
      qos,
      retain: false,
      dup: false,
      packetId,
    };
    this.#outgoing.set(packetId, packet);
    if (this.#line) this.#send(this.#line, packet);
  }

  async #serve(line: Line): Promise<void> {
    const decoder = new PacketDecoder({ role: "server" });
    const buffer = new Uint8Array(64 * 1024);
    for (;;) {
      const count = await line.far.read(buffer).catch(() => null);
      if (count === null) return;
      decoder.push(buffer.subarray(0, count));
      for (let packet = decoder.next(); packet; packet = decoder.next()) {
        const arrived = packet;
        this.#travel(line, "toServer", () => this.#receive(line, arrived));
      }
    }
  }

  #send(line: Line, packet: Packet): void {
    this.#travel(line, "toClient", () => void line.far.write(encodePacket(packet)));
  }

  /** Everything takes up to a third of a second, and overtakes nothing. */
  #travel(line: Line, way: keyof Line["arrivals"], arrive: () => void): void {
    const now = this.#clock.now();
    const at = line.arrivals[way] = Math.max(line.arrivals[way], now + this.#random() * 333);
    this.#clock.schedule(at - now, () => {
      if (!line.isBroken) arrive();
    });
  }

  #receive(line: Line, packet: Packet): void {
    switch (packet.type) {
      case "connect":
        this.#send(line, { type: "connack", sessionPresent: this.#hasSession, returnCode: 0 });
        this.#hasSession = true;
        for (const [packetId, message] of this.#outgoing) {
          if (message === "released") this.#send(line, { type: "pubrel", packetId });
          else this.#send(line, { ...message, dup: true });
        }
        return;
      case "publish":
        return this.#take(line, packet);
      case "pubrel":
        this.#exactlyOnce.delete(packet.packetId);
        return this.#send(line, { type: "pubcomp", packetId: packet.packetId });
      case "pubrec":
        this.#outgoing.set(packet.packetId, "released");
        return this.#send(line, { type: "pubrel", packetId: packet.packetId });
      case "puback":
      case "pubcomp":
        this.#outgoing.delete(packet.packetId);
        return;
      case "subscribe": {
        const { packetId, subscriptions } = packet;
        const returnCodes = subscriptions.map(({ qos }) => qos);
        return this.#send(line, { type: "suback", packetId, returnCodes });
      }
      case "pingreq":
        return this.#send(line, { type: "pingresp" });
      case "disconnect":
        return this.drop();
    }
  }

  #take(line: Line, { qos, packetId = 0, payload }: PublishPacket): void {
    const isCopy = qos === 2 && this.#exactlyOnce.has(packetId);
    if (!isCopy) this.received.push(new TextDecoder().decode(payload));
    if (qos === 0) return;
    if (qos === 2) this.#exactlyOnce.add(packetId);
    this.#send(line, { type: qos === 1 ? "puback" : "pubrec", packetId });
  }
}

function lost(): ConnectionLostError {
  return new ConnectionLostError("NETWORK_UNREACHABLE", {
    what: "Cannot connect",
    why: "the network is down",
    remedy: "Try again.",
  });
}
