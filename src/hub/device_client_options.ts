import {
  type CallOptions,
  type DebugEvents,
  MqttClient,
  type Outbox,
  type OutboxErrorEvent,
  type ReconnectOptions,
  type StateChangeEvent,
} from "../client/mod.ts";
import {
  type Credentials,
  type CredentialsProvider,
  tlsTransport,
  type Transport,
} from "../transport/mod.ts";
import { checkHost } from "./hub_host.ts";
import { checkId, clientIdOf, type DeviceIdentity, userNameOf } from "./topics.ts";

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
  /** As in `tlsTransport`: sends at once, over `node:tls`, which saves about 40 ms at connect. Default false. */
  noDelay?: boolean;
  /** As in `tlsTransport`: `http://user:password@host:8080` or `socks5://…`. No environment variable is read for it. */
  proxy?: string;
  /** Another way to the hub than TLS to host and port; it takes `noDelay` and `proxy` itself. */
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
  /** How long the connect may take in all, in milliseconds; then it rejects with a `DeadlineError`. Default: none. */
  deadlineMs?: number;
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

/** Who it is; throws a TypeError if the hub has no such ids. */
export function checkIdentity({ deviceId, moduleId }: DeviceClientOptions): DeviceIdentity {
  const identity: DeviceIdentity = { deviceId: checkId(deviceId, "device id") };
  if (moduleId !== undefined) identity.moduleId = checkId(moduleId, "module id");
  return identity;
}

/** A client that is not connected yet. */
export function makeClient(options: DeviceClientOptions, identity: DeviceIdentity): MqttClient {
  const { modelId, keepAliveSeconds = DEFAULT_KEEP_ALIVE } = options;
  const { connectDeadlineMs = DEFAULT_DEADLINE_MS } = options;
  const host = checkHost(options.host);
  if (!(keepAliveSeconds >= 1 && keepAliveSeconds <= LONGEST_KEEP_ALIVE)) {
    throw new RangeError(
      `Cannot use keepAliveSeconds ${keepAliveSeconds}: IoT Hub allows 1 to ${LONGEST_KEEP_ALIVE}`,
    );
  }
  if (options.transport && (options.noDelay !== undefined || options.proxy !== undefined)) {
    throw new TypeError(
      "Cannot use noDelay and proxy with a transport of its own: give them to that",
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

/** A way to the hub. The provider is told which device it is for: a host may have many. */
export function makeTransport(
  options: DeviceClientOptions,
  { host, deviceId }: DeviceIdentity & { host: string },
): Transport {
  const { credentials, port = 8883, caCerts = [], connectDeadlineMs = DEFAULT_DEADLINE_MS } =
    options;
  const { noDelay = false, proxy } = options;
  if (!credentials) throw new TypeError("Cannot connect a device without credentials");
  return tlsTransport({
    hostname: host,
    port,
    caCerts,
    noDelay,
    ...(proxy !== undefined && { proxy }),
    connectDeadlineMs,
    handshakeDeadlineMs: connectDeadlineMs,
    credentials: typeof credentials === "function"
      ? (request) => credentials({ ...request, deviceId })
      : credentials,
  });
}

/** Of all options, those that end a wait. */
export function callOptions({ signal, deadlineMs }: CallOptions): CallOptions {
  return { ...(signal && { signal }), ...(deadlineMs !== undefined && { deadlineMs }) };
}
