import { connect, createServer, type Server, type Socket } from "node:net";
import type { FaultRule } from "./faults/fault.ts";
import { Relay } from "./faults/relay.ts";
import { Dice } from "./packet_generators/dice.ts";

export type { Direction, Fault, FaultRule } from "./faults/fault.ts";

/** Options of {@linkcode FaultProxy.start}. */
export interface FaultProxyOptions {
  /** Where the connections go. */
  target: { hostname?: string; port: number };
  /** Of all that happens by chance. Default 1. */
  seed?: number;
  /** Is told of every fault when it happens, to which connection and at which byte. */
  onFault?: (rule: FaultRule, place: { connection: number; at: number }) => void;
}

/**
 * A bad network: a TCP proxy on 127.0.0.1 that does to the bytes on their way whatever it is told.
 *
 *     await using proxy = await FaultProxy.start({ target: { port } });
 *     proxy.inflict({ kind: "reset", direction: "toClient", after: 4 });
 *
 * A fault that is inflicted holds for the connections that are open and for those to come, until `heal()`. The kernel
 * may join pieces again before they are read.
 */
export class FaultProxy implements AsyncDisposable {
  readonly #options: FaultProxyOptions;
  readonly #dice: Dice;
  readonly #server: Server;
  readonly #relays = new Set<Relay>();
  #faults: FaultRule[] = [];
  readonly #running = new Set<Promise<void>>();
  #port = 0;
  #accepted = 0;

  private constructor(options: FaultProxyOptions) {
    this.#options = options;
    this.#dice = new Dice(options.seed ?? 1);
    this.#server = createServer({ allowHalfOpen: true, noDelay: true });
    this.#server.on("connection", (client) => {
      const running = this.#accept(client).finally(() => this.#running.delete(running));
      this.#running.add(running);
    });
  }

  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options);
    await proxy.acceptAgain();
    return proxy;
  }

  /** Its port on 127.0.0.1. */
  get port(): number {
    return this.#port;
  }

  /** How many connections have come. */
  get accepted(): number {
    return this.#accepted;
  }

  /** How many connections are open. */
  get open(): number {
    return this.#relays.size;
  }

  /** From now on this happens. */
  inflict(rule: FaultRule): void {
    this.#faults.push(rule);
    if (rule.connection === undefined) { for (const relay of this.#relays) relay.inflict(rule); }
  }

  /** Connections to come are spared. What was done to those that are open stays done. */
  heal(): void {
    this.#faults = [];
  }

  /** Resets every open connection. */
  resetAll(): void {
    for (const relay of this.#relays) relay.reset();
  }

  /** Settles when no connection is open that was when this was asked. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** From now on nobody listens: connections are refused. Those that are open stay so. */
  stopAccepting(): void {
    this.#server.close();
  }

  /** Listens again, on the same port. */
  async acceptAgain(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once("error", reject);
    this.#server.listen(this.#port, "127.0.0.1", () => resolve());
    await promise;
    this.#server.off("error", reject);
    this.#port = (this.#server.address() as { port: number }).port;
  }

  /** Nobody listens, and every connection is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.listening) this.#server.close();
    this.resetAll();
    await this.idle();
  }

  async #accept(client: Socket): Promise<void> {
    const connection = this.#accepted++;
    const { target: { hostname: host = "127.0.0.1", port }, onFault } = this.#options;
    const server = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const relay = new Relay({
      client,
      server,
      dice: this.#dice,
      fired: (rule, at) => onFault?.(rule, { connection, at }),
    });
    this.#relays.add(relay);
    for (const rule of this.#faults) {
      if ((rule.connection ?? connection) === connection) relay.inflict(rule);
    }
    await relay.run();
    this.#relays.delete(relay);
  }
}
