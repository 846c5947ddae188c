/**
 * Publishes messages as fast as they come and are taken, many in flight at once, and counts what became of them.
 */

import type { StateChangeEvent } from "../client/mod.ts";
import type { Payloads } from "./payloads.ts";

/** Who publishes. */
export interface Publisher {
  /** The connection, which says when it is lost. */
  connection: {
    addEventListener(type: "statechange", listener: (event: StateChangeEvent) => void): void;
  };
  /** Settles when the server has taken the message over, or never will. */
  publish(payload: Uint8Array): Promise<void>;
}

/** What became of the messages. */
export interface Tally {
  /** Read, and taken by the connection. */
  sent: number;
  /** Acknowledged by the server; at QoS 0, where nobody acknowledges, written to the connection. */
  settled: number;
  /** What ended it before all was done. */
  failure?: unknown;
}

/** So many may be under way; then reading waits until half of them have arrived. */
const MOST_UNDER_WAY = 2000;

/** How long somebody who pressed Ctrl-C waits for acknowledgements. */
const PATIENCE_MS = 2000;

/** Publishes all payloads; the signal, or a failure, ends it early. Never throws what `publish` does. */
export async function publishAll(
  publisher: Publisher,
  payloads: Payloads,
  { signal }: { signal: AbortSignal },
): Promise<Tally> {
  const run = new PublishRun(publisher, signal);
  return await run.publish(payloads);
}

class PublishRun {
  readonly #publisher: Publisher;
  readonly #signal: AbortSignal;
  readonly #stop = new AbortController();
  readonly #tally: Tally = { sent: 0, settled: 0 };
  #underWay = 0;
  #awaited: { most: number; reached: () => void } | undefined;

  constructor(publisher: Publisher, signal: AbortSignal) {
    this.#publisher = publisher;
    this.#signal = signal;
  }

  async publish(payloads: Payloads): Promise<Tally> {
    const interrupt = () => this.#fail(this.#signal.reason);
    this.#signal.addEventListener("abort", interrupt);
    if (this.#signal.aborted) interrupt();
    this.#publisher.connection.addEventListener("statechange", ({ newState, cause }) => {
      if (newState === "disconnected" && cause) this.#fail(cause);
    });
    for await (const payload of payloads(this.#stop.signal)) {
      if (this.#stop.signal.aborted) break;
      this.#send(payload);
      if (this.#underWay >= MOST_UNDER_WAY) await this.#untilAtMost(MOST_UNDER_WAY / 2);
    }
    await this.#untilDone();
    this.#signal.removeEventListener("abort", interrupt);
    return this.#tally;
  }

  #send(payload: Uint8Array): void {
    this.#tally.sent++;
    this.#underWay++;
    this.#publisher.publish(payload).then(
      () => this.#tally.settled++,
      (error) => {
        // Refused before anything was written.
        if (error instanceof TypeError || error instanceof RangeError) this.#tally.sent--;
        this.#fail(error);
      },
    ).then(() => {
      this.#underWay--;
      if (this.#awaited && this.#underWay <= this.#awaited.most) this.#awaited.reached();
    });
  }

  #fail(failure: unknown): void {
    this.#tally.failure ??= failure;
    this.#stop.abort();
  }

  /** Every message settles, for the connection does; only who is interrupted waits no longer than a moment. */
  async #untilDone(): Promise<void> {
    const done = this.#untilAtMost(0);
    const patience = Promise.withResolvers<void>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hurry = () => timer ??= setTimeout(patience.resolve, PATIENCE_MS);
    this.#signal.addEventListener("abort", hurry);
    if (this.#signal.aborted) hurry();
    await Promise.race([done, patience.promise]);
    this.#signal.removeEventListener("abort", hurry);
    clearTimeout(timer);
  }

  #untilAtMost(most: number): Promise<void> {
    if (this.#underWay <= most) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#awaited = { most, reached: resolve };
    return promise;
  }
}
