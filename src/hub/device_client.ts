import {
  type CallOptions,
  type ClientMetrics,
  type ClientState,
  DebugEvent,
  DebugTarget,
  type MqttClient,
  OutboxErrorEvent,
  StateChangeEvent,
} from "../client/mod.ts";
import type { Credentials, CredentialsProvider } from "../transport/mod.ts";
import type { CloudMessage } from "./cloud_message.ts";
import { CloudMessages } from "./cloud_messages.ts";
import {
  callOptions,
  checkIdentity,
  type DeviceClientEvents,
  type DeviceClientListeners,
  type DeviceClientOptions,
  makeClient,
  makeTransport,
} from "./device_client_options.ts";
import { checkHost } from "./hub_host.ts";
import { encodeTelemetry, type TelemetryBody, type TelemetryOptions } from "./telemetry.ts";
import { cloudToDeviceFilter, type DeviceIdentity, telemetryTopic } from "./topics.ts";

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
    const identity = checkIdentity(options);
    const client = makeClient(options, identity);
    const device = new DeviceClient(client, { options, identity });
    device.#listen(options.listeners ?? {});
    await client.connect(callOptions(options));
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
    const { qos = 1, until } = options;
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
      ...callOptions(options),
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
    options: CallOptions = {},
  ): Promise<void> {
    if (this.#options.transport) {
      return Promise.reject(
        new TypeError("Cannot change the credentials of a device that has a transport of its own"),
      );
    }
    const host = checkHost(this.#options.host);
    const changed = { ...this.#options, credentials };
    const transport = makeTransport(changed, { host, ...this.#identity });
    return this.#client.switchTransport(transport, options);
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
