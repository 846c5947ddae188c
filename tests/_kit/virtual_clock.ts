import type { Clock } from "../../src/client/mod.ts";

interface Timer {
  at: number;
  callback: () => void;
}

/** A clock that stands still until it is turned. */
export class VirtualClock implements Clock {
  #now = 0;
  #timers: Timer[] = [];

  /** How many callbacks wait. */
  get pending(): number {
    return this.#timers.length;
  }

  now(): number {
    return this.#now;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.#now + delayMs, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Time passes, and nothing happens: what has fallen due is called when the clock is turned next. */
  sleep(ms: number): void {
    this.#now += ms;
  }

  /** After what is ready now: all of a test may be one turn of the event loop. */
  soon(callback: () => void): void {
    void Promise.resolve().then(callback);
  }

  /** Turns the clock on, calling what falls due on the way, each at its time, with all that follows from it. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await settled();
      const next = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#now = Math.max(this.#now, next.at);
      this.#timers = this.#timers.filter((timer) => timer !== next);
      next.callback();
    }
    this.#now = until;
    await settled();
  }
}

/** Lets everything that is ready to run, run: promises have no other way to say that they are through. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}
