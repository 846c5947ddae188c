import {
  type ClientMetrics,
  type ClientState,
  DebugEvent,
  type DebugEvents,
  DebugTarget,
  MqttClient,
  type Outbox,
  OutboxErrorEvent,
  type ReconnectOptions,
  StateChangeEvent,
} from "../client/mod.ts";
import {
  type Credentials,
  type CredentialsProvider,
  tlsTransport,
  type Transport,
} from "../transport/mod.ts";
import type { CloudMessage } from "./cloud_message.ts";
import { CloudMessages } from "./cloud_messages.ts";
import { checkHost } from "./hub_host.ts";
import { encodeTelemetry, type TelemetryBody, type TelemetryOptions } from "./telemetry.ts";
import {
  checkId,
  clientIdOf,
  cloudToDeviceFilter,
  type DeviceIdentity,
  telemetryTopic,
  userNameOf,
} from "./topics.ts";

/** Options of {@linkcode DeviceClient.connect}. */
export interface DeviceClientOptions {
  /** The hub's host name, such as `contoso.azure-devices.net`. */
  host: string;
  /** The device as the hub knows it; the common name of its certificate. */
  deviceId: string;
  /** A module of the device. */
  moduleId?: string;
  /**
   * The device's certificate and key, or who gives them at every connect: `store.forHost(host)` does. Needed
   * unless there is a `transport`.
   */
  credentials?: Credentials | CredentialsProvider;
  /** The Plug and Play model, such as `dtmi:com:example:Thermostat;1`. */
  modelId?: string;
  /** Default 8883. */
  port?: number;
  /** PEM certificates of authorities to be trusted in addition to Deno's own. */
  caCerts?: string[];
  /** Another way to the hub than TLS to host and port. */
  transport?: Transport;
  /** Default 240, at most 1177: the hub waits half as long again, and never longer than 1767 s. 0 is not allowed. */
  keepAliveSeconds?: number;
  /** How long each of TCP, TLS and CONNACK may take, in milliseconds. Default 10 000. */
  connectDeadlineMs?: number;
  /** How the device comes back when its connection is lost; `false`: it does not. Default as in `MqttClient`. */
  reconnect?: ReconnectOptions | false;
  /** Keeps telemetry at QoS 1 until the hub has taken it over: `memoryOutbox` or `kvOutbox`. Default: none. */
  outbox?: Outbox;
  /** Called at events from the first moment on: who listens after the connect has missed it. */
  listeners?: DeviceClientListeners;
  /** Ends the connect. */
  signal?: AbortSignal;
}

/** The events of {@linkcode DeviceClient}. */
export interface DeviceClientEvents extends DebugEvents {
  /** The connection has changed its state. */
  statechange: StateChangeEvent;
  /** The outbox failed where nobody waits for it. */
  outboxerror: OutboxErrorEvent;
}

/** Who is to be called at which events. */
export type DeviceClientListeners = {
  [K in keyof DeviceClientEvents]?: (event: DeviceClientEvents[K]) => void;
};

const LONGEST_KEEP_ALIVE = 1177;
const DEFAULT_KEEP_ALIVE = 240;
const DEFAULT_DEADLINE_MS = 10_000;
/** The hub's messages are smaller than 256 KiB; this leaves room for topics. */
const MAXIMUM_PACKET_SIZE = 320 * 1024;

/**
 * A device, or a module, of an Azure IoT Hub.
 *
 * The session is kept between connections, so messages from the cloud wait for the device, and telemetry that was not
 * acknowledged is sent again when a lost connection has been made anew. A message counts as
 * completed, for the hub too, when the iterator that took it is asked for the next one.
 *
 * @example Send telemetry and print what the cloud sends
 * ```ts ignore
 * import { CredentialStore, DeviceClient } from "@hubwire/hubwire";
 *
 * const host = "contoso.azure-devices.net";
 * const store = await CredentialStore.open({ passphrase });
 * await using device = await DeviceClient.connect({
 *   host,
 *   deviceId: "thermometer",
 *   credentials: store.forHost(host),
 * });
 * await device.sendTelemetry({ temperature: 21.5 });
 * for await (const message of device.messages()) console.log(message.text());
 * ```
 */
export class DeviceClient extends DebugTarget<DeviceClientEvents> implements AsyncDisposable {
  readonly #client: MqttClient;
  readonly #identity: DeviceIdentity;
  readonly #options: DeviceClientOptions;
  readonly #forward = (event: DebugEvent) => {
    if (this.isDebugged) this.dispatchEvent(new DebugEvent(event));
    else this.#client.removeEventListener("debug", this.#forward);
  };
  #subscribing: Promise<unknown> | undefined;

  private constructor(
    client: MqttClient,
    { options, identity }: { options: DeviceClientOptions; identity: DeviceIdentity },
  ) {
    super();
    this.#options = options;
    this.#client = client;
    this.#identity = identity;
    // From the first moment on messages are kept for `messages`, and not let go.
    client.messages();
    client.addEventListener("statechange", (event) => {
      this.dispatchEvent(new StateChangeEvent(event));
    });
    client.addEventListener("outboxerror", ({ error }) => {
      this.dispatchEvent(new OutboxErrorEvent(error));
    });
  }

  /**
   * Connects a device to its hub.
   *
   * @throws {ConnectRefusedError} If the hub refuses the device.
   * @throws {CredentialRefusedError} If the hub refuses its certificate.
   * @throws {HubwireError} If the network, TLS or a deadline fails.
   * @throws {TypeError | RangeError} If an option cannot be used.
   */
  static async connect(options: DeviceClientOptions): Promise<DeviceClient> {
    const { signal } = options;
    const identity = checkIdentity(options);
    const client = makeClient(options, identity);
    const device = new DeviceClient(client, { options, identity });
    device.#listen(options.listeners ?? {});
    await client.connect(signal ? { signal } : {});
    return device;
  }

  #listen({ statechange, outboxerror, debug }: DeviceClientListeners): void {
    if (statechange) this.addEventListener("statechange", statechange);
    if (outboxerror) this.addEventListener("outboxerror", outboxerror);
    if (debug) this.addEventListener("debug", debug);
  }

  /** What the device has done so far, over all connections, and what it is holding now. */
  metrics(): ClientMetrics {
    return this.#client.metrics();
  }

  /** Calls `listener` at every event of this type, until it is removed. */
  override addEventListener<K extends keyof DeviceClientEvents>(
    type: K,
    listener: (event: DeviceClientEvents[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener, options);
    // A second time it changes nothing.
    if (type === "debug") this.#client.addEventListener("debug", this.#forward);
  }

  /** Where the connection stands. */
  get state(): ClientState {
    return this.#client.state;
  }

  /**
   * Sends telemetry. An object goes as JSON and says so, so that the hub can route by its fields.
   *
   * At QoS 1, the default, it resolves when the hub has taken the message over, or `until` it is stored in the outbox.
   *
   * @throws {HubwireError} If there is no connection and none is being made, or it ends for good before the acknowledgement.
   * @throws {TypeError} If the body or an option cannot be sent.
   * @throws {RangeError} If the message is larger than 256 KiB.
   * @throws {OutboxFullError} If the outbox has no room, or has dropped the message to make room.
   * @throws {StoreError} If the outbox cannot be written.
   */
  async sendTelemetry(body: TelemetryBody, options: TelemetryOptions = {}): Promise<void> {
    const { qos = 1, until, signal } = options;
    if (qos !== 0 && qos !== 1) {
      throw new RangeError(
        `Cannot send telemetry at QoS ${qos}: IoT Hub has 0 and 1, and closes the connection at 2`,
      );
    }
    const { payload, bag } = encodeTelemetry(body, options);
    const topic = telemetryTopic(this.#identity, bag);
    await this.#client.publish(topic, payload, {
      qos,
      ...(until && { until }),
      ...(signal && { signal }),
    });
  }

  /**
   * What the cloud sends to this device, each message to one iterator.
   *
   * It ends when the device is closed, and throws what ended the connection otherwise.
   *
   * @throws {TypeError} For a module: the hub sends these messages to devices only.
   */
  messages(): AsyncIterableIterator<CloudMessage> {
    const { deviceId, moduleId } = this.#identity;
    if (moduleId !== undefined) {
      throw new TypeError(
        "Cannot receive messages from the cloud: the hub sends them to devices, not to modules",
      );
    }
    return new CloudMessages(this.#client.messages(), { deviceId, subscribed: this.#subscribe() });
  }

  /**
   * Goes over to other credentials, with this connection and all that come later, without losing anything: the hub is
   * shown the new ones on a connection of their own, which takes the place of the old one if the hub accepts it. If
   * not, the old ones go on.
   *
   * @throws {CredentialRefusedError} If the hub refuses the certificate.
   * @throws {ConnectRefusedError} If the hub refuses the device.
   * @throws {HubwireError} If the network, TLS or a deadline fails.
   * @throws {TypeError} If the device was given a `transport`, is closed, or is changing its credentials already.
   */
  rotateCredentials(
    credentials: Credentials | CredentialsProvider,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<void> {
    if (this.#options.transport) {
      return Promise.reject(
        new TypeError("Cannot change the credentials of a device that has a transport of its own"),
      );
    }
    const host = checkHost(this.#options.host);
    const options = { ...this.#options, credentials };
    const transport = makeTransport(options, { host, ...this.#identity });
    return this.#client.switchTransport(transport, signal ? { signal } : {});
  }

  #subscribe(): Promise<unknown> {
    const filter = cloudToDeviceFilter(this.#identity.deviceId);
    this.#subscribing ??= this.#client.subscribe(filter, { qos: 1 }).catch((error) => {
      this.#subscribing = undefined;
      throw error;
    });
    return this.#subscribing;
  }

  /** Sends what still waits and closes the connection. */
  close(): Promise<void> {
    return this.#client.close();
  }

  /** The same as {@linkcode DeviceClient.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function checkIdentity({ deviceId, moduleId }: DeviceClientOptions): DeviceIdentity {
  const identity: DeviceIdentity = { deviceId: checkId(deviceId, "device id") };
  if (moduleId !== undefined) identity.moduleId = checkId(moduleId, "module id");
  return identity;
}

function makeClient(options: DeviceClientOptions, identity: DeviceIdentity): MqttClient {
  const { modelId, keepAliveSeconds = DEFAULT_KEEP_ALIVE } = options;
  const { connectDeadlineMs = DEFAULT_DEADLINE_MS } = options;
  const host = checkHost(options.host);
  if (!(keepAliveSeconds >= 1 && keepAliveSeconds <= LONGEST_KEEP_ALIVE)) {
    throw new RangeError(
      `Cannot use keepAliveSeconds ${keepAliveSeconds}: IoT Hub allows 1 to ${LONGEST_KEEP_ALIVE}`,
    );
  }
  return new MqttClient({
    transport: options.transport ?? makeTransport(options, { host, ...identity }),
    clientId: clientIdOf(identity),
    username: userNameOf({ ...identity, host, ...(modelId === undefined ? {} : { modelId }) }),
    cleanSession: false,
    keepAliveSeconds,
    connackDeadlineMs: connectDeadlineMs,
    maximumPacketSize: MAXIMUM_PACKET_SIZE,
    ...(options.reconnect === undefined ? {} : { reconnect: options.reconnect }),
    ...(options.outbox && { outbox: options.outbox }),
  });
}

/** The provider is told which device it is for: a host may have many. */
function makeTransport(
  options: DeviceClientOptions,
  { host, deviceId }: DeviceIdentity & { host: string },
): Transport {
  const { credentials, port = 8883, caCerts = [], connectDeadlineMs = DEFAULT_DEADLINE_MS } =
    options;
  if (!credentials) throw new TypeError("Cannot connect a device without credentials");
  return tlsTransport({
    hostname: host,
    port,
    caCerts,
    connectDeadlineMs,
    handshakeDeadlineMs: connectDeadlineMs,
    credentials: typeof credentials === "function"
      ? (request) => credentials({ ...request, deviceId })
      : credentials,
  });
}
