import {
  DuplicateIdentityError,
  type HubwireError,
  MalformedPacketError,
  ProtocolError,
} from "../errors.ts";
import { cannotComeBack, isOwnDoing } from "./client_errors.ts";

/** How a client comes back when its connection is lost. */
export interface ReconnectOptions {
  /** The first delay is at most this, in milliseconds; the next ones at most twice as much each time. Default 1000. */
  minimumDelayMs?: number;
  /** No delay is longer. Default 100 000. */
  maximumDelayMs?: number;
  /**
   * Whether to try again after this failure; default: if it is `retryable`, and five times in a row after a server broke
   * the protocol. `failures` counts those in a row.
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
/** What is broken on the way may be whole the next time; what is broken at the server is not. */
const MOST_VIOLATIONS = 5;

/**
 * When to try again, and whether: after a delay of chance between nothing and a bound that doubles, so that many clients
 * that lost the same server do not come back all at once.
 */
export class BackOff {
  readonly #minimumMs: number;
  readonly #maximumMs: number;
  readonly #shouldRetry: (error: HubwireError, failures: number) => boolean;
  readonly #random: () => number;
  #failures = 0;
  #shortOnes = 0;
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
    this.#shouldRetry = options.shouldRetry ?? shouldRetry;
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
    const bound = Math.min(this.#maximumMs, this.#minimumMs * 2 ** (failures - 1));
    try {
      return this.#shouldRetry(cause, failures) ? this.#random() * bound : cause;
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
    if (lasted >= STABLE_MS) this.#failures = 0;
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

function shouldRetry(error: HubwireError, failures: number): boolean {
  const isViolation = error instanceof MalformedPacketError || error instanceof ProtocolError;
  return error.retryable || (isViolation && failures <= MOST_VIOLATIONS);
}
