import {
  type ClientState,
  MqttClient,
  type MqttClientOptions,
  type StateChangeEvent,
} from "../../src/client/mod.ts";
import { ConnectionLostError, type HubwireError } from "../../src/errors.ts";
import type { Connection } from "../../src/transport/mod.ts";
import { PeerTransport } from "../_kit/scripted_peer.ts";
import { settled, VirtualClock } from "../_kit/virtual_clock.ts";

/** Connects, or refuses to as long as it is told to. */
export class FlakyTransport extends PeerTransport {
  isDown = false;
  /** When somebody tried to connect. */
  readonly attempts: number[] = [];
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    super();
    this.#clock = clock;
  }

  override connect(): Promise<Connection> {
    this.attempts.push(this.#clock.now());
    if (!this.isDown) return super.connect();
    return Promise.reject(
      new ConnectionLostError("NETWORK_REFUSED", {
        what: "Cannot connect",
        why: "nothing listens there",
        remedy: "Start it.",
      }),
    );
  }
}

/** A client that keeps its session and comes back; delays are as long as they may be. */
export class ReturningRig {
  readonly clock = new VirtualClock();
  readonly transport = new FlakyTransport(this.clock);
  readonly states: ClientState[] = [];
  readonly causes: (string | undefined)[] = [];
  /** What ended the last connection, or attempt at one. */
  cause: HubwireError | undefined;
  readonly client: MqttClient;

  constructor(options: Partial<MqttClientOptions> = {}) {
    const { clock, transport } = this;
    this.client = new MqttClient({
      transport,
      clock,
      clientId: "d1",
      cleanSession: false,
      reconnect: { random: () => 1 },
      ...options,
    });
    this.client.addEventListener("statechange", (event: StateChangeEvent) => {
      this.states.push(event.newState);
      this.causes.push(event.cause?.code);
      this.cause = event.cause ?? this.cause;
    });
  }

  static async connected(options: Partial<MqttClientOptions> = {}): Promise<ReturningRig> {
    const rig = new ReturningRig(options);
    const connecting = rig.client.connect();
    await settled();
    await rig.peer.accept();
    await connecting;
    rig.states.length = rig.causes.length = 0;
    return rig;
  }

  get peer() {
    return this.transport.peer;
  }

  /** The server closes, and the client has noticed. */
  async lose(): Promise<void> {
    this.peer.close();
    await settled();
  }

  /** Time passes until the next attempt, which the server accepts. */
  async comeBack({ sessionPresent = true, afterMs = 1000 } = {}): Promise<void> {
    await this.clock.advance(afterMs);
    await this.peer.accept({ sessionPresent });
    await settled();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    for (const peer of this.transport.peers) peer.close();
  }
}
