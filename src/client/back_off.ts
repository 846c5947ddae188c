import { DuplicateIdentityError, type HubwireError } from "../errors.ts";
import { cannotComeBack, isOwnDoing } from "./client_errors.ts";

/** How a client comes back when its connection is lost. */
export interface ReconnectOptions {
  /** The first delay is at most this, in milliseconds; the next ones at most twice as much each time. Default 1000. */
  minimumDelayMs?: number;
  /** No delay is longer. Default 100 000. */
  maximumDelayMs?: number;
  /**
   * Whether to try again after this failure. Default: if it is `retryable`; and up to four times in a row after one that
   * a damaged byte or an accident of the server's may have caused (TLS, a refused certificate, what is no MQTT).
   * `failures` counts those since the last connection that was stable.
   */
  shouldRetry?: (error: HubwireError, failures: number) => boolean;
  /** From 0 up to 1, where in its range a delay lies; tests bring their own. Default `Math.random`. */
  random?: () => number;
}

/** A connection that lasted as long counts as stable: delays begin anew. */
const STABLE_MS = 60_000;
/** A connection that did not last as long may have been taken over by another client of the same id. */
const SHORT_MS = 30_000;
const MOST_SHORT_ONES = 3;
/** So often in a row a failure has to be met that may have been made up on the way. */
const BELIEVED_AT = 5;

/**
 * Nothing protects what is said during a TLS handshake, nor over TCP: a byte that was damaged on the way looks like a
 * server that is not trusted, a certificate that is refused, or a breach of the protocol. Whoever was connected before
 * has no reason to believe it at once.
 */
function isDoubtful({ code }: HubwireError): boolean {
  return /^(TLS_|PROXY_|MQTT_(MALFORMED|PACKET|PROTOCOL)|CREDENTIAL_REFUSED$)/.test(code);
}

/**
 * When to try again, and whether: after a delay of chance between nothing and a bound that doubles, so that many clients
 * that lost the same server do not come back all at once.
 */
export class BackOff {
  readonly #minimumMs: number;
  readonly #maximumMs: number;
  readonly #shouldRetry: ((error: HubwireError, failures: number) => boolean) | undefined;
  readonly #random: () => number;
  #failures = 0;
  #shortOnes = 0;
  /** The last failure, and how often in a row it was met. */
  #repeated: { code: string; times: number } | undefined;
  #connectedAt: number | undefined;

  /** @throws {RangeError} If a delay is no positive number, or the least is more than the most. */
  constructor(options: ReconnectOptions = {}) {
    const { minimumDelayMs = 1000, maximumDelayMs = 100_000 } = options;
    if (!(minimumDelayMs > 0 && maximumDelayMs >= minimumDelayMs && maximumDelayMs < 2 ** 31)) {
      throw new RangeError(
        `Cannot reconnect after ${minimumDelayMs} to ${maximumDelayMs} ms: give 0 < minimumDelayMs <= maximumDelayMs`,
      );
    }
    this.#minimumMs = minimumDelayMs;
    this.#maximumMs = maximumDelayMs;
    this.#shouldRetry = options.shouldRetry;
    this.#random = options.random ?? Math.random;
  }

  /** A connection was made. */
  connected(now: number): void {
    this.#connectedAt = now;
  }

  /**
   * The connection, or an attempt at one, has failed: how many milliseconds to wait, or the error that ends it all.
   */
  failed(error: HubwireError, now: number): number | HubwireError {
    if (isOwnDoing(error)) return error;
    const cause = this.#judge(error, now);
    const failures = ++this.#failures;
    const times = cause.code === this.#repeated?.code ? this.#repeated.times + 1 : 1;
    this.#repeated = { code: cause.code, times };
    const mayPass = cause.retryable || isDoubtful(cause) && times < BELIEVED_AT;
    const bound = Math.min(this.#maximumMs, this.#minimumMs * 2 ** (failures - 1));
    try {
      if (!(this.#shouldRetry?.(cause, failures) ?? mayPass)) return cause;
      return this.#random() * bound;
    } catch (mistake) {
      // Both are the program's. Whatever waits for a connection has to be told.
      return cannotComeBack(mistake);
    }
  }

  /** What it was, seen together with what was before. */
  #judge(error: HubwireError, now: number): HubwireError {
    if (this.#connectedAt === undefined) return error;
    const lasted = now - this.#connectedAt;
    this.#connectedAt = undefined;
    if (lasted >= STABLE_MS) {
      this.#failures = 0;
      this.#repeated = undefined;
    }
    this.#shortOnes = lasted < SHORT_MS && error.code === "CONNECTION_LOST"
      ? this.#shortOnes + 1
      : 0;
    if (this.#shortOnes < MOST_SHORT_ONES) return error;
    this.#shortOnes = 0;
    return new DuplicateIdentityError({
      what: "The connection does not last",
      why: `it was lost ${MOST_SHORT_ONES} times within ${
        SHORT_MS / 1000
      } s of being made, as if another client had the same id`,
      remedy: "See that no other program or device uses this client id, then connect again.",
      cause: error,
    });
  }
}
