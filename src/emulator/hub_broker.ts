import { Aedes, type Client, type ConnectPacket, type SubscribePacket } from "aedes";
import type { EventEmitter } from "node:events";
import type { TLSSocket } from "node:tls";
import { type Acceptance, authenticate, type Refusal } from "./authenticate.ts";
import { ChunkwiseSocket } from "./chunkwise_socket.ts";
import type { DeviceRegistry } from "./device_registry.ts";
import { DeviceConnection, type Ending } from "./device_connection.ts";
import { type EventLog, printable } from "./event_log.ts";
import type { Feed } from "./feed.ts";
import { effectiveKeepAlive } from "./keep_alive.ts";
import { Mailbox } from "./mailbox.ts";
import { refuseConnect } from "./refuse_connect.ts";
import { SessionStore } from "./session_store.ts";
import type { TelemetryMessage } from "./telemetry.ts";

/** What a hub is made of, besides its broker. */
export interface HubParts {
  /** The hub's host name. */
  hostname: string;
  /** The registered CA, DER. */
  authority: Uint8Array;
  /** The devices it knows. */
  registry: DeviceRegistry;
  /** Takes telemetry. */
  telemetry: Feed<TelemetryMessage>;
  /** The hub's log. */
  log: EventLog;
  /** The hub's clock. */
  now: () => Date;
}

/** What is known of a client before its CONNECT. */
interface Peer {
  certificateChain: Uint8Array[];
  isRefused: boolean;
}

/** Aedes with the rules of a hub: this file translates between the two. */
export class HubBroker {
  readonly #hub: HubParts;
  readonly #aedes: Aedes;
  readonly #sessions: SessionStore;
  readonly #mailboxes = new Map<string, Mailbox>();
  readonly #peers = new WeakMap<Client, Peer>();
  readonly #connections = new WeakMap<Client, DeviceConnection>();
  readonly #live = new Map<string, DeviceConnection>();

  private constructor(hub: HubParts) {
    this.#hub = hub;
    this.#sessions = new SessionStore((id, packetId) => this.mailbox(id).acknowledge(packetId));
    this.#aedes = new Aedes({
      persistence: this.#sessions,
      preConnect: (client, packet, done) => {
        if (this.#admit(client, packet)) done(null, true);
      },
      authorizePublish: (client, packet, done) => done(this.#connection(client)?.receive(packet)),
      authorizeSubscribe: (client, subscription, done) => {
        const error = this.#connection(client)?.grant(subscription);
        done(error ?? null, error ? null : subscription);
      },
      authorizeForward: (client, packet) => this.#connection(client)?.forward(packet) ?? null,
    });
    this.#listenToAedes();
  }

  /** Starts a broker without a port of its own. */
  static async start(hub: HubParts): Promise<HubBroker> {
    const broker = new HubBroker(hub);
    await broker.#aedes.listen();
    return broker;
  }

  /** Takes a connection past its TLS handshake. */
  accept(socket: TLSSocket, certificateChain: Uint8Array[]): void {
    const client = this.#aedes.handle(new ChunkwiseSocket(socket));
    this.#peers.set(client, { certificateChain, isRefused: false });
    capRequestedQos(client);
  }

  /** The connected devices. */
  connectedDevices(): string[] {
    return [...this.#live.keys()];
  }

  /** What waits for a device. */
  mailbox(deviceId: string): Mailbox {
    const mailbox = this.#mailboxes.get(deviceId) ?? new Mailbox(deviceId);
    this.#mailboxes.set(deviceId, mailbox);
    return mailbox;
  }

  /** Sends what waits for a device, if it is connected and wants it. */
  deliver(deviceId: string): void {
    this.#live.get(deviceId)?.deliver();
  }

  /** Cuts a device off and forgets it. */
  forget(deviceId: string, ending: Ending): void {
    this.disconnect(deviceId, ending);
    this.#sessions.remove(deviceId);
    this.#mailboxes.get(deviceId)?.discard(ending.why);
    this.#mailboxes.delete(deviceId);
  }

  /** Cuts a device off. */
  disconnect(deviceId: string, ending: Ending): void {
    this.#live.get(deviceId)?.close(ending);
  }

  /** Ends every connection, and every wait for a completion. */
  async close(ending: Ending): Promise<void> {
    for (const connection of this.#live.values()) connection.noteEnding(ending);
    await new Promise<void>((resolve) => this.#aedes.close(resolve));
    for (const mailbox of this.#mailboxes.values()) mailbox.discard(ending.why);
  }

  #connection(client: Client | null): DeviceConnection | undefined {
    return client === null ? undefined : this.#connections.get(client);
  }

  #listenToAedes(): void {
    this.#aedes.on("connackSent", ({ sessionPresent }, client) => {
      const connection = this.#connections.get(client);
      if (connection === undefined) return;
      this.#live.set(connection.deviceId, connection);
      connection.open({ sessionPresent });
    });
    this.#aedes.on("subscribe", (_, client) => this.#connections.get(client)?.deliver());
    this.#aedes.on("unsubscribe", (topics, client) => {
      this.#connections.get(client)?.revoke(topics);
    });
    this.#aedes.on("keepaliveTimeout", (client) => {
      const why = "the device was silent for one and a half times its keep-alive";
      this.#connections.get(client)?.noteEnding({ error: "DeviceConnectionClosedRemotely", why });
    });
    this.#aedes.on("clientError", (client, { message }) => {
      const ending = { error: "DeviceConnectionClosedRemotely", why: message } as const;
      this.#connections.get(client)?.noteEnding(ending);
    });
    this.#aedes.on("connectionError", (client, { message }) => {
      if (this.#peers.get(client)?.isRefused) return;
      this.#hub.log.add({ type: "refused", error: "IotHubFormatError", why: message });
    });
    this.#aedes.on("clientDisconnect", (client) => this.#ended(client));
  }

  /** Whether this CONNECT is welcome. If not, it has been answered. */
  #admit(client: Client, packet: ConnectPacket): boolean {
    const peer = this.#peers.get(client);
    if (peer === undefined) throw new Error("Bug: every client came through accept()");
    const verdict = this.#judge(packet, peer.certificateChain);
    if (!verdict.accepted) {
      const { returnCode, error, why } = verdict;
      peer.isRefused = true;
      const clientId = printable(packet.clientId);
      this.#hub.log.add({ type: "refused", clientId, returnCode, error, why });
      refuseConnect(client.conn, { returnCode });
      return false;
    }
    packet.keepalive = effectiveKeepAlive(packet.keepalive ?? 0);
    this.#replaceOlder(packet.clientId);
    this.#connections.set(client, this.#begin(client, packet));
    if (verdict.userName.apiVersion === undefined) {
      const why = "the user name is in the old form, without an api-version";
      this.#hub.log.add({ type: "notice", deviceId: packet.clientId, why });
    }
    return true;
  }

  #judge(packet: ConnectPacket, certificateChain: Uint8Array[]): Acceptance | Refusal {
    const { hostname, authority, registry, now } = this.#hub;
    const request = {
      protocolLevel: packet.protocolVersion ?? 4,
      clientId: packet.clientId,
      userName: packet.username,
      certificateChain,
      will: packet.will && { topic: packet.will.topic, qos: packet.will.qos ?? 0 },
    };
    const findDevice = (deviceId: string) => registry.find(deviceId);
    return authenticate(request, { hostname, authority, findDevice, now: now() });
  }

  #begin(client: Client, packet: ConnectPacket): DeviceConnection {
    const deviceId = packet.clientId;
    const clean = packet.clean ?? false;
    if (clean) this.mailbox(deviceId).discard("the device connected with a clean session");
    const { telemetry, log, now } = this.#hub;
    const session = this.#sessions.begin(deviceId, { clean });
    const mailbox = this.mailbox(deviceId);
    const context = { deviceId, session, mailbox, will: packet.will, telemetry, log, now };
    return new DeviceConnection(client, context);
  }

  // Aedes closes the older connection by itself, as soon as this one is let in [MQTT-3.1.4-2].
  #replaceOlder(deviceId: string): void {
    this.#live.get(deviceId)?.noteEnding({
      error: "ConnectionForcefullyClosedOnNewConnection",
      why: "a newer connection of the same device took over",
    });
  }

  #ended(client: Client): void {
    const connection = this.#connections.get(client);
    if (connection === undefined) return;
    if (this.#live.get(connection.deviceId) === connection) this.#live.delete(connection.deviceId);
    connection.ended();
  }
}

/**
 * Makes a request for QoS 2 a request for QoS 1, which the hub then grants.
 *
 * Aedes grants what was asked for, whatever its authorizeSubscribe answers; the packet has to change
 * before aedes sees it, and its parser is the only place where it can.
 */
function capRequestedQos(client: Client): void {
  const { _parser: parser } = client as Client & { _parser: EventEmitter };
  parser.prependListener("packet", (packet: SubscribePacket) => {
    if (packet.cmd !== "subscribe") return;
    for (const subscription of packet.subscriptions) {
      if (subscription.qos === 2) subscription.qos = 1;
    }
  });
}
