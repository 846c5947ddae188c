/**
 * What was sent and waits for its acknowledgement, each with a packet identifier that nothing else uses
 * meanwhile [MQTT-2.3.1-2].
 *
 * `T` is whatever the caller wants back when the acknowledgement is there.
 */

/** Something that waits: `released` is a QoS 2 message whose PUBREC has come, which never becomes a PUBLISH again. */
export type Waiting<T> =
  | { kind: "publish"; qos: 1 | 2; token: T }
  | { kind: "released"; token: T }
  | { kind: "subscribe"; filters: number; token: T }
  | { kind: "unsubscribe"; token: T };

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

  /** Its packet identifier may be used again [MQTT-2.3.1-3]. */
  delete(packetId: number): void {
    this.#waiting.delete(packetId);
  }

  /** Forgets everything; returns what its callers are to be told about. */
  clear(): T[] {
    const tokens = Array.from(this.#waiting.values(), (waiting) => waiting.token);
    this.#waiting.clear();
    return tokens;
  }
}
