import { type ClientState, MqttClient, type MqttClientOptions } from "../../src/client/mod.ts";
import type { HubwireError } from "../../src/errors.ts";
import { PeerTransport, type ScriptedPeer } from "../_kit/scripted_peer.ts";
import { settled, VirtualClock } from "../_kit/virtual_clock.ts";

/** A client, the clock it lives by, and the server it talks to. */
export class Rig implements AsyncDisposable {
  readonly clock: VirtualClock = new VirtualClock();
  readonly transport: PeerTransport;
  readonly client: MqttClient;
  readonly states: ClientState[] = [];
  /** What ended the last connection. */
  cause: HubwireError | undefined;

  constructor(options: Partial<MqttClientOptions> = {}, transport = new PeerTransport()) {
    const { clock } = this;
    this.transport = transport;
    this.client = new MqttClient({
      transport,
      clientId: "d1",
      clock,
      reconnect: false,
      ...options,
    });
    this.client.addEventListener("statechange", ({ newState, cause }) => {
      this.states.push(newState);
      this.cause = cause;
    });
  }

  static async connected(
    options: Partial<MqttClientOptions> = {},
    transport = new PeerTransport(),
  ): Promise<Rig> {
    const rig = new Rig(options, transport);
    await rig.connect();
    return rig;
  }

  get peer(): ScriptedPeer {
    return this.transport.peer;
  }

  /** Connects, again perhaps. */
  async connect({ sessionPresent = false } = {}): Promise<{ sessionPresent: boolean }> {
    const connecting = this.client.connect();
    await settled();
    await this.peer.accept({ sessionPresent });
    return await connecting;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    for (const peer of this.transport.peers) peer.close();
  }
}

/** How each of these settled: the code of its error, or "done". */
export async function outcomes(work: Iterable<Promise<unknown>>): Promise<string[]> {
  return (await Promise.allSettled(work)).map((outcome) =>
    outcome.status === "fulfilled" ? "done" : outcome.reason.code
  );
}
