import { assert, assertEquals, assertRejects } from "@std/assert";
import { CredentialStore, type Identity } from "../../src/credentials/mod.ts";
import type { StoreSettings } from "../../src/credentials/credential_store.ts";
import { LEAST_COST } from "../../src/credentials/sealing.ts";
import { HubEmulator } from "../../src/emulator/mod.ts";
import { ConnectRefusedError, CredentialError, type HubwireError } from "../../src/errors.ts";
import { DeviceClient, type DeviceClientOptions } from "../../src/hub/mod.ts";
import { MqttClient, tlsTransport } from "../../src/mqtt.ts";
import { deviceIdentity, strangeIdentity, testAuthority } from "../_kit/certs.ts";
import { tempFolder } from "../_kit/temp.ts";

async function startHub(): Promise<HubEmulator> {
  return await HubEmulator.start({ devices: ["d1", "d2"], authority: await testAuthority() });
}

function optionsFor(
  hub: HubEmulator,
  credentials: NonNullable<DeviceClientOptions["credentials"]>,
): DeviceClientOptions {
  return {
    host: hub.hostname,
    deviceId: "d1",
    port: hub.port,
    caCerts: [hub.caCertificate],
    credentials,
  };
}

async function connect(hub: HubEmulator, identity?: Identity): Promise<DeviceClient> {
  return await DeviceClient.connect(optionsFor(hub, identity ?? await deviceIdentity("d1")));
}

Deno.test("a credential from the store connects its device, telemetry arrives, the cloud answers", async () => {
  await using hub = await startHub();
  await using folder = await tempFolder();
  const settings: StoreSettings = {
    path: folder.file("store.db"),
    passphrase: "low tide",
    cost: LEAST_COST,
  };
  await using store = await CredentialStore.open(settings);
  for (const deviceId of ["d1", "d2"]) {
    await store.add(hub.hostname, await deviceIdentity(deviceId));
  }

  await using device = await DeviceClient.connect(optionsFor(hub, store.forHost(hub.hostname)));
  await device.sendTelemetry({ temperature: 21.5 }, {
    properties: { room: "attic" },
    messageId: "m1",
  });
  const { value: telemetry } = await hub.telemetry().next();
  assertEquals(telemetry.deviceId, "d1");
  assertEquals(new TextDecoder().decode(telemetry.payload), '{"temperature":21.5}');
  assertEquals(telemetry.properties, { room: "attic" });
  assertEquals(telemetry.systemProperties, {
    "$.mid": "m1",
    "$.ct": "application/json",
    "$.ce": "utf-8",
  });

  const messages = device.messages();
  const sent = hub.sendToDevice("d1", "hello", {
    messageId: "c1",
    properties: { reply: "yes" },
    until: "completed",
  });
  const { value: message } = await messages.next();
  assert(message);
  assertEquals([message.text(), message.messageId, message.properties.get("reply")], [
    "hello",
    "c1",
    "yes",
  ]);
  await messages.return?.();
  await sent;
});

Deno.test("messages wait for a device that is away, and an unfinished one comes again", async () => {
  await using hub = await startHub();
  {
    await using device = await connect(hub);
    const messages = device.messages();
    const waiting = messages.next();
    await hub.sendToDevice("d1", "first");
    assertEquals((await waiting).value?.text(), "first");
    // The device goes away while it works on the message: it never was acknowledged.
  }
  await hub.sendToDevice("d1", "second");
  await using device = await connect(hub);
  const messages = device.messages();
  assertEquals((await messages.next()).value?.text(), "first");
  assertEquals((await messages.next()).value?.text(), "second");
});

Deno.test("the hub refuses a certificate of an authority that it does not know", async () => {
  await using hub = await startHub();
  const identity = await strangeIdentity("d1");
  const error = await assertRejects(() => connect(hub, identity), ConnectRefusedError);
  assertEquals(error.returnCode, 5);
});

Deno.test("the hub refuses a device that uses the certificate of another", async () => {
  await using hub = await startHub();
  const identity = await deviceIdentity("d2");
  const error = await assertRejects(
    () => connect(hub, identity),
    ConnectRefusedError,
    "not authorized",
  );
  assertEquals(error.code, "MQTT_CONNECT_REFUSED");
});

Deno.test("a second connection of the same device ends the first", async () => {
  await using hub = await startHub();
  await using first = await connect(hub);
  const lost = Promise.withResolvers<HubwireError | undefined>();
  first.addEventListener("statechange", (event) => lost.resolve(event.cause));
  await using _second = await connect(hub);
  assertEquals((await lost.promise)?.code, "CONNECTION_LOST");
  assertEquals(hub.connectedDevices(), ["d1"]);
});

Deno.test("rotateCredentials() goes over to a new certificate without losing the connection", async () => {
  await using hub = await startHub();
  await using device = await connect(hub);
  const states: string[] = [];
  device.addEventListener("statechange", ({ newState }) => states.push(newState));
  let asked = 0;
  const renewed = await (await testAuthority()).issueDevice("d1");
  await device.rotateCredentials(() => {
    asked++;
    return renewed;
  });
  await device.sendTelemetry("after");
  const { value: telemetry } = await hub.telemetry().next();
  assertEquals(new TextDecoder().decode(telemetry.payload), "after");
  assertEquals([asked, states, hub.connectedDevices()], [1, [], ["d1"]]);
});

Deno.test("rotateCredentials() leaves the device as it is when the hub refuses the new certificate", async () => {
  await using hub = await startHub();
  await using device = await connect(hub);
  const strange = await strangeIdentity("d1");
  await assertRejects(() => device.rotateCredentials(strange), ConnectRefusedError);
  await device.sendTelemetry("after");
  assertEquals([device.state, hub.connectedDevices()], ["connected", ["d1"]]);
});

Deno.test("a store with several devices of a host needs to be told which one", async () => {
  await using folder = await tempFolder();
  const settings: StoreSettings = {
    path: folder.file("store.db"),
    passphrase: "low tide",
    cost: LEAST_COST,
  };
  await using store = await CredentialStore.open(settings);
  for (const deviceId of ["d1", "d2"]) await store.add("localhost", await deviceIdentity(deviceId));
  const transport = tlsTransport({
    hostname: "localhost",
    port: 1,
    credentials: store.forHost("localhost"),
  });
  const client = new MqttClient({ transport, clientId: "d1" });
  const error = await assertRejects(() => client.connect(), CredentialError, "d1, d2");
  assertEquals(error.code, "CREDENTIAL_AMBIGUOUS");
});

Deno.test("MqttClient in the manner of the original: short user name, devices/{id}/#", async () => {
  await using hub = await startHub();
  await using client = new MqttClient({
    transport: tlsTransport({
      hostname: hub.hostname,
      port: hub.port,
      caCerts: [hub.caCertificate],
      credentials: () => deviceIdentity("d1"),
    }),
    clientId: () => "d1",
    username: () => `${hub.hostname}/d1`,
    cleanSession: false,
  });
  await client.connect();
  const got = Promise.withResolvers<string>();
  await client.subscribe("devices/d1/#", {
    qos: 1,
    handler: (message) => got.resolve(new TextDecoder().decode(message.payload)),
  });
  await hub.sendToDevice("d1", "as in the old days");
  assertEquals(await got.promise, "as in the old days");
});
