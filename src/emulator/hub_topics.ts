/** The parts of the user name in CONNECT. */
export interface UserName {
  /** The hub's host name. */
  host: string;
  /** The device's id. */
  deviceId: string;
  /** The API version; the original's short form `host/device` names none. */
  apiVersion?: string;
}

const apiVersionQuery = /^\?api-version=(\d{4}-\d{2}-\d{2}(?:-preview)?)(?:&[^/]*)?$/;

/** Reads `{host}/{deviceId}/?api-version={date}…` or the original's `{host}/{deviceId}`. */
export function parseUserName(text: string): UserName | undefined {
  const [host, deviceId, query, ...rest] = text.split("/");
  if (!host || !deviceId || rest.length > 0) return undefined;
  if (query === undefined) return { host, deviceId };
  const apiVersion = apiVersionQuery.exec(query)?.[1];
  return apiVersion === undefined ? undefined : { host, deviceId, apiVersion };
}

/** The property bag of a telemetry topic of this very device; `undefined` for any other topic. */
export function parseTelemetryTopic(topic: string, deviceId: string): string | undefined {
  const prefix = `devices/${deviceId}/messages/events/`;
  return topic.startsWith(prefix) ? topic.slice(prefix.length) : undefined;
}

/** What a device asks for with a topic filter. */
export type SubscriptionKind =
  /** Cloud-to-device messages. */
  | "devicebound"
  /** The same, in the words of the program this library goes back to. */
  | "everything"
  /** Twin answers, desired properties or direct methods, which the emulator does not send. */
  | "unanswered";

/**
 * What this device asks for with that filter; `undefined` if the hub does not allow it.
 *
 * The hub grants at most five subscriptions. These are five, so nobody has to count them.
 */
export function parseTopicFilter(filter: string, deviceId: string): SubscriptionKind | undefined {
  switch (filter) {
    case `devices/${deviceId}/messages/devicebound/#`:
      return "devicebound";
    case `devices/${deviceId}/#`:
      return "everything";
    case "$iothub/twin/res/#":
    case "$iothub/twin/PATCH/properties/desired/#":
    case "$iothub/methods/POST/#":
      return "unanswered";
    default:
      return undefined;
  }
}

/** The topic under which a device receives a cloud-to-device message with that property bag. */
export function buildDeviceboundTopic(deviceId: string, bag: string): string {
  return `devices/${deviceId}/messages/devicebound/${bag}`;
}
