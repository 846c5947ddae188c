import { MqttClient } from "../../src/client/mod.ts";
import type { Transport } from "../../src/transport/mod.ts";
import { numberIn } from "./actor.ts";
import type { Ledger } from "./ledger.ts";
import { pause } from "./pause.ts";

/** How long it waits between two rounds of messages to the clients. */
const ROUND_MS = 100;

/** What an observer works with. */
export interface ObserverOptions {
  transport: Transport;
  ledger: Ledger;
  /** Whether the broker takes up a session again as MQTT demands. */
  isOrderly: boolean;
}

/** A client with a good network: it sees what arrives, and sends to the others. */
export class Observer implements AsyncDisposable {
  readonly #client: MqttClient;
  readonly #options: ObserverOptions;

  private constructor(client: MqttClient, options: ObserverOptions) {
    this.#client = client;
    this.#options = options;
  }

  static async begin(options: ObserverOptions): Promise<Observer> {
    const { transport, ledger } = options;
    const client = new MqttClient({ clientId: "observer", transport });
    client.addEventListener("statechange", ({ cause }) => {
      // Its network is good: nobody may lose it.
      if (cause) throw cause;
    });
    await client.connect();
    await client.subscribe("up/#", {
      qos: 2,
      handler: ({ topic, payload }) => ledger.arrived(topic, numberIn(payload)),
    });
    return new Observer(client, options);
  }

  /** Sends to each of these, round after round, until the signal aborts. */
  async send(names: readonly string[], signal: AbortSignal): Promise<void> {
    for (; !signal.aborted; await pause(ROUND_MS, signal)) {
      await Promise.all(names.flatMap((name) => [this.#sendOne(name, 1), this.#sendOne(name, 2)]));
    }
  }

  async #sendOne(client: string, qos: 1 | 2): Promise<void> {
    const topic = `down/${client}/${qos}`;
    const { ledger, isOrderly } = this.#options;
    const stream = ledger.open(topic, { qos, client, isOrderly });
    const number = stream.next();
    await this.#client.publish(topic, `${number}`, { qos });
    stream.delivered.push(number);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#client.close();
  }
}
