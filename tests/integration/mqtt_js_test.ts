import { assertEquals } from "@std/assert";
import mqtt from "mqtt";
import { Buffer } from "node:buffer";
import { HubEmulator } from "../../src/emulator/mod.ts";
import { MqttClient, tcpTransport, tlsTransport } from "../../src/mqtt.ts";
import { startBroker } from "../_kit/broker.ts";
import { deviceIdentity, identityPem, testAuthority } from "../_kit/certs.ts";

/** The next message of a client of MQTT.js. */
function nextMessage(client: mqtt.MqttClient): Promise<[topic: string, payload: string]> {
  return new Promise((resolve) => {
    client.once("message", (topic, payload) => resolve([topic, payload.toString()]));
  });
}

Deno.test("MQTT.js sends telemetry to the hub and receives a message from the cloud", async () => {
  await using hub = await HubEmulator.start({ devices: ["d1"], authority: await testAuthority() });
  const client = await mqtt.connectAsync(`mqtts://${hub.hostname}:${hub.port}`, {
    ...identityPem(await deviceIdentity("d1")),
    ca: hub.caCertificate,
    clientId: "d1",
    username: `${hub.hostname}/d1/?api-version=2021-04-12`,
    clean: false,
    protocolVersion: 4,
    reconnectPeriod: 0,
  });
  await client.publishAsync("devices/d1/messages/events/room=attic", "21.5", { qos: 1 });
  const { value: telemetry } = await hub.telemetry().next();
  assertEquals([telemetry.deviceId, Buffer.from(telemetry.payload).toString()], ["d1", "21.5"]);
  assertEquals(telemetry.properties, { room: "attic" });

  await client.subscribeAsync("devices/d1/messages/devicebound/#", { qos: 1 });
  const message = nextMessage(client);
  await hub.sendToDevice("d1", "hello", { properties: { a: "b" } });
  const [topic, payload] = await message;
  assertEquals([topic.startsWith("devices/d1/messages/devicebound/"), payload], [true, "hello"]);
  await client.endAsync();
});

for (const qos of [0, 1, 2] as const) {
  Deno.test(`MQTT.js and MqttClient exchange messages at QoS ${qos} through a broker`, async () => {
    await using broker = await startBroker();
    const theirs = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
      clientId: "theirs",
      protocolVersion: 4,
      reconnectPeriod: 0,
    });
    await using ours = new MqttClient({
      transport: tcpTransport({ hostname: "127.0.0.1", port: broker.port }),
      clientId: "ours",
    });
    await ours.connect();
    await theirs.subscribeAsync("from/ours/#", { qos });
    const granted = await ours.subscribe("from/theirs/+", { qos });
    assertEquals(granted.qos, qos);
    const messages = ours.messages();

    const received = nextMessage(theirs);
    await ours.publish("from/ours/é", "grüße", { qos });
    assertEquals(await received, ["from/ours/é", "grüße"]);

    const large = Buffer.alloc(300_000, "x");
    await theirs.publishAsync("from/theirs/a", large, { qos });
    const { value: message } = await messages.next();
    assertEquals([message.topic, message.qos, message.payload.length], [
      "from/theirs/a",
      qos,
      300_000,
    ]);
    await messages.return?.();
    await theirs.endAsync();
  });
}

Deno.test("MQTT.js and MqttClient meet over mutual TLS; a retained message waits for its subscriber", async () => {
  await using broker = await startBroker({ tls: {} });
  const theirs = await mqtt.connectAsync(`mqtts://localhost:${broker.port}`, {
    ...identityPem(await deviceIdentity("theirs")),
    ca: broker.caCertificate,
    clientId: "theirs",
    protocolVersion: 4,
    reconnectPeriod: 0,
  });
  await theirs.publishAsync("state", "on", { qos: 1, retain: true });
  await using ours = new MqttClient({
    transport: tlsTransport({
      hostname: "localhost",
      port: broker.port,
      caCerts: [broker.caCertificate],
      credentials: await deviceIdentity("ours"),
    }),
    clientId: "ours",
  });
  await ours.connect();
  const messages = ours.messages();
  await ours.subscribe("state", { qos: 1 });
  const { value: message } = await messages.next();
  assertEquals([new TextDecoder().decode(message.payload), message.retain], ["on", true]);
  await theirs.endAsync();
});
