import type { Socket } from "node:net";
import type { Dice } from "../packet_generators/dice.ts";
import type { Direction, FaultRule } from "./fault.ts";
import { Lane } from "./lane.ts";

/** What a relay works with. */
export interface RelayOptions {
  client: Socket;
  server: Socket;
  dice: Dice;
  /** A fault happens now, at this byte. */
  fired(rule: FaultRule, at: number): void;
}

/** One connection through the proxy: two sockets and a lane each way. */
export class Relay {
  readonly #sockets: readonly [client: Socket, server: Socket];
  readonly #lanes: Record<Direction, Lane>;
  /** Settles when both sockets are closed. */
  readonly over: Promise<void>;

  constructor({ client, server, dice, fired }: RelayOptions) {
    this.#sockets = [client, server];
    // Errors are told by whatever is being done with the socket at that time.
    for (const socket of this.#sockets) socket.on("error", () => {});
    this.over = Promise.all([closed(client), closed(server)]).then(() => {});
    const shared = {
      dice,
      fired,
      over: this.over,
      reset: () => this.reset(),
      finish: () => this.#finish(),
    };
    const toServer = new Lane({ ...shared, from: client, to: server });
    const toClient = new Lane({ ...shared, from: server, to: client });
    [toServer.opposite, toClient.opposite] = [toClient, toServer];
    this.#lanes = { toServer, toClient };
  }

  /** Carries bytes until both sockets are closed. */
  async run(): Promise<void> {
    await Promise.all([this.#lanes.toServer.run(), this.#lanes.toClient.run()]);
    await this.over;
  }

  inflict(rule: FaultRule): void {
    this.#lanes[rule.direction].inflict(rule);
  }

  /** Ends the connection with a reset at both ends. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Ends it politely, however much either end still wants to say. */
  #finish(): void {
    for (const socket of this.#sockets) socket.end(() => socket.destroy());
  }
}

function closed(socket: Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once("close", () => resolve());
  return promise;
}
