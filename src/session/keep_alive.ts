/**
 * When to send PINGREQ, and when to give a silent server up (section 3.1.2.10).
 *
 * Rule 1. A ping is due when *either* direction has been idle for the interval. A client that publishes at QoS 0
 *         all the time never falls idle in sending, and its writes succeed into a dead network for
 *         minutes: only hearing nothing tells it.
 * Rule 2. A ping has a deadline of its own. Whatever arrives before it is a sign of life.
 * Rule 3. It is due a tenth of the interval early, so that a timer that fires late still keeps the promise
 *         made in CONNECT [MQTT-3.1.2-23].
 */

const EARLY = 0.9;

export class KeepAlive {
  readonly #intervalMs: number;
  readonly #timeoutMs: number;
  #sentAt = 0;
  #receivedAt = 0;
  #pingedAt: number | undefined;

  /** An interval of 0 switches it off. */
  constructor(intervalMs: number, timeoutMs: number) {
    this.#intervalMs = intervalMs * EARLY;
    this.#timeoutMs = timeoutMs;
  }

  sent(now: number): void {
    this.#sentAt = now;
  }

  received(now: number): void {
    this.#receivedAt = now;
    this.#pingedAt = undefined;
  }

  pinged(now: number): void {
    this.#pingedAt = now;
  }

  /** When there will be something to do, if nothing happens until then; `Infinity` when never. */
  get deadline(): number {
    if (this.#intervalMs === 0) return Infinity;
    if (this.#pingedAt !== undefined) return this.#pingedAt + this.#timeoutMs;
    return Math.min(this.#sentAt, this.#receivedAt) + this.#intervalMs;
  }

  /** Whether a ping was sent and nothing has come since. */
  get isPingOpen(): boolean {
    return this.#pingedAt !== undefined;
  }
}
