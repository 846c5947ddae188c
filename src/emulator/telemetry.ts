import { type HubFailure, quote } from "./event_log.ts";
import { parseTelemetryTopic } from "./hub_topics.ts";
import { type MessageProperties, parsePropertyBag } from "./property_bag.ts";

/** One message from a device, as the cloud reads it. */
export interface TelemetryMessage extends MessageProperties {
  /** Who sent it. */
  deviceId: string;
  /** The body. */
  payload: Uint8Array;
  /** The quality of service it came with. A repeated QoS 1 message appears twice. */
  qos: 0 | 1;
  /** When the hub took it, by the emulator's clock. */
  enqueuedAt: Date;
}

/** A PUBLISH, or the will of a device that was lost. */
export interface ReceivedPublish {
  /** The topic name. */
  topic: string;
  /** The body. */
  payload: Uint8Array;
  /** The quality of service. */
  qos: number;
  /** The RETAIN flag. */
  retain: boolean;
  /** Whether it is a will. */
  isWill: boolean;
}

/** How much a message may weigh: body, property names and property values together. */
const largestMessage = 256 * 1024;

/** The message that a device's PUBLISH brings, or over what the hub closes the connection. */
export function acceptTelemetry(
  publish: ReceivedPublish,
  from: { deviceId: string; now: Date },
): TelemetryMessage | HubFailure {
  if (publish.qos > 1) return { error: "InvalidOperation", why: "published with QoS 2" };
  const bag = parseTelemetryTopic(publish.topic, from.deviceId);
  if (bag === undefined) {
    const why = `published to ${quote(publish.topic)}, which is not its telemetry topic`;
    return { error: "InvalidOperation", why };
  }
  const received = parsePropertyBag(bag);
  if (received === undefined) {
    return { error: "IotHubFormatError", why: `sent a malformed property bag: ${quote(bag)}` };
  }
  const size = publish.payload.byteLength + weight(received);
  if (size > largestMessage) {
    const why = `sent a message of ${size} bytes, the limit is ${largestMessage}`;
    return { error: "MessageTooLarge", why };
  }
  return {
    deviceId: from.deviceId,
    payload: new Uint8Array(publish.payload),
    properties: { ...received.properties, ...flagProperties(publish) },
    systemProperties: received.systemProperties,
    qos: publish.qos === 1 ? 1 : 0,
    enqueuedAt: from.now,
  };
}

// The hub stores no retained message and knows no will topic: it says so in properties of the message.
function flagProperties(publish: ReceivedPublish): Record<string, string> {
  return {
    ...(publish.retain ? { "mqtt-retain": "true" } : {}),
    ...(publish.isWill ? { "iothub-MessageType": "Will" } : {}),
  };
}

function weight({ properties, systemProperties }: MessageProperties): number {
  const texts = [properties, systemProperties].flatMap((bag) => Object.entries(bag).flat());
  const encoder = new TextEncoder();
  return texts.reduce((sum, text) => sum + encoder.encode(text ?? "").byteLength, 0);
}
