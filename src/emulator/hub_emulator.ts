import { CertificateAuthority } from "../credentials/certificate_authority.ts";
import type { Identity } from "../credentials/identity.ts";
import { encodePem } from "../credentials/pem.ts";
import { buildCloudMessage, type CloudMessageOptions } from "./cloud_message.ts";
import { DeviceRegistry, type EmulatedDevice } from "./device_registry.ts";
import { EventLog, type HubEvent } from "./event_log.ts";
import { Feed } from "./feed.ts";
import { HubBroker } from "./hub_broker.ts";
import type { TelemetryMessage } from "./telemetry.ts";
import { TlsServer } from "./tls_server.ts";

/** How to start a {@linkcode HubEmulator}. Everything has a default. */
export interface HubEmulatorOptions {
  /** The port on 127.0.0.1; any free one unless said otherwise. */
  port?: number;
  /** The hub's host name in user names and in its certificate: `localhost` unless said otherwise. */
  hostname?: string;
  /** The registered devices; an id alone stands for a device with a CA-signed certificate. */
  devices?: (EmulatedDevice | string)[];
  /** The registered CA, which also signs the server's certificate; a new one if absent. */
  authority?: CertificateAuthority;
  /** The hub's clock. Give another one to see certificates expire. */
  now?: () => Date;
  /** The only version of TLS spoken; both unless said otherwise. */
  tlsVersion?: "1.2" | "1.3";
}

/** What a running emulator holds. */
interface RunningParts {
  hostname: string;
  authority: CertificateAuthority;
  registry: DeviceRegistry;
  telemetry: Feed<TelemetryMessage>;
  log: EventLog;
  now: () => Date;
  broker: HubBroker;
  server: TlsServer;
}

/**
 * A local IoT Hub: mutual TLS and MQTT 3.1.1 on 127.0.0.1, with the hub's rules and refusals.
 *
 * It checks certificates, user names, client ids and topics as IoT Hub does and closes the connection where
 * IoT Hub closes it, mostly without a word to the device: the reason is in {@linkcode events}. It takes
 * telemetry and sends cloud-to-device messages. Twins, direct methods and modules are not emulated.
 *
 * @example A message waits for a device that is not there yet
 * ```ts
 * import { HubEmulator } from "@hubwire/hubwire/emulator";
 * import { assertEquals } from "@std/assert";
 *
 * await using hub = await HubEmulator.start({ devices: ["dev-1"] });
 * await hub.sendToDevice("dev-1", "hello");
 * assertEquals(hub.connectedDevices(), []);
 * ```
 */
export class HubEmulator implements AsyncDisposable {
  readonly #parts: RunningParts;
  #stopped: Promise<void> | undefined;

  private constructor(parts: RunningParts) {
    this.#parts = parts;
  }

  /**
   * Starts a hub on 127.0.0.1.
   *
   * @throws {TypeError} If a device could not be registered with IoT Hub.
   * @throws {RangeError} If the host name is none, or the port is none.
   * @throws {ConnectionLostError} If the port cannot be had (`NETWORK_REFUSED`).
   * @throws {PermissionError} If Deno was started without the permission to listen there.
   */
  static async start(options: HubEmulatorOptions = {}): Promise<HubEmulator> {
    const { hostname = "localhost", now = () => new Date() } = options;
    const registry = new DeviceRegistry();
    for (const device of options.devices ?? []) registry.add(device);
    const authority = options.authority ?? await CertificateAuthority.create();
    const telemetry = new Feed<TelemetryMessage>();
    const log = new EventLog(now);
    const hub = { hostname, authority: authority.certificate, registry, telemetry, log, now };
    const broker = await HubBroker.start(hub);
    try {
      const server = await TlsServer.listen({
        port: options.port ?? 0,
        identity: await issueServerIdentity(authority, hostname),
        ...(options.tlsVersion === undefined ? {} : { tlsVersion: options.tlsVersion }),
        onConnection: (socket, chain) => broker.accept(socket, chain),
        onHandshakeFailure: ({ message }) => {
          const why = `the TLS handshake failed: ${message}`;
          log.add({ type: "refused", error: "IotHubUnauthorized", why });
        },
      });
      return new HubEmulator({ ...hub, authority, broker, server });
    } catch (error) {
      await broker.close({ why: "the hub did not start" });
      throw error;
    }
  }

  /** The hub's host name, as devices write it in their user names. */
  get hostname(): string {
    return this.#parts.hostname;
  }

  /** The port on 127.0.0.1. */
  get port(): number {
    return this.#parts.server.port;
  }

  /** The registered CA: issue device certificates with it. */
  get authority(): CertificateAuthority {
    return this.#parts.authority;
  }

  /** The certificate, in PEM, that a device must trust to trust this hub. */
  get caCertificate(): string {
    return encodePem("CERTIFICATE", this.authority.certificate);
  }

  /**
   * Registers a device, or registers it anew; a connection it has is closed if it is now disabled.
   *
   * @throws {TypeError} If the device could not be registered with IoT Hub.
   */
  addDevice(device: EmulatedDevice | string): void {
    const { deviceId, status } = this.#parts.registry.add(device);
    if (status !== "disabled") return;
    this.#parts.broker.disconnect(deviceId, { why: "the device was disabled" });
  }

  /** Forgets a device, closes its connection and throws its messages away. */
  removeDevice(deviceId: string): void {
    this.#parts.registry.remove(deviceId);
    const ending = { error: "DeviceNotFound", why: "the device was removed" } as const;
    this.#parts.broker.forget(deviceId, ending);
  }

  /** The ids of the devices that are connected now. */
  connectedDevices(): string[] {
    return this.#parts.broker.connectedDevices();
  }

  /** All telemetry since the start, then what is to come, until {@linkcode stop}. Each call reads it anew. */
  telemetry(): AsyncIterableIterator<TelemetryMessage> {
    return this.#parts.telemetry.read();
  }

  /** The hub's log since the start, then what is to come, until {@linkcode stop}. Each call reads it anew. */
  events(): AsyncIterableIterator<HubEvent> {
    return this.#parts.log.read();
  }

  /**
   * Sends a message to a device, or queues it until the device is there: up to 50, for an hour.
   *
   * A device that connects with a clean session loses what is queued. Resolves as soon as the message is
   * queued; with `until: "completed"` when the device has acknowledged it (at QoS 0: when it is sent).
   *
   * @throws {TypeError} If no such device is registered.
   * @throws {RangeError} If 50 messages wait already, or the message is larger than IoT Hub takes.
   * @throws {ConnectionLostError} While waiting for completion, if the message is thrown away.
   */
  async sendToDevice(
    deviceId: string,
    payload: Uint8Array | string,
    options: CloudMessageOptions = {},
  ): Promise<void> {
    const { registry, broker, now } = this.#parts;
    if (registry.find(deviceId) === undefined) {
      throw new TypeError(`No device ${JSON.stringify(deviceId)} is registered`);
    }
    const message = buildCloudMessage({ deviceId, now: now() }, { ...options, payload });
    const mailbox = broker.mailbox(deviceId);
    const entry = mailbox.add(message, now());
    const completion = options.until === "completed" ? mailbox.completion(entry) : undefined;
    broker.deliver(deviceId);
    await completion;
  }

  /** Closes every connection and the port. What was received can still be read. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** The same as {@linkcode stop}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    const { broker, server, telemetry, log } = this.#parts;
    await broker.close({ why: "the hub stopped" });
    await server.close();
    telemetry.end();
    log.end();
  }
}

// The hub answers to its own name, wherever that resolves to, and to the names of this machine.
function issueServerIdentity(
  authority: CertificateAuthority,
  hostname: string,
): Promise<Identity> {
  const alternativeNames = ["localhost", "127.0.0.1"].filter((name) => name !== hostname);
  return authority.issueServer(hostname, { alternativeNames });
}
