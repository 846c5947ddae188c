import { assert, assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import { ConnectionLostError, DeadlineError, ProtocolError } from "../../src/errors.ts";
import { DeviceClient, type DeviceClientOptions } from "../../src/hub/mod.ts";
import { memoryOutbox } from "../../src/mqtt.ts";
import { PeerTransport } from "../_kit/scripted_peer.ts";
import { settled } from "../_kit/virtual_clock.ts";

const HOST = "contoso.azure-devices.net";

async function connected(
  options: Partial<DeviceClientOptions> = {},
): Promise<{ device: DeviceClient; transport: PeerTransport; connect: unknown }> {
  const transport = new PeerTransport();
  const connecting = DeviceClient.connect({ host: HOST, deviceId: "d1", transport, ...options });
  await settled();
  const connect = await transport.peer.accept({ sessionPresent: true });
  return { device: await connecting, transport, connect };
}

Deno.test("DeviceClient.connect() says who it is, as the hub wants it", async () => {
  const { device, transport, connect } = await connected({
    host: `${HOST.toUpperCase()}.`,
    modelId: "dtmi:x;1",
  });
  assertEquals(connect, {
    type: "connect",
    clientId: "d1",
    cleanSession: false,
    keepAliveSeconds: 240,
    username: `${HOST}/d1/?api-version=2021-04-12&model-id=dtmi%3Ax%3B1`,
  });
  assertEquals(device.state, "connected");
  await device.close();
  transport.peer.close();
});

Deno.test("DeviceClient.sendTelemetry() resolves once stored, if it is asked to and there is an outbox", async () => {
  const outbox = memoryOutbox();
  const { device, transport } = await connected({ outbox });
  await device.sendTelemetry("x", { until: "stored" });
  assertEquals(outbox.count, 1);
  const { packetId = 0 } = await transport.peer.expect("publish");
  await transport.peer.send({ type: "puback", packetId });
  assertEquals(outbox.count, 0);
  await device.close();
  transport.peer.close();
});

Deno.test("DeviceClient tells what its outbox fails with", async () => {
  const outbox = memoryOutbox();
  const { device, transport } = await connected({ outbox });
  await device.sendTelemetry("x", { until: "stored" });
  await outbox.add({ topic: "a/#", payload: new Uint8Array(1), qos: 1, retain: false });
  const failed = new Promise((resolve) => {
    device.addEventListener("outboxerror", ({ error }) => resolve(error), { once: true });
  });
  await device.sendTelemetry("y", { until: "stored" });
  assertInstanceOf(await failed, TypeError);
  await device.close();
  transport.peer.close();
});

Deno.test("DeviceClient.rotateCredentials() is not for a device with a transport of its own", async () => {
  const { device, transport } = await connected();
  const credentials = { certificateChain: [], privateKey: new Uint8Array(0) };
  await assertRejects(() => device.rotateCredentials(credentials), TypeError, "of its own");
  await device.close();
  transport.peer.close();
});

Deno.test("DeviceClient.connect() takes modules", async () => {
  const { device, transport, connect } = await connected({
    moduleId: "m1",
    keepAliveSeconds: 1177,
  });
  assertEquals((connect as { clientId: string }).clientId, "d1/m1");
  void device.sendTelemetry("x", { qos: 0 });
  assertEquals(
    (await transport.peer.expect("publish")).topic,
    "devices/d1/modules/m1/messages/events/",
  );
  assertThrows(() => device.messages(), TypeError, "not to modules");
  await device.close();
  transport.peer.close();
});

Deno.test("DeviceClient.connect() refuses options that the hub would not take, before any I/O", async () => {
  const transport = new PeerTransport();
  const base = { host: HOST, deviceId: "d1", transport };
  for (const keepAliveSeconds of [0, 1178, NaN]) {
    await assertRejects(
      () => DeviceClient.connect({ ...base, keepAliveSeconds }),
      RangeError,
      "1177",
    );
  }
  await assertRejects(
    () => DeviceClient.connect({ ...base, host: "https://h" }),
    TypeError,
    "as a hub",
  );
  await assertRejects(
    () => DeviceClient.connect({ ...base, deviceId: "a/b" }),
    TypeError,
    "as a device id",
  );
  await assertRejects(
    () => DeviceClient.connect({ ...base, moduleId: "a#b" }),
    TypeError,
    "as a module id",
  );
  await assertRejects(
    () => DeviceClient.connect({ host: HOST, deviceId: "d1" }),
    TypeError,
    "without credentials",
  );
  assertEquals(transport.peers.length, 0);
});

Deno.test("DeviceClient.connect() gives a hub that does not answer CONNECT up at the deadline", async () => {
  const transport = new PeerTransport();
  const connecting = DeviceClient.connect({
    host: HOST,
    deviceId: "d1",
    transport,
    connectDeadlineMs: 20,
  });
  const error = await assertRejects(() => connecting, DeadlineError);
  assertEquals([error.phase, error.deadlineMs], ["connack", 20]);
  transport.peer.close();
});

Deno.test("DeviceClient.sendTelemetry() publishes at QoS 1 and resolves when the hub has it", async () => {
  const { device, transport: { peer } } = await connected();
  const sending = device.sendTelemetry({ t: 1 }, { properties: { room: "5" } });
  const { topic, qos, payload, packetId = 0 } = await peer.expect("publish");
  assertEquals(topic, "devices/d1/messages/events/%24.ct=application%2Fjson&%24.ce=utf-8&room=5");
  assertEquals([qos, new TextDecoder().decode(payload)], [1, '{"t":1}']);
  await peer.send({ type: "puback", packetId });
  await sending;
  await device.close();
  peer.close();
});

Deno.test("DeviceClient.sendTelemetry() refuses QoS 2, for which the hub would close (N11)", async () => {
  const { device, transport: { peer } } = await connected();
  await assertRejects(() => device.sendTelemetry("x", { qos: 2 as 1 }), RangeError, "QoS 2");
  assertEquals(device.state, "connected");
  await device.close();
  peer.close();
});

Deno.test("DeviceClient.sendTelemetry() ends when its signal aborts", async () => {
  const { device, transport: { peer } } = await connected();
  const controller = new AbortController();
  const sending = device.sendTelemetry("x", { signal: controller.signal });
  controller.abort(new Error("enough"));
  await assertRejects(() => sending, Error, "enough");
  await device.close();
  peer.close();
});

Deno.test("DeviceClient.messages() subscribes once and brings what the cloud sends, from the first moment on", async () => {
  const transport = new PeerTransport();
  const connecting = DeviceClient.connect({ host: HOST, deviceId: "d1", transport });
  await settled();
  const { peer } = transport;
  await peer.expect("connect");
  const cloud = (packetId: number, bag: string) => ({
    type: "publish",
    topic: `devices/d1/messages/devicebound/${bag}`,
    payload: new TextEncoder().encode(bag),
    qos: 1,
    retain: false,
    dup: false,
    packetId,
  } as const);
  // The hub had kept the session: what waited comes right behind CONNACK.
  await peer.send({ type: "connack", sessionPresent: true, returnCode: 0 }, cloud(1, "a=1"));
  const device = await connecting;
  const [first, second] = [device.messages(), device.messages()];
  const { packetId, subscriptions } = await peer.expect("subscribe");
  assertEquals(subscriptions, [{ topicFilter: "devices/d1/messages/devicebound/#", qos: 1 }]);
  await peer.send({ type: "suback", packetId, returnCodes: [1] });
  assertEquals((await first.next()).value?.properties.get("a"), "1");
  const other = { ...cloud(2, ""), topic: "elsewhere", qos: 0 as const, packetId: undefined };
  const next = second.next();
  await peer.send({
    type: "publish",
    topic: other.topic,
    payload: other.payload,
    qos: 0,
    retain: false,
    dup: false,
  }, cloud(3, "b=2"));
  assertEquals((await next).value?.text(), "b=2");
  await first.return?.();
  assertEquals(await peer.expect("puback"), { type: "puback", packetId: 1 });
  await device.close();
  assertEquals(await second.next(), { done: true, value: undefined });
  peer.close();
});

Deno.test("DeviceClient.messages() throws when the hub refuses the subscription, and asks again the next time", async () => {
  const { device, transport: { peer } } = await connected();
  for (const returnCode of [128, 1]) {
    const messages = device.messages();
    const next = messages.next();
    const failing = returnCode === 128
      ? assertRejects(() => next, ProtocolError, "devicebound")
      : undefined;
    await peer.send({
      type: "suback",
      packetId: (await peer.expect("subscribe")).packetId,
      returnCodes: [returnCode],
    });
    await failing;
  }
  await device.close();
  peer.close();
});

Deno.test("DeviceClient tells when its connection is lost", async () => {
  const { device, transport: { peer } } = await connected();
  const lost = Promise.withResolvers<unknown>();
  device.addEventListener(
    "statechange",
    (event) => lost.resolve([event.oldState, event.newState, event.cause]),
  );
  peer.close();
  const [oldState, newState, cause] = await lost.promise as unknown[];
  assertEquals([oldState, newState], ["connected", "reconnecting"]);
  assert(cause instanceof ConnectionLostError);
  await device.close();
});

Deno.test("DeviceClient comes back by itself, and sends again what the hub had not acknowledged", async () => {
  const { device, transport } = await connected({
    reconnect: { random: () => 0 },
  });
  const sending = device.sendTelemetry({ a: 1 });
  const { packetId = 0 } = await transport.peer.expect("publish");
  transport.peer.close();
  while (transport.peers.length === 1) await new Promise((resolve) => setTimeout(resolve, 0));
  await transport.peer.accept({ sessionPresent: true });
  assertEquals((await transport.peer.expect("publish")).dup, true);
  await transport.peer.send({ type: "puback", packetId });
  await sending;
  await device.close();
});

Deno.test("DeviceClient.connect() calls listeners from the first moment on", async () => {
  const told: string[] = [];
  const { device, transport } = await connected({
    listeners: {
      statechange: ({ newState }) => told.push(newState),
      debug: ({ text }) => told.push(text),
    },
  });
  assertEquals(told, [
    "transportConnecting",
    "connecting peer:1883",
    "open peer:1883",
    "transportConnected",
    `sent CONNECT clientId="d1" keepAliveSeconds=240 username="${HOST}/d1/?api-version=2021-04-12"`,
    "received CONNACK sessionPresent returnCode=0",
    "connected",
  ]);
  await device.close();
  transport.peer.close();
});

Deno.test("DeviceClient tells debug to whoever listens, as long as anybody does", async () => {
  const { device, transport } = await connected();
  const targets: unknown[] = [];
  const listener = ({ target }: Event) => targets.push(target);
  const send = () => device.sendTelemetry("x", { qos: 0 });
  await send();
  device.addEventListener("debug", listener);
  await send();
  device.removeEventListener("debug", listener);
  await send();
  await send();
  device.addEventListener("debug", listener, { once: true });
  await send();
  await send();
  assertEquals(targets, [device, device]);
  await device.close();
  transport.peer.close();
});

Deno.test("DeviceClient.metrics() is that of its connection", async () => {
  const { device, transport } = await connected();
  const sending = device.sendTelemetry({ temperature: 21.5 });
  await settled();
  const { sent, delivered, inFlight, connects } = device.metrics();
  assertEquals([sent, delivered, inFlight, connects], [1, 0, 1, 1]);
  await transport.peer.expect("publish");
  await transport.peer.send({ type: "puback", packetId: 1 });
  await sending;
  assertEquals(device.metrics().delivered, 1);
  await device.close();
  transport.peer.close();
});
