import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HubEmulator } from "../../src/emulator/mod.ts";
import { ConnectionLostError } from "../../src/errors.ts";
import { deviceIdentity, testAuthority } from "../_kit/certs.ts";
import {
  type ConnectFields,
  pubackBytes,
  publishBytes,
  RawDevice,
  type ReceivedPacket,
  subscribeBytes,
  unsubscribeBytes,
} from "./_raw_device.ts";
import { allEvents, firstEvent, takeTelemetry, textOf } from "./_reading.ts";

const topic = "devices/dev-1/messages/events/";
const devicebound = { topic: "devices/dev-1/messages/devicebound/#" };
const identity = await deviceIdentity("dev-1");

async function startHub(): Promise<HubEmulator> {
  return HubEmulator.start({ authority: await testAuthority(), devices: ["dev-1"] });
}

function connect(hub: HubEmulator, fields: Partial<ConnectFields> = {}): Promise<RawDevice> {
  return RawDevice.connect(hub, { clientId: "dev-1", identity, ...fields });
}

/** Subscribes and expects that to be granted. */
async function subscribe(device: RawDevice, qos: number): Promise<void> {
  await device.send(subscribeBytes(1, [{ ...devicebound, qos }]));
  assertEquals((await device.receive())?.first, 0x90);
}

/** A PUBLISH taken apart. */
function publishOf(packet: ReceivedPacket | undefined) {
  assert(packet !== undefined && packet.first >> 4 === 3);
  const { first, body } = packet;
  const qos = first >> 1 & 3;
  const topicEnd = 2 + (body[0] ?? 0) * 256 + (body[1] ?? 0);
  const payloadStart = topicEnd + (qos === 0 ? 0 : 2);
  return {
    dup: (first & 8) !== 0,
    qos,
    topic: textOf(body.subarray(2, topicEnd)),
    packetId: qos === 0 ? 0 : (body[topicEnd] ?? 0) * 256 + (body[topicEnd + 1] ?? 0),
    payload: textOf(body.subarray(payloadStart)),
  };
}

Deno.test("HubEmulator takes telemetry at QoS 0 and 1 in the order of the wire", async () => {
  await using hub = await startHub();
  using device = await connect(hub);
  await device.send(
    publishBytes(topic, "1", { qos: 1, packetId: 7 }),
    publishBytes(`${topic}a=b&%24.ct=text%2Fplain`, "2"),
    publishBytes(`${topic}?a=c`, "3", { qos: 1, packetId: 8, retain: true }),
  );
  const messages = await takeTelemetry(hub, 3);
  assertEquals(messages.map(({ payload, qos }) => [textOf(payload), qos]), [
    ["1", 1],
    ["2", 0],
    ["3", 1],
  ]);
  assertEquals(messages.map(({ properties }) => properties), [
    {},
    { a: "b" },
    { a: "c", "mqtt-retain": "true" },
  ]);
  assertEquals(messages[1]?.systemProperties, { "$.ct": "text/plain" });
  const pubacks = [await device.receive(), await device.receive()];
  assertEquals(pubacks.map((packet) => [packet?.first, packet?.body[1]]), [[0x40, 7], [0x40, 8]]);
});

Deno.test("HubEmulator takes a burst of 3000 messages and loses none", async () => {
  await using hub = await startHub();
  using device = await connect(hub);
  const burst = Array.from(
    { length: 3000 },
    (_, index) => publishBytes(`${topic}n=${index}`, "x".repeat(100), { qos: index % 2 }),
  );
  await device.send(new Uint8Array(await new Blob(burst as BlobPart[]).arrayBuffer()));
  const numbers = (await takeTelemetry(hub, 3000)).map(({ properties }) => properties.n);
  assertEquals(numbers, Array.from({ length: 3000 }, (_, index) => `${index}`));
});

Deno.test("HubEmulator closes over QoS 2, a foreign topic, a malformed bag and too large a message (N11)", async () => {
  const large = new Uint8Array(256 * 1024);
  const cases = [
    ["InvalidOperation", publishBytes(topic, "x", { qos: 2 })],
    ["InvalidOperation", publishBytes("devices/dev-2/messages/events/", "x", { qos: 1 })],
    ["InvalidOperation", publishBytes("devices/dev-1/messages/devicebound/", "x", { qos: 1 })],
    ["InvalidOperation", publishBytes("$iothub/twin/GET/?$rid=1", "", { qos: 1 })],
    ["IotHubFormatError", publishBytes(`${topic}a=b c`, "x", { qos: 1 })],
    ["MessageTooLarge", publishBytes(`${topic}a=b`, large, { qos: 1 })],
  ] as const;
  for (const [error, bytes] of cases) {
    await using hub = await startHub();
    using device = await connect(hub);
    await device.send(bytes);
    assertEquals(await device.receiveToEnd(), []);
    assertEquals((await firstEvent(hub, "misuse")).error, error);
    assertEquals((await firstEvent(hub, "disconnected")).error, error);
    await hub.stop();
    assertEquals(await Array.fromAsync(hub.telemetry()), []);
  }
});

Deno.test("HubEmulator takes a message of exactly 256 KiB", async () => {
  await using hub = await startHub();
  using device = await connect(hub);
  await device.send(publishBytes(topic, new Uint8Array(256 * 1024), { qos: 1 }));
  assertEquals((await device.receive())?.first, 0x40);
  assertEquals((await takeTelemetry(hub, 1))[0]?.payload.length, 256 * 1024);
});

Deno.test("HubEmulator grants its own five filters and QoS 1 where 2 is asked for", async () => {
  await using hub = await startHub();
  using device = await connect(hub);
  const filters = [
    { ...devicebound, qos: 2 },
    { topic: "devices/dev-1/#", qos: 0 },
    { topic: "$iothub/twin/res/#", qos: 0 },
    { topic: "$iothub/twin/PATCH/properties/desired/#", qos: 1 },
    { topic: "$iothub/methods/POST/#", qos: 1 },
  ];
  await device.send(subscribeBytes(9, filters));
  assertEquals((await device.receive())?.body, new Uint8Array([0, 9, 1, 0, 0, 1, 1]));
  await hub.stop();
  const notices = (await allEvents(hub)).filter(({ type }) => type === "notice");
  assertEquals(notices.length, 4);
});

Deno.test("HubEmulator closes over any other filter, alone or among good ones", async () => {
  for (const foreign of ["#", "devices/dev-2/messages/devicebound/#", `${topic}#`, "$SYS/#"]) {
    await using hub = await startHub();
    using device = await connect(hub);
    await device.send(subscribeBytes(1, [devicebound, { topic: foreign }]));
    assertEquals(await device.receiveToEnd(), []);
    assertStringIncludes((await firstEvent(hub, "misuse")).why, JSON.stringify(foreign));
  }
});

Deno.test("HubEmulator returns no telemetry to a device that subscribed in the old form", async () => {
  await using hub = await startHub();
  using device = await connect(hub, { clean: false });
  await device.send(subscribeBytes(1, [{ topic: "devices/dev-1/#" }]));
  assertEquals((await device.receive())?.first, 0x90);
  await device.send(publishBytes(topic, "up", { qos: 1 }));
  assertEquals((await device.receive())?.first, 0x40);
  await hub.sendToDevice("dev-1", "down");
  assertEquals(publishOf(await device.receive()).payload, "down");
});

Deno.test("HubEmulator.sendToDevice() delivers at QoS 1 and completes with the PUBACK", async () => {
  await using hub = await startHub();
  using device = await connect(hub);
  await subscribe(device, 1);
  const options = { messageId: "m", properties: { "a b": "ü" }, until: "completed" } as const;
  const completed = hub.sendToDevice("dev-1", "hello", options);
  const { packetId, ...publish } = publishOf(await device.receive());
  assertEquals(publish, {
    dup: false,
    qos: 1,
    topic: "devices/dev-1/messages/devicebound/%24.mid=m&" +
      "%24.to=%2Fdevices%2Fdev-1%2Fmessages%2Fdevicebound&a%20b=%C3%BC",
    payload: "hello",
  });
  await device.send(pubackBytes(packetId));
  await completed;
});

Deno.test("HubEmulator.sendToDevice() delivers at QoS 0 to who asked for that, and is done", async () => {
  await using hub = await startHub();
  using device = await connect(hub);
  await subscribe(device, 0);
  await hub.sendToDevice("dev-1", "hello", { until: "completed" });
  const { qos, payload } = publishOf(await device.receive());
  assertEquals([qos, payload], [0, "hello"]);
});

Deno.test("HubEmulator.sendToDevice() waits for the device to come and to subscribe", async () => {
  await using hub = await startHub();
  for (const text of ["1", "2", "3"]) await hub.sendToDevice("dev-1", text);
  using device = await connect(hub, { clean: false });
  await hub.sendToDevice("dev-1", "4");
  await subscribe(device, 1);
  const received = [];
  for (let count = 0; count < 4; count++) received.push(publishOf(await device.receive()).payload);
  assertEquals(received, ["1", "2", "3", "4"]);
});

Deno.test("HubEmulator repeats what a kept session left unacknowledged: same id, DUP, old order", async () => {
  await using hub = await startHub();
  const first = await connect(hub, { clean: false });
  await subscribe(first, 1);
  for (const text of ["1", "2", "3"]) await hub.sendToDevice("dev-1", text);
  const sent = [];
  for (let count = 0; count < 3; count++) sent.push(publishOf(await first.receive()));
  const [one, two, three] = sent;
  assert(one && two && three);
  await first.send(pubackBytes(two.packetId), publishBytes(topic, "read up to here"));
  await takeTelemetry(hub, 1);
  first[Symbol.dispose]();
  await firstEvent(hub, "disconnected");
  await hub.sendToDevice("dev-1", "4");

  using second = await connect(hub, { clean: false });
  const repeated = [];
  for (let count = 0; count < 3; count++) repeated.push(publishOf(await second.receive()));
  assertEquals(repeated.slice(0, 2), [{ ...one, dup: true }, { ...three, dup: true }]);
  assertEquals([repeated[2]?.payload, repeated[2]?.dup], ["4", false]);
  await hub.stop();
  const connected = (await allEvents(hub)).filter((event) => event.type === "connected");
  assertEquals(connected.map(({ sessionPresent }) => sessionPresent), [false, true]);
});

Deno.test("HubEmulator throws away what waits for a device that connects with a clean session", async () => {
  await using hub = await startHub();
  const completion = hub.sendToDevice("dev-1", "lost", { until: "completed" });
  const rejected = assertRejects(() => completion, ConnectionLostError, "clean session");
  using device = await connect(hub, { clean: true });
  await rejected;
  await subscribe(device, 1);
  await hub.sendToDevice("dev-1", "new");
  assertEquals(publishOf(await device.receive()).payload, "new");
});

Deno.test("HubEmulator sends nothing to a device that unsubscribed", async () => {
  await using hub = await startHub();
  using device = await connect(hub, { clean: false });
  await subscribe(device, 1);
  await device.send(unsubscribeBytes(2, devicebound.topic));
  assertEquals((await device.receive())?.first, 0xb0);
  await hub.sendToDevice("dev-1", "unheard");
  await device.send(new Uint8Array([0xc0, 0]));
  assertEquals((await device.receive())?.first, 0xd0);
});
