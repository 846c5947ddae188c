import { Feed } from "./feed.ts";

/**
 * The names and numbers under which IoT Hub logs a failure, as far as this emulator needs them.
 *
 * From the service's public list of error codes.
 */
export const hubErrorCodes = {
  InvalidProtocolVersion: 400001,
  InvalidOperation: 400003,
  ArgumentInvalid: 400004,
  IotHubFormatError: 400006,
  ConnectionForcefullyClosedOnNewConnection: 400027,
  IotHubNotFound: 401001,
  IotHubUnauthorizedAccess: 401002,
  IotHubUnauthorized: 401003,
  DeviceMaximumQueueDepthExceeded: 403004,
  DeviceNotFound: 404001,
  DeviceConnectionClosedRemotely: 404104,
  MessageTooLarge: 413001,
} as const;

/** The name under which IoT Hub logs a failure. */
export type HubErrorName = keyof typeof hubErrorCodes;

/** A failure as the hub's own log has it. Devices are told far less: a CONNACK code, or nothing. */
export interface HubFailure {
  /** The hub's name for it. */
  error: HubErrorName;
  /** What happened, in plain words that are safe to print. */
  why: string;
}

/** What the emulator logs, without the time. */
export type HubEventDetail =
  /** A device passed every check. */
  | { type: "connected"; deviceId: string; sessionPresent: boolean }
  /** A CONNECT was answered with a refusal, or the connection never came as far (no `returnCode`). */
  | ({ type: "refused"; clientId?: string; returnCode?: number } & HubFailure)
  /** The hub is about to close a connection over what the device did. */
  | ({ type: "misuse"; deviceId: string } & HubFailure)
  /** A device's connection has ended. */
  | { type: "disconnected"; deviceId: string; error?: HubErrorName; why: string }
  /** Worth knowing, but nothing failed: an old form, or something the emulator does not do. */
  | { type: "notice"; deviceId: string; why: string };

/** One line of the emulator's log. */
export type HubEvent = HubEventDetail & {
  /** When, by the emulator's clock. */
  at: Date;
};

/** The emulator's log: every event with its time, in order. */
export class EventLog {
  readonly #now: () => Date;
  readonly #events = new Feed<HubEvent>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Logs one event. */
  add(event: HubEventDetail): void {
    this.#events.push({ ...event, at: this.#now() });
  }

  /** Every event from the start, then those to come. */
  read(): AsyncIterableIterator<HubEvent> {
    return this.#events.read();
  }

  /** Lets every reader finish. */
  end(): void {
    this.#events.end();
  }
}

/** Text from the wire, cut short and without control characters, so that it is safe to print. */
export function printable(text: string): string {
  const short = text.length > 256 ? `${text.slice(0, 256)}…` : text;
  return short.replace(/\p{Cc}/gu, "\ufffd");
}

/** The same, in quotation marks. */
export function quote(text: string): string {
  return `"${printable(text)}"`;
}
