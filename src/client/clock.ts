/** Time and timers, as an argument: tests pass one that they turn themselves. */
export interface Clock {
  /** Milliseconds that only ever grow. */
  now(): number;
  /** Calls `callback` once after so many milliseconds; returns what cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
  /** Calls `callback` once this turn of the event loop is over, when no promise has anything left to do. */
  soon(callback: () => void): void;
}

/** setTimeout fires at once when the delay does not fit 32 bits. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;
/** The time of day is mended bit by bit, and two clocks are never read at once: what is less is no jump. */
const LEAST_JUMP_MS = 1000;

/** Where a {@linkcode SystemClock} reads the time; tests bring their own. */
export interface SystemClockOptions {
  /** Grows evenly, and may stand still while the machine sleeps. */
  monotonic?: () => number;
  /** Goes on while the machine sleeps, and may be set to anything. */
  timeOfDay?: () => number;
  /** How often to look whether the machine has slept, in milliseconds. */
  lookEveryMs?: number;
}

interface Alarm {
  at: number;
  ring: () => void;
}

/**
 * The clock of this machine. It goes on while the machine sleeps.
 *
 * On most systems `performance.now()` and all timers stand still meanwhile. That it slept shows when the time of day
 * has run ahead of them: it is looked for as long as an alarm is set, and those that fell due in the sleep ring then.
 * A time of day that is set forward looks the same, and costs no more than a connection that is made again; one that
 * is set back changes nothing.
 */
export class SystemClock implements Clock {
  readonly #monotonic: () => number;
  readonly #timeOfDay: () => number;
  readonly #lookEveryMs: number;
  readonly #alarms = new Set<Alarm>();
  #slept = 0;
  /** How far the time of day is ahead. */
  #lead = 0;
  #stopLooking: (() => void) | undefined;

  constructor(options: SystemClockOptions = {}) {
    this.#monotonic = options.monotonic ?? (() => performance.now());
    this.#timeOfDay = options.timeOfDay ?? (() => Date.now());
    this.#lookEveryMs = options.lookEveryMs ?? 5000;
  }

  now(): number {
    return this.#monotonic() + this.#slept;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const cancel = () => {
      clearTimeout(timer);
      this.#alarms.delete(alarm);
      if (this.#alarms.size === 0) this.#stopLooking?.();
    };
    const ring = () => {
      cancel();
      callback();
    };
    const alarm: Alarm = { at: this.now() + delayMs, ring };
    const timer = setTimeout(ring, Math.max(0, Math.min(delayMs, LONGEST_DELAY_MS)));
    this.#alarms.add(alarm);
    if (!this.#stopLooking) this.#startLooking();
    return cancel;
  }

  soon(callback: () => void): void {
    setImmediate(callback);
  }

  #startLooking(): void {
    this.#lead = this.#timeOfDay() - this.#monotonic();
    const timer = setInterval(() => this.#look(), this.#lookEveryMs);
    this.#stopLooking = () => {
      clearInterval(timer);
      this.#stopLooking = undefined;
    };
  }

  #look(): void {
    const lead = this.#timeOfDay() - this.#monotonic();
    const jump = lead - this.#lead;
    this.#lead = lead;
    if (jump < LEAST_JUMP_MS) return;
    this.#slept += jump;
    const now = this.now();
    // What one of them brings about may cancel another.
    for (const alarm of [...this.#alarms]) {
      if (alarm.at <= now && this.#alarms.has(alarm)) alarm.ring();
    }
  }
}

/** The clock of this machine. */
export const SYSTEM_CLOCK: Clock = new SystemClock();
