import type { Socket } from "node:net";
import { setImmediate } from "node:timers";
import type { Dice } from "../packet_generators/dice.ts";
import type { FaultRule } from "./fault.ts";

/** What a lane works with. */
export interface LaneOptions {
  from: Socket;
  to: Socket;
  dice: Dice;
  /** Settles when the connection is over. */
  over: Promise<void>;
  /** Ends the whole connection with a reset. */
  reset(): void;
  /** Ends the whole connection politely. */
  finish(): void;
  /** A fault happens now, at this byte. */
  fired(rule: FaultRule, at: number): void;
}

/** One direction of a connection, and the faults on it. */
export class Lane {
  readonly #options: LaneOptions;
  /** Where round trips are counted. */
  opposite: Lane = this;
  #once: FaultRule[] = [];
  readonly #byChance: FaultRule[] = [];
  #passed = 0;
  #arrivals = 0;
  #waiters: { arrivals: number; resolve: () => void }[] = [];
  #size = Infinity;
  #mask = 0;
  #isTwice = false;
  #isLost = false;
  #hold: Promise<unknown> | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** A fault at once, at its place, or by chance. */
  inflict(rule: FaultRule): void {
    if (rule.chance !== undefined) this.#byChance.push(rule);
    else this.#once.push(rule);
    this.#fireDue();
  }

  /** Carries bytes until the stream ends or is no more. */
  async run(): Promise<void> {
    const { from, to, over } = this.#options;
    try {
      // An iterator that destroyed its socket at the end would end the other direction, too.
      for await (const bytes of from.iterator({ destroyOnReturn: false })) {
        this.#arrive();
        this.#rollDice(bytes.length);
        await this.#carry(bytes);
      }
      await Promise.race([this.#hold, over]);
      if (!this.#isLost) to.end();
    } catch (error) {
      if (!isBreak(error)) throw error;
      if (!this.#isLost) this.#options.reset();
    }
  }

  /** Settles when so many more pieces have come. */
  arrived(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiters.push({ arrivals: this.#arrivals + count, resolve });
    return promise;
  }

  async #carry(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0 && !this.#isLost;) {
      await Promise.race([this.#hold, this.#options.over]);
      const nextStop = Math.min(...this.#once.map(({ after = 0 }) => after));
      const most = Math.min(rest.length, nextStop - this.#passed, this.#pieceSize());
      await this.#write(this.#spoil(rest.subarray(0, most)));
      // A turn of the event loop: a reader in this process sees the pieces apart.
      if (this.#size !== Infinity) await new Promise((resolve) => setImmediate(resolve));
      rest = rest.subarray(most);
      this.#passed += most;
      this.#fireDue();
    }
  }

  #pieceSize(): number {
    return this.#size === Infinity ? Infinity : this.#options.dice.between(1, this.#size);
  }

  #spoil(piece: Uint8Array): Uint8Array {
    const copies = this.#isTwice ? [...piece, ...piece] : piece;
    const spoilt = Uint8Array.from(copies);
    spoilt[0] = (spoilt[0] ?? 0) ^ this.#mask;
    this.#isTwice = false;
    this.#mask = 0;
    return spoilt;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const { to, over } = this.#options;
    if (this.#isLost || !to.writable) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    to.write(bytes, (error) => error ? reject(error) : resolve());
    await Promise.race([promise, over]);
  }

  #arrive(): void {
    this.#arrivals++;
    const due = this.#waiters.filter(({ arrivals }) => arrivals <= this.#arrivals);
    this.#waiters = this.#waiters.filter(({ arrivals }) => arrivals > this.#arrivals);
    for (const { resolve } of due) resolve();
  }

  #rollDice(length: number): void {
    const { dice } = this.#options;
    for (const rule of this.#byChance) {
      if (!dice.chance(rule.chance ?? 0)) continue;
      this.#once.push({ ...rule, after: this.#passed + dice.below(length) });
    }
    this.#fireDue();
  }

  #fireDue(): void {
    const isDue = ({ after = 0 }: FaultRule) => after <= this.#passed;
    const due = this.#once.filter(isDue);
    this.#once = this.#once.filter((rule) => !isDue(rule));
    for (const rule of due) {
      // What is lost stays lost; nothing can be done to it.
      if (this.#isLost) return;
      this.#options.fired(rule, this.#passed);
      this.#fire(rule);
    }
  }

  #fire(rule: FaultRule): void {
    const { to, reset, finish } = this.#options;
    switch (rule.kind) {
      case "slice":
        this.#size = rule.size;
        return;
      case "corrupt":
        this.#mask = rule.mask ?? 0xff;
        return;
      case "duplicate":
        this.#isTwice = true;
        return;
      case "hold":
        return this.#wait(rule.until);
      case "delay":
        return this.#wait(
          "roundTrips" in rule ? this.opposite.arrived(rule.roundTrips) : until(rule),
        );
      case "truncate":
        this.#isLost = true;
        return finish();
      case "halfClose":
        this.#isLost = true;
        return void to.end();
      case "blackhole":
        this.#isLost = true;
        return;
      case "reset":
        this.#isLost = true;
        return reset();
    }
  }

  #wait(until: Promise<unknown>): void {
    this.#hold = Promise.all([this.#hold, until]);
  }
}

function until({ ms, clock }: Extract<FaultRule, { ms: number }>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.schedule(ms, resolve);
  return promise;
}

/** One of the ends is gone, which is how connections through a bad network end. */
function isBreak(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" && BREAKS.includes(code);
}

const BREAKS = [
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ECONNABORTED",
  "ECANCELED",
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_PREMATURE_CLOSE",
  "ERR_STREAM_WRITE_AFTER_END",
];
