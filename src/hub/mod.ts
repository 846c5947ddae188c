/**
 * What Azure IoT Hub means: a device that sends telemetry and receives what the cloud sends, and the topics,
 * user names and property bags of the hub as pure functions, for use with any MQTT client.
 *
 * @example Where telemetry of a device goes
 * ```ts
 * import { encodeProperties, telemetryTopic } from "@hubwire/hubwire/hub";
 * import { assertEquals } from "@std/assert";
 *
 * const bag = encodeProperties([["level", "high"]]);
 * assertEquals(telemetryTopic({ deviceId: "d1" }, bag), "devices/d1/messages/events/level=high");
 * ```
 *
 * @module
 */

export { CloudMessage } from "./cloud_message.ts";
export { DeviceClient } from "./device_client.ts";
export type {
  DeviceClientEvents,
  DeviceClientListeners,
  DeviceClientOptions,
} from "./device_client_options.ts";
export { decodeProperties, encodeProperties, type PropertyValue } from "./properties.ts";
export type { TelemetryBody, TelemetryOptions } from "./telemetry.ts";
export {
  API_VERSION,
  clientIdOf,
  cloudToDeviceFilter,
  type DeviceIdentity,
  parseCloudToDeviceTopic,
  telemetryTopic,
  userNameOf,
} from "./topics.ts";
