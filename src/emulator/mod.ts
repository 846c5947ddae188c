/**
 * A local IoT Hub for demos and tests: real mutual TLS, real MQTT 3.1.1, the hub's own refusals.
 *
 * It shares no topic and no packet code with the client side, so that no mistake can pass both sides.
 * It listens on 127.0.0.1 only and keeps nothing on disk. Importing it loads the broker `npm:aedes`,
 * which reads the environment: it needs `--allow-env`, and `--allow-net` for its port.
 *
 * @example Start a hub that knows one device, and stop it at the end of the block
 * ```ts
 * import { HubEmulator } from "@hubwire/hubwire/emulator";
 * import { assert } from "@std/assert";
 *
 * await using hub = await HubEmulator.start({ devices: ["thermostat-1"] });
 * assert(hub.port > 0);
 * ```
 *
 * @module
 */

export { HubEmulator, type HubEmulatorOptions } from "./hub_emulator.ts";
export type { CloudMessageOptions } from "./cloud_message.ts";
export type { DeviceAuthentication, EmulatedDevice } from "./device_registry.ts";
export {
  hubErrorCodes,
  type HubErrorName,
  type HubEvent,
  type HubEventDetail,
  type HubFailure,
} from "./event_log.ts";
export type { MessageProperties } from "./property_bag.ts";
export type { TelemetryMessage } from "./telemetry.ts";
