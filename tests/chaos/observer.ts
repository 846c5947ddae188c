import { MqttClient } from "../../src/client/mod.ts";
import type { Transport } from "../../src/transport/mod.ts";
import { numberIn } from "./actor.ts";
import type { Ledger } from "./ledger.ts";
import { pause } from "./pause.ts";

/** How long it waits between two rounds of messages to the clients. */
const ROUND_MS = 100;

/** A client with a good network: it sees what arrives, and sends to the others. */
export class Observer implements AsyncDisposable {
  readonly #client: MqttClient;
  readonly #ledger: Ledger;

  private constructor(client: MqttClient, ledger: Ledger) {
    this.#client = client;
    this.#ledger = ledger;
  }

  static async begin(transport: Transport, ledger: Ledger): Promise<Observer> {
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
    return new Observer(client, ledger);
  }

  /** Sends to each of these, round after round, until the signal aborts. */
  async send(names: readonly string[], signal: AbortSignal): Promise<void> {
    for (; !signal.aborted; await pause(ROUND_MS, signal)) {
      await Promise.all(names.flatMap((name) => [this.#sendOne(name, 1), this.#sendOne(name, 2)]));
    }
  }

  async #sendOne(client: string, qos: 1 | 2): Promise<void> {
    const topic = `down/${client}/${qos}`;
    const stream = this.#ledger.open(topic, { qos, client });
    const number = stream.next();
    await this.#client.publish(topic, `${number}`, { qos });
    stream.delivered.push(number);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#client.close();
  }
}
