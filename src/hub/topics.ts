/**
 * What IoT Hub means by topics, client ids and user names, as pure functions (IoT Hub: "Communicate with your
 * IoT hub using the MQTT protocol").
 *
 * @module
 */

/** Which device, or which module of a device. */
export interface DeviceIdentity {
  /** 1 to 128 characters, case-sensitive. */
  deviceId: string;
  /** Absent for the device itself. */
  moduleId?: string;
}

/** The version of the hub's interface that Hubwire speaks. */
export const API_VERSION = "2021-04-12";

/** The characters of the identity registry, but for `+` and `#`, which no MQTT topic may contain. */
const ID = /^[A-Za-z0-9\-.%_*?!(),=@$']{1,128}$/;

/**
 * Returns an id that can be used in topics.
 *
 * @throws {TypeError} If IoT Hub or MQTT do not allow it.
 */
export function checkId(id: string, kind: "device id" | "module id"): string {
  if (typeof id === "string" && ID.test(id)) return id;
  throw new TypeError(
    `Cannot use ${
      JSON.stringify(id)
    } as a ${kind}: 1 to 128 ASCII letters, digits and - . % _ * ? ! ( ) , = @ $ ' are ` +
      "allowed (+ and # cannot be used with MQTT)",
  );
}

/** The client id: `{deviceId}` or `{deviceId}/{moduleId}`. */
export function clientIdOf({ deviceId, moduleId }: DeviceIdentity): string {
  return moduleId === undefined ? deviceId : `${deviceId}/${moduleId}`;
}

/**
 * The user name: `{host}/{clientId}/?api-version=…`.
 *
 * @example Of a device
 * ```ts
 * import { userNameOf } from "./topics.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const name = userNameOf({ host: "contoso.azure-devices.net", deviceId: "thermometer" });
 * assertEquals(name, "contoso.azure-devices.net/thermometer/?api-version=2021-04-12");
 * ```
 */
export function userNameOf(
  identity: DeviceIdentity & { host: string; modelId?: string },
): string {
  const model = identity.modelId === undefined
    ? ""
    : `&model-id=${encodeURIComponent(identity.modelId)}`;
  return `${identity.host}/${clientIdOf(identity)}/?api-version=${API_VERSION}${model}`;
}

/** The topic of telemetry with this property bag. */
export function telemetryTopic(identity: DeviceIdentity, bag: string): string {
  return `${deviceTopic(identity)}/messages/events/${bag}`;
}

/** The filter for what the cloud sends to a device. */
export function cloudToDeviceFilter(deviceId: string): string {
  return `${cloudToDevicePrefix(deviceId)}#`;
}

/**
 * The property bag of a message from the cloud to this device; `undefined` for any other topic, so that topics can
 * be tried in turn.
 */
export function parseCloudToDeviceTopic(deviceId: string, topic: string): string | undefined {
  const prefix = cloudToDevicePrefix(deviceId);
  return topic.startsWith(prefix) ? topic.slice(prefix.length) : undefined;
}

function cloudToDevicePrefix(deviceId: string): string {
  return `devices/${deviceId}/messages/devicebound/`;
}

function deviceTopic({ deviceId, moduleId }: DeviceIdentity): string {
  return moduleId === undefined ? `devices/${deviceId}` : `devices/${deviceId}/modules/${moduleId}`;
}
