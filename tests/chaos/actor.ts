import { MqttClient } from "../../src/client/mod.ts";
import { HubwireError } from "../../src/errors.ts";
import { memoryOutbox } from "../../src/mqtt.ts";
import type { Transport } from "../../src/transport/mod.ts";
import { Dice } from "../_kit/packet_generators/dice.ts";
import { keepOpen, type KeptOpen } from "./keep_open.ts";
import type { Breach, Ledger } from "./ledger.ts";
import { describeOperation, nextOperation, type Operation } from "./operations.ts";
import { pause } from "./pause.ts";

/** What an actor works with. */
export interface ActorOptions {
  /** Which one it is, from 0, and of how many. */
  number: number;
  clients: number;
  seed: number;
  transport: Transport;
  ledger: Ledger;
  /** Ends the run, however far it is. */
  signal: AbortSignal;
}

/** More calls than this are not under way at once. */
const MOST_PENDING = 300;
/** So many operations are remembered, for whoever looks for a mistake. */
const TRACE_LENGTH = 40;

/** A small one, so that it is full now and then. */
const OUTBOX = { maximumCount: 50 };

/** A client that does what its dice say, and notes what it was promised. */
export class Actor {
  readonly name: string;
  readonly client: MqttClient;
  readonly #options: ActorOptions;
  readonly #dice: Dice;
  readonly #hasOutbox: boolean;
  readonly #kept: KeptOpen;
  readonly #pending = new Map<Promise<void>, string>();
  readonly #trace: string[] = [];
  /** How many operations were begun, calls failed, connections lost. */
  readonly counts = { operations: 0, failed: 0, lost: 0 };

  constructor(options: ActorOptions) {
    const { number, seed, transport, signal } = options;
    this.#options = options;
    this.name = `c${number}`;
    this.#dice = new Dice(seed * 1000 + number);
    this.#hasOutbox = number % 2 === 1;
    this.client = new MqttClient({
      ...(this.#hasOutbox && { outbox: memoryOutbox(OUTBOX) }),
      clientId: this.name,
      transport,
      cleanSession: false,
      keepAliveSeconds: 2,
      connackDeadlineMs: 2000,
      // Whatever a broken network makes a failure look like.
      reconnect: { minimumDelayMs: 50, maximumDelayMs: 500, shouldRetry: () => true },
    });
    this.#kept = keepOpen(this.client, signal);
    this.client.addEventListener("statechange", ({ newState, cause }) => {
      if (cause) this.counts.lost++;
      this.#note(`${newState}${cause ? `: ${cause.why}` : ""}`);
    });
  }

  /** Connects and subscribes to what is sent to it. */
  async begin(): Promise<void> {
    const { ledger } = this.#options;
    const handler = ({ topic, payload }: { topic: string; payload: Uint8Array }) =>
      ledger.arrived(topic, numberIn(payload));
    await this.ready();
    await this.client.subscribe(`down/${this.name}/#`, { qos: 2, handler });
  }

  /** One operation after the other, until the signal aborts. */
  async act(signal: AbortSignal): Promise<void> {
    const { clients } = this.#options;
    while (!signal.aborted) {
      const operation = nextOperation(this.#dice, clients);
      await this.ready();
      this.#note(describeOperation(operation));
      this.counts.operations++;
      await this.#do(operation, signal);
      await pause(this.#dice.below(30), signal);
    }
  }

  /** Settles once it is connected. */
  ready(): Promise<void> {
    return this.#kept.ready();
  }

  /** Waits for the calls that are under way, at most until the signal aborts; tells those that did not settle. */
  async settle(signal: AbortSignal): Promise<Breach[]> {
    const aborted = pause(2 ** 31 - 1, signal);
    await Promise.race([Promise.all(this.#pending.keys()), aborted]);
    return [...this.#pending.values()].map((text) => ({
      promise: "settle",
      client: this.name,
      text: `${this.name}: ${text} did not settle`,
    }));
  }

  /** The last operations and what became of them. */
  get trace(): readonly string[] {
    return this.#trace;
  }

  async close(): Promise<void> {
    this.#kept.stop();
    await this.client.close();
  }

  async #do(operation: Operation, signal: AbortSignal): Promise<void> {
    const { client } = this;
    switch (operation.kind) {
      case "publish":
        return await this.#publish(operation);
      case "subscribe":
        return this.#watch(
          client.subscribe(`up/c${operation.other}/#`, { qos: operation.qos, handler() {} }),
          describeOperation(operation),
        );
      case "unsubscribe":
        return this.#watch(
          client.unsubscribe(`up/c${operation.other}/#`),
          describeOperation(operation),
        );
      case "reopen":
        // What an outbox keeps leaves anew then, and at QoS 2 it may come twice.
        return this.#hasOutbox ? undefined : await client.close();
      case "switch":
        return this.#watch(this.#switch(), "switch");
      case "pause":
        return await pause(operation.ms, signal);
    }
  }

  /** Takes its own connection over; at times it has none to take over. */
  async #switch(): Promise<void> {
    try {
      await this.client.switchTransport(this.#options.transport);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }

  async #publish(operation: Extract<Operation, { kind: "publish" }>): Promise<void> {
    const { qos, lane, count, size } = operation;
    const topic = `up/${this.name}/${qos}/${lane}`;
    const stream = this.#options.ledger.open(topic, { qos, client: this.name });
    for (let i = 0; i < count; i++) {
      const number = stream.next();
      const payload = `${number} `.padEnd(size, ".");
      const publishing = this.client.publish(topic, payload, { qos });
      this.#watch(
        publishing.then(() => void stream.delivered.push(number)),
        `publish ${topic} #${number}`,
      );
    }
    while (this.#pending.size > MOST_PENDING) await Promise.race(this.#pending.keys());
  }

  /** A call may fail with an error of the world; it may not hang. */
  #watch(call: Promise<unknown>, text: string): void {
    const failed = (error: unknown) => {
      if (!(error instanceof HubwireError)) throw error;
      this.counts.failed++;
      this.#note(`${text} failed: ${error.code}`);
    };
    const settled = call.then(() => {}, failed).finally(() => this.#pending.delete(settled));
    this.#pending.set(settled, text);
  }

  #note(text: string): void {
    this.#trace.push(`${(performance.now() / 1000).toFixed(3)} ${this.name} ${text}`);
    if (this.#trace.length > TRACE_LENGTH) this.#trace.shift();
  }
}

/** The number at the beginning of a payload. */
export function numberIn(payload: Uint8Array): number {
  return Number.parseInt(new TextDecoder().decode(payload.subarray(0, 16)), 10);
}
