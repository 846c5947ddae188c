/**
 * Azure IoT Hub devices with X.509 certificates on Deno: a sealed credential store, MQTT 3.1.1 over mutual TLS,
 * telemetry and messages from the cloud.
 *
 * Importing it needs no permission and starts nothing. The parts have doors of their own: `./codec`, `./mqtt`,
 * `./hub`, `./credentials`, `./emulator`, `./cli`. Run as a program it is the command line.
 *
 * @example A device that sends one reading
 * ```ts ignore
 * import { CredentialStore, DeviceClient } from "@hubwire/hubwire";
 *
 * const host = "contoso.azure-devices.net";
 * await using store = await CredentialStore.open({ path: "devices.db", passphrase });
 * await store.addPfx(host, "device.pfx", password);
 * await using device = await DeviceClient.connect({
 *   host,
 *   deviceId: "thermometer",
 *   credentials: store.forHost(host),
 * });
 * await device.sendTelemetry({ temperature: 21.5 });
 * ```
 *
 * @module
 */

export * from "./src/errors.ts";
export {
  CertificateAuthority,
  type CredentialEntry,
  CredentialStore,
  Identity,
  readPem,
  readPfx,
} from "./src/credentials/mod.ts";
export {
  CloudMessage,
  DeviceClient,
  type DeviceClientOptions,
  type TelemetryBody,
  type TelemetryOptions,
} from "./src/hub/mod.ts";
export {
  type ClientMetrics,
  type ClientState,
  DebugEvent,
  kvOutbox,
  memoryOutbox,
  type Message,
  MqttClient,
  type MqttClientOptions,
  type ReconnectOptions,
  StateChangeEvent,
  tcpTransport,
  tlsTransport,
  type Transport,
  webSocketTransport,
} from "./src/mqtt.ts";

if (import.meta.main) {
  // Computed, so that whoever imports this module does not load the command line.
  const { main } = await import(new URL("./src/cli/main.ts", import.meta.url).href);
  await main();
}
