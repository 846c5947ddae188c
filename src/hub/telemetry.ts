import { encodeProperties } from "./properties.ts";

/** What telemetry consists of: bytes, text (sent as UTF-8), or an object or array (sent as JSON). */
export type TelemetryBody = Uint8Array | string | object;

/** Options of {@linkcode DeviceClient.sendTelemetry}. Times are dates, sizes are those of IoT Hub. */
export interface TelemetryOptions {
  /** Application properties. */
  properties?: Readonly<Record<string, string>>;
  /** At most 128 characters of the hub's set. */
  messageId?: string;
  /** Ties a message to the one it answers. */
  correlationId?: string;
  /** Who the message is from. */
  userId?: string;
  /** Such as `application/json`, which objects get by themselves: without it the hub cannot route by body. */
  contentType?: string;
  /** Such as `utf-8`, which objects get by themselves. */
  contentEncoding?: string;
  /** When what it tells happened. */
  createdAt?: Date;
  /** The Plug and Play component that it is from. */
  component?: string;
  /** 1 at least once (default), 0 at most once. IoT Hub has no QoS 2. */
  qos?: 0 | 1;
  /** With an outbox: whether to wait for the hub's acknowledgement (default), or only until it is stored. */
  until?: "stored" | "delivered";
  /** Ends the wait for the acknowledgement. What has left already, or is in the outbox, may arrive all the same. */
  signal?: AbortSignal;
  /** The same after so many milliseconds, with a `DeadlineError`. Default: none. */
  deadlineMs?: number;
}

/** The most that a message may have, its properties included. */
const LARGEST_MESSAGE = 262_144;

const MESSAGE_ID = /^[A-Za-z0-9\-:.+%_#*?!(),=@;$']{1,128}$/;

const ENCODER = new TextEncoder();

/** Telemetry in the form in which it leaves. */
export interface EncodedTelemetry {
  payload: Uint8Array;
  /** The property bag, percent-encoded. */
  bag: string;
}

/**
 * Puts telemetry into bytes and a property bag.
 *
 * @throws {TypeError} If the body has no JSON form, or an id has characters that the hub does not allow.
 * @throws {RangeError} If the message is larger than 256 KiB.
 */
export function encodeTelemetry(body: TelemetryBody, options: TelemetryOptions): EncodedTelemetry {
  const payload = encodeBody(body);
  const properties = [
    ...systemProperties(body, options),
    ...Object.entries(options.properties ?? {}),
  ];
  const size = properties.reduce(
    (sum, [name, value]) => sum + ENCODER.encode(name + value).length,
    payload.length,
  );
  if (size > LARGEST_MESSAGE) {
    throw new RangeError(
      `Cannot send telemetry: it has ${size} bytes, and IoT Hub takes ${LARGEST_MESSAGE} a message, properties included`,
    );
  }
  return { payload, bag: encodeProperties(properties) };
}

function encodeBody(body: TelemetryBody): Uint8Array {
  if (body instanceof Uint8Array) return body;
  if (typeof body === "string") return ENCODER.encode(body);
  const json = isJsonObject(body) ? JSON.stringify(body) : undefined;
  if (json === undefined) {
    throw new TypeError(
      "Cannot send telemetry: its body is neither a Uint8Array, nor text, nor an object for JSON",
    );
  }
  return ENCODER.encode(json);
}

/** JSON would make `{}` or worse of these without a word. */
function isJsonObject(body: unknown): boolean {
  if (typeof body !== "object" || body === null || ArrayBuffer.isView(body)) return false;
  return ![ArrayBuffer, Map, Set].some((kind) => body instanceof kind);
}

function systemProperties(body: TelemetryBody, options: TelemetryOptions): [string, string][] {
  const isJson = typeof body === "object" && !(body instanceof Uint8Array);
  const {
    contentType = isJson ? "application/json" : undefined,
    contentEncoding = isJson ? "utf-8" : undefined,
  } = options;
  const values: [name: string, value: string | undefined][] = [
    ["$.mid", checkMessageId(options.messageId)],
    ["$.cid", checkMessageId(options.correlationId)],
    ["$.uid", options.userId],
    ["$.ct", contentType],
    ["$.ce", contentEncoding],
    ["$.ctime", options.createdAt?.toISOString()],
    ["$.sub", options.component],
  ];
  return values.filter((entry): entry is [string, string] => entry[1] !== undefined);
}

function checkMessageId(id: string | undefined): string | undefined {
  if (id === undefined || MESSAGE_ID.test(id)) return id;
  throw new TypeError(
    `Cannot use ${
      JSON.stringify(id)
    } as a message id: 1 to 128 ASCII letters, digits and - : . + % _ # * ? ! ( ) , = @ ; $ '`,
  );
}
