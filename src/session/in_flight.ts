/**
 * What was sent and waits for its acknowledgement, each with a packet identifier that nothing else uses
 * meanwhile [MQTT-2.3.1-2].
 *
 * `T` is whatever the caller wants back when the acknowledgement is there. All of it is kept in the order in which it
 * was sent, and what was released in the order of the PUBRECs [MQTT-4.6.0-1, MQTT-4.6.0-4].
 *
 * Identifiers are given in turn, so each has a place in a ring; one whose place is still taken is left out. That is much
 * faster than a `Map`, and the order is looked for only when it is asked for.
 */

import type { PublishPacket, SubscribePacket, UnsubscribePacket } from "../codec/packet.ts";

/** Something that waits: `released` is a QoS 2 message whose PUBREC has come, which never becomes a PUBLISH again. */
export type Waiting<T> =
  | { kind: "publish"; packet: PublishPacket; token: T }
  | { kind: "released"; token: T }
  | { kind: "subscribe"; packet: SubscribePacket; token: T }
  | { kind: "unsubscribe"; packet: UnsubscribePacket; token: T };

interface Entry<T> {
  readonly packetId: number;
  /** How many were put in before. */
  readonly order: number;
  readonly waiting: Waiting<T>;
}

const LARGEST_ID = 65_535;
/** Powers of two, so that the last bits of an identifier are its place. */
const SMALLEST_RING = 16;
const LARGEST_RING = 65_536;

export class InFlight<T> {
  #ring: (Entry<T> | undefined)[] = emptyRing(SMALLEST_RING);
  #size = 0;
  #lastId = 0;
  #orders = 0;

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /**
   * The next free packet identifier.
   *
   * @throws {RangeError} If all are in use.
   */
  nextId(): number {
    if (this.#size === LARGEST_ID) {
      throw new RangeError(`Cannot send: ${LARGEST_ID} packets wait for their acknowledgement`);
    }
    if (this.#size >= this.#ring.length / 2) this.#grow();
    do this.#lastId = this.#lastId % LARGEST_ID + 1; while (
      this.#ring[this.#placeOf(this.#lastId)]
    );
    return this.#lastId;
  }

  /** Puts something behind all others, under an identifier that {@linkcode InFlight.nextId} gave. */
  set(packetId: number, waiting: Waiting<T>): void {
    this.#ring[this.#placeOf(packetId)] = { packetId, order: this.#orders++, waiting };
    this.#size++;
  }

  find(packetId: number): Waiting<T> | undefined {
    const entry = this.#ring[this.#placeOf(packetId)];
    return entry?.packetId === packetId ? entry.waiting : undefined;
  }

  /** PUBREC came: from now on it stands behind all others. */
  release(packetId: number, token: T): void {
    this.delete(packetId);
    this.set(packetId, { kind: "released", token });
  }

  /** Everything that waits, by packet identifier, in order. */
  entries(): [packetId: number, waiting: Waiting<T>][] {
    return this.#inOrder().map(({ packetId, waiting }) => [packetId, waiting]);
  }

  /** The identifier of something that waits may be used again [MQTT-2.3.1-3]. */
  delete(packetId: number): void {
    this.#ring[this.#placeOf(packetId)] = undefined;
    this.#size--;
  }

  /** The packet identifiers of what was released, in order. */
  released(): number[] {
    return this.entries().filter(([, { kind }]) => kind === "released").map(([packetId]) =>
      packetId
    );
  }

  /** Forgets everything; returns what its callers are to be told about. */
  clear(): T[] {
    const tokens = this.#inOrder().map(({ waiting }) => waiting.token);
    this.#ring = emptyRing(SMALLEST_RING);
    this.#size = 0;
    return tokens;
  }

  #placeOf(packetId: number): number {
    return packetId & this.#ring.length - 1;
  }

  #inOrder(): Entry<T>[] {
    return this.#ring.filter((entry) => entry !== undefined).sort((a, b) => a.order - b.order);
  }

  /** Those that share no place do not share one in a ring that is twice as large. */
  #grow(): void {
    if (this.#ring.length === LARGEST_RING) return;
    const entries = this.#inOrder();
    this.#ring = emptyRing(2 * this.#ring.length);
    for (const entry of entries) this.#ring[this.#placeOf(entry.packetId)] = entry;
  }
}

function emptyRing<T>(length: number): (Entry<T> | undefined)[] {
  return new Array<Entry<T> | undefined>(length).fill(undefined);
}
