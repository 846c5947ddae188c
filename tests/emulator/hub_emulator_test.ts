import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { connectAsync, type MqttClient } from "mqtt";
import { HubEmulator } from "../../src/emulator/mod.ts";
import { ConnectionLostError } from "../../src/errors.ts";
import { deviceIdentity, identityPem, testAuthority } from "../_kit/certs.ts";
import { RawDevice, userNameFor } from "./_raw_device.ts";
import { takeTelemetry, textOf } from "./_reading.ts";

async function connectMqttJs(hub: HubEmulator, clientId: string): Promise<MqttClient> {
  return connectAsync({
    protocol: "mqtts",
    host: "127.0.0.1",
    port: hub.port,
    ca: hub.caCertificate,
    ...identityPem(await deviceIdentity(clientId)),
    clientId,
    username: userNameFor(hub, clientId),
    reconnectPeriod: 0,
  });
}

Deno.test("HubEmulator.start() needs nothing, and stop() can be called twice", async () => {
  const hub = await HubEmulator.start();
  assert(hub.port > 0);
  assertEquals(hub.hostname, "localhost");
  assertStringIncludes(hub.caCertificate, "-----BEGIN CERTIFICATE-----");
  await Promise.all([hub.stop(), hub.stop()]);
  await hub.stop();
  assertEquals(await Array.fromAsync(hub.telemetry()), []);
});

Deno.test("HubEmulator.stop() closes devices, half-made connections and refused ones", async () => {
  const hub = await HubEmulator.start({ authority: await testAuthority(), devices: ["dev-1"] });
  const identity = await deviceIdentity("dev-1");
  using device = await RawDevice.connect(hub, { clientId: "dev-1", identity });
  using mute = await RawDevice.dial(hub, identity);
  const tcp = await Deno.connect({ hostname: "127.0.0.1", port: hub.port });
  await hub.stop();
  assertEquals(await device.receiveToEnd(), []);
  assertEquals(await mute.receiveToEnd(), []);
  tcp.close();
  assertEquals(hub.connectedDevices(), []);
});

Deno.test("HubEmulator.start() says when the port is in use", async () => {
  await using hub = await HubEmulator.start();
  const error = await assertRejects(
    () => HubEmulator.start({ port: hub.port }),
    ConnectionLostError,
    "another program uses that port",
  );
  assertEquals(error.code, "NETWORK_REFUSED");
});

Deno.test("HubEmulator.start() refuses a device IoT Hub would not register", async () => {
  await assertRejects(() => HubEmulator.start({ devices: ["a/b"] }), TypeError, "device id");
});

Deno.test("HubEmulator and MQTT.js exchange telemetry and a cloud message", async () => {
  await using hub = await HubEmulator.start({
    authority: await testAuthority(),
    devices: ["dev-1"],
    hostname: "my-hub.azure-devices.example",
  });
  const client = await connectMqttJs(hub, "dev-1");
  const received = new Promise<string>((resolve) => {
    client.on("message", (_topic, payload) => resolve(textOf(payload)));
  });
  await client.subscribeAsync("devices/dev-1/messages/devicebound/#", { qos: 1 });
  await client.publishAsync("devices/dev-1/messages/events/n=0", "zero", { qos: 0 });
  await client.publishAsync("devices/dev-1/messages/events/n=1", "one", { qos: 1 });
  await hub.sendToDevice("dev-1", "down", { until: "completed" });
  assertEquals(await received, "down");
  const messages = await takeTelemetry(hub, 2);
  assertEquals(messages.map(({ payload, properties }) => [textOf(payload), properties.n]), [
    ["zero", "0"],
    ["one", "1"],
  ]);
  await client.endAsync();
});

Deno.test("HubEmulator speaks TLS 1.2 only, or 1.3 only, when told to", async () => {
  const identity = await deviceIdentity("dev-1");
  for (const tlsVersion of ["1.2", "1.3"] as const) {
    await using hub = await HubEmulator.start({
      authority: await testAuthority(),
      devices: ["dev-1"],
      tlsVersion,
    });
    using _device = await RawDevice.connect(hub, { clientId: "dev-1", identity });
    assertEquals(hub.connectedDevices(), ["dev-1"]);
  }
});

Deno.test("HubEmulator.sendToDevice() refuses an unknown device and a 51st message", async () => {
  await using hub = await HubEmulator.start({ devices: ["dev-1"] });
  await assertRejects(() => hub.sendToDevice("dev-2", "x"), TypeError, "dev-2");
  for (let count = 0; count < 50; count++) await hub.sendToDevice("dev-1", "x");
  await assertRejects(() => hub.sendToDevice("dev-1", "x"), RangeError, "403004");
});

Deno.test("HubEmulator.stop() settles whoever waits for a completion", async () => {
  const hub = await HubEmulator.start({ devices: ["dev-1"] });
  const completion = hub.sendToDevice("dev-1", "x", { until: "completed" });
  const rejected = assertRejects(() => completion, ConnectionLostError, "the hub stopped");
  await hub.stop();
  await rejected;
});
