import { buildDeviceboundTopic } from "./hub_topics.ts";
import { buildPropertyBag } from "./property_bag.ts";

/** What to send along with a cloud-to-device message, and how long to wait. */
export interface CloudMessageOptions {
  /** The application's own properties. */
  properties?: Record<string, string | null>;
  /** Lets the receiver tell a repeated message from a new one. */
  messageId?: string;
  /** Ties an answer to a request. */
  correlationId?: string;
  /** Who sends it. */
  userId?: string;
  /** Such as `application/json`. */
  contentType?: string;
  /** Such as `utf-8`. */
  contentEncoding?: string;
  /** When the hub throws it away: after an hour unless said otherwise, by the emulator's clock. */
  expiresAt?: Date;
  /** What the promise waits for: the hub's queue (the default) or the device's PUBACK. */
  until?: "queued" | "completed";
}

/** A cloud-to-device message on its way. */
export interface CloudMessage {
  /** The topic the device receives it under. */
  topic: string;
  /** The body. */
  payload: Uint8Array;
  /** When the hub throws it away. */
  expiresAt: Date;
}

const largestPayload = 64 * 1024;
const longestTopic = 65_535;
const hourMs = 3_600_000;

/**
 * Makes the message as it goes over the wire.
 *
 * @throws {RangeError} If the payload or the properties are larger than IoT Hub or MQTT takes.
 */
export function buildCloudMessage(
  to: { deviceId: string; now: Date },
  message: CloudMessageOptions & { payload: Uint8Array | string },
): CloudMessage {
  const payload = typeof message.payload === "string"
    ? new TextEncoder().encode(message.payload)
    : message.payload.slice();
  if (payload.byteLength > largestPayload) {
    throw new RangeError(`A cloud-to-device message has at most ${largestPayload} bytes`);
  }
  const properties = { ...systemProperties(to.deviceId, message), ...message.properties };
  const topic = buildDeviceboundTopic(to.deviceId, buildPropertyBag(properties));
  if (topic.length > longestTopic) {
    throw new RangeError(`Properties and device id make a topic longer than ${longestTopic} bytes`);
  }
  const expiresAt = message.expiresAt ?? new Date(to.now.getTime() + hourMs);
  return { topic, payload, expiresAt };
}

function systemProperties(
  deviceId: string,
  message: CloudMessageOptions,
): Record<string, string> {
  const named = {
    "$.mid": message.messageId,
    "$.to": `/devices/${deviceId}/messages/devicebound`,
    "$.cid": message.correlationId,
    "$.uid": message.userId,
    "$.ct": message.contentType,
    "$.ce": message.contentEncoding,
    "$.exp": message.expiresAt?.toISOString(),
  };
  const given = Object.entries(named).filter((entry) => entry[1] !== undefined);
  return Object.fromEntries(given) as Record<string, string>;
}
