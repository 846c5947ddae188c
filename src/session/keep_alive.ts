/**
 * When to send PINGREQ, and when to give a silent server up (section 3.1.2.10).
 *
 * Rule 1. A ping is due when *either* direction has been idle for the interval. A client that publishes at QoS 0
 *         all the time never falls idle in sending, and its writes succeed into a dead network for
 *         minutes: only hearing nothing tells it.
 * Rule 2. A ping has a deadline of its own. Any byte that arrives before it is a sign of life, though it be a part of a
 *         packet that takes minutes to arrive.
 * Rule 3. The deadline runs from when the ping was written. While it waits behind other data, every bit of that which
 *         gets written puts the deadline off; when nothing does, it passes.
 * Rule 4. It is due a tenth of the interval early, so that a timer that fires late still keeps the promise
 *         made in CONNECT [MQTT-3.1.2-23].
 * Rule 5. Who does not read cannot hear: pings go on, but silence means nothing then.
 * Rule 6. Whoever comes to it so late that one and a half intervals have passed in silence has slept, and the server has
 *         closed meanwhile [MQTT-3.1.2-24]: there is nobody left to be pinged.
 */

const EARLY = 0.9;
const LATEST = 1.5;

export class KeepAlive {
  readonly #intervalMs: number;
  readonly #timeoutMs: number;
  #sentAt = 0;
  #receivedAt = 0;
  #ping: { since: number; isWritten: boolean } | undefined;
  #isDeaf = false;

  /** An interval of 0 switches it off. */
  constructor(intervalMs: number, timeoutMs: number) {
    this.#intervalMs = intervalMs * EARLY;
    this.#timeoutMs = timeoutMs;
  }

  /** A packet was sent. */
  sent(now: number): void {
    this.#sentAt = now;
  }

  /** Bytes came. */
  received(now: number): void {
    this.#receivedAt = now;
    this.#ping = undefined;
  }

  /** PINGREQ was sent. */
  pinged(now: number): void {
    this.#ping = { since: now, isWritten: false };
  }

  /** Some of what was sent has been written, perhaps not the ping yet. */
  progressed(now: number): void {
    this.#sentAt = now;
    if (this.#ping && !this.#ping.isWritten) this.#ping.since = now;
  }

  /** The ping has been written. */
  pingWritten(now: number): void {
    if (this.#ping) this.#ping = { since: now, isWritten: true };
  }

  /** From now on nothing is read. */
  deafen(): void {
    this.#isDeaf = true;
  }

  /** It is read again. */
  hear(now: number): void {
    this.#isDeaf = false;
    this.received(now);
  }

  /** When there will be something to do, if nothing happens until then; `Infinity` when never. */
  get deadline(): number {
    if (this.#intervalMs === 0) return Infinity;
    if (this.#isDeaf) return this.#sentAt + this.#intervalMs;
    if (this.#ping) return this.#ping.since + this.#timeoutMs;
    return Math.min(this.#sentAt, this.#receivedAt) + this.#intervalMs;
  }

  /** Whether it is far too late for a ping. */
  hasOverslept(now: number): boolean {
    const silence = now - Math.min(this.#sentAt, this.#receivedAt);
    return !this.#isDeaf && silence > this.#intervalMs / EARLY * LATEST;
  }

  /** Whether the deadline is that of a ping which was not answered. */
  get isPingOpen(): boolean {
    return this.#ping !== undefined && !this.#isDeaf;
  }
}
