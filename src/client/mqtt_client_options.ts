import { DEFAULT_MAXIMUM_PACKET_SIZE, type Will } from "../codec/mod.ts";
import type { Transport } from "../transport/mod.ts";
import type { ReconnectOptions } from "./back_off.ts";
import { type Clock, SYSTEM_CLOCK } from "./clock.ts";
import type { DebugEvents } from "./debug_target.ts";
import type { CallOptions } from "./deadline.ts";
import type { MessageHandler } from "./message.ts";
import type { Outbox } from "./outbox.ts";
import type {
  HandlerErrorEvent,
  OutboxErrorEvent,
  StateChangeEvent,
  SubscriptionLostEvent,
} from "./state.ts";

/** A value, or a function that is asked for it at every connect. */
export type Asked<T> = T | (() => T | Promise<T>);

/** Options of {@linkcode MqttClient}. */
export interface MqttClientOptions {
  /** How to get a byte pipe to the server. */
  transport: Transport;
  /** Who this is; the server keeps the session under it. */
  clientId: Asked<string>;
  /** Default: none. */
  username?: Asked<string>;
  /** Default: none. */
  password?: Asked<Uint8Array>;
  /** Default 60; 0 switches keep-alive off. */
  keepAliveSeconds?: number;
  /** Whether an earlier session of this client id is thrown away. Default true. */
  cleanSession?: boolean;
  /** What the server publishes if this client is lost. Default: nothing. */
  will?: Will;
  /** How long CONNACK may take, in milliseconds. Default 10 000. */
  connackDeadlineMs?: number;
  /** How long PINGRESP may take, in milliseconds. Default 10 000, at most half the keep-alive. */
  pingDeadlineMs?: number;
  /** Larger packets from the server end the connection. Default 1 MiB. */
  maximumPacketSize?: number;
  /** How many publishes may wait for their acknowledgement; more wait for a place. Default 1000, at most 65 000. */
  maximumInFlight?: number;
  /**
   * How the client comes back when a connection is lost that it had; `false`: it does not. By default it tries again after
   * a delay of chance, at most 1 s at first and at most 100 s later.
   */
  reconnect?: ReconnectOptions | false;
  /**
   * Keeps messages at QoS 1 and 2 until they are delivered, over connections and, if it is durable, over processes:
   * `memoryOutbox` with a limit of its own, or `kvOutbox`. The client opens it with the first connect or publish, and
   * closes it. Default: none, and a publish waits for its place by itself.
   */
  outbox?: Outbox;
  /** Time and timers; tests bring their own. */
  clock?: Clock;
}

/** Options of {@linkcode MqttClient.publish}. */
export interface PublishOptions extends CallOptions {
  /** 0 at most once (default), 1 at least once, 2 exactly once. */
  qos?: 0 | 1 | 2;
  /** Whether the server keeps it for later subscribers. Default false. */
  retain?: boolean;
  /**
   * At QoS 1 and 2 with an outbox: `"delivered"` (default) waits for the server's acknowledgement, `"stored"` only until
   * the outbox has it for safe, whether there is a connection or not.
   */
  until?: "stored" | "delivered";
  /** Ends the wait. What has left already, or is in the outbox, may arrive all the same. */
  signal?: AbortSignal;
  /** The same after so many milliseconds, with a `DeadlineError`. Default: none. */
  deadlineMs?: number;
}

/** Options of {@linkcode MqttClient.subscribe}. */
export interface SubscribeOptions extends CallOptions {
  /** The highest QoS wanted. Default 0. */
  qos?: 0 | 1 | 2;
  /** Is given the messages. Without one they go to {@linkcode MqttClient.messages}. */
  handler?: MessageHandler;
}

/** What the server made of a connect. */
export interface ConnectResult {
  /** Whether it had kept the session of this client id. */
  sessionPresent: boolean;
}

/** The events of {@linkcode MqttClient}. */
export interface MqttClientEvents extends DebugEvents {
  /** The state has changed. */
  statechange: StateChangeEvent;
  /** A message handler threw. */
  handlererror: HandlerErrorEvent;
  /** A subscription could not be taken up again. */
  subscriptionlost: SubscriptionLostEvent;
  /** The outbox failed where nobody waits for it. */
  outboxerror: OutboxErrorEvent;
}

/** Options with their defaults. */
export type CheckedOptions =
  & Required<Omit<MqttClientOptions, Absent>>
  & Pick<MqttClientOptions, Absent>;

/** Options that have no default. */
type Absent = "username" | "password" | "will" | "outbox";

/** So many packet identifiers may be in use; the rest is for SUBSCRIBE and UNSUBSCRIBE. */
const LARGEST_WINDOW = 65_000;

/** Puts in the defaults. Throws a RangeError where a number is out of its range. */
export function checkOptions(options: MqttClientOptions): CheckedOptions {
  const { keepAliveSeconds = 60 } = options;
  const checked = {
    ...options,
    keepAliveSeconds,
    cleanSession: options.cleanSession ?? true,
    connackDeadlineMs: options.connackDeadlineMs ?? 10_000,
    pingDeadlineMs: options.pingDeadlineMs ?? defaultPingDeadline(keepAliveSeconds),
    maximumPacketSize: options.maximumPacketSize ?? DEFAULT_MAXIMUM_PACKET_SIZE,
    maximumInFlight: options.maximumInFlight ?? 1000,
    reconnect: options.reconnect ?? {},
    clock: options.clock ?? SYSTEM_CLOCK,
  };
  checkRange("keepAliveSeconds", keepAliveSeconds, { from: 0, to: 65_535 });
  checkRange("connackDeadlineMs", checked.connackDeadlineMs, { from: 1, to: 2 ** 31 - 1 });
  checkRange("pingDeadlineMs", checked.pingDeadlineMs, { from: 1, to: 2 ** 31 - 1 });
  checkRange("maximumPacketSize", checked.maximumPacketSize, { from: 2, to: 268_435_460 });
  checkRange("maximumInFlight", checked.maximumInFlight, { from: 1, to: LARGEST_WINDOW });
  return checked;
}

function defaultPingDeadline(keepAliveSeconds: number): number {
  return keepAliveSeconds === 0 ? 10_000 : Math.min(10_000, keepAliveSeconds * 500);
}

function checkRange(name: string, value: number, { from, to }: { from: number; to: number }): void {
  if (Number.isInteger(value) && value >= from && value <= to) return;
  throw new RangeError(
    `Cannot use ${name} ${value}: it must be a whole number from ${from} to ${to}`,
  );
}
