/**
 * What was sent and waits for its acknowledgement, each with a packet identifier that nothing else uses
 * meanwhile [MQTT-2.3.1-2].
 *
 * `T` is whatever the caller wants back when the acknowledgement is there. All of it is kept in the order in which it
 * was sent, and what was released in the order of the PUBRECs [MQTT-4.6.0-1, MQTT-4.6.0-4].
 */

import type { PublishPacket, SubscribePacket, UnsubscribePacket } from "../codec/packet.ts";

/** Something that waits: `released` is a QoS 2 message whose PUBREC has come, which never becomes a PUBLISH again. */
export type Waiting<T> =
  | { kind: "publish"; packet: PublishPacket; token: T }
  | { kind: "released"; token: T }
  | { kind: "subscribe"; packet: SubscribePacket; token: T }
  | { kind: "unsubscribe"; packet: UnsubscribePacket; token: T };

const LARGEST_ID = 65_535;

export class InFlight<T> {
  readonly #waiting = new Map<number, Waiting<T>>();
  #lastId = 0;

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /**
   * The next free packet identifier.
   *
   * @throws {RangeError} If all are in use.
   */
  nextId(): number {
    if (this.#waiting.size === LARGEST_ID) {
      throw new RangeError(`Cannot send: ${LARGEST_ID} packets wait for their acknowledgement`);
    }
    do this.#lastId = this.#lastId % LARGEST_ID + 1; while (this.#waiting.has(this.#lastId));
    return this.#lastId;
  }

  set(packetId: number, waiting: Waiting<T>): void {
    this.#waiting.set(packetId, waiting);
  }

  find(packetId: number): Waiting<T> | undefined {
    return this.#waiting.get(packetId);
  }

  /** PUBREC came: from now on it stands behind all others. */
  release(packetId: number, token: T): void {
    this.#waiting.delete(packetId);
    this.#waiting.set(packetId, { kind: "released", token });
  }

  /** Everything that waits, by packet identifier, in order. */
  entries(): [packetId: number, waiting: Waiting<T>][] {
    return [...this.#waiting];
  }

  /** Its packet identifier may be used again [MQTT-2.3.1-3]. */
  delete(packetId: number): void {
    this.#waiting.delete(packetId);
  }

  /** The packet identifiers of what was released, in order. */
  released(): number[] {
    return this.entries().filter(([, { kind }]) => kind === "released").map(([packetId]) =>
      packetId
    );
  }

  /** Forgets everything; returns what its callers are to be told about. */
  clear(): T[] {
    const tokens = Array.from(this.#waiting.values(), (waiting) => waiting.token);
    this.#waiting.clear();
    return tokens;
  }
}
