import { assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { HubEmulator, type HubEmulatorOptions } from "../../src/emulator/mod.ts";
import { deviceIdentity, strangeIdentity, testAuthority, thumbprints } from "../_kit/certs.ts";
import {
  connectBytes,
  type ConnectFields,
  publishBytes,
  RawDevice,
  userNameFor,
} from "./_raw_device.ts";
import { allEvents, firstEvent, takeTelemetry, textOf } from "./_reading.ts";

const topic = "devices/dev-1/messages/events/";
const own = await deviceIdentity("dev-1");

async function startHub(options: HubEmulatorOptions = {}): Promise<HubEmulator> {
  return HubEmulator.start({ authority: await testAuthority(), devices: ["dev-1"], ...options });
}

/** What the hub answers to CONNECT before it closes: the return code, or nothing. */
async function refusal(
  hub: HubEmulator,
  { identity, ...changes }: Partial<ConnectFields> & { identity: typeof own | undefined },
): Promise<number | undefined> {
  const fields = { clientId: "dev-1", userName: userNameFor(hub, "dev-1"), ...changes };
  using device = await RawDevice.dial(hub, identity);
  await device.send(connectBytes(fields));
  const packets = await device.receiveToEnd();
  if (packets.length === 0) return undefined;
  assertEquals(packets.map(({ first, body }) => [first, body.length, body[0]]), [[0x20, 2, 0]]);
  return packets[0]?.body[1];
}

Deno.test("HubEmulator completes TLS without a certificate and refuses at CONNECT with code 5", async () => {
  await using hub = await startHub();
  assertEquals(await refusal(hub, { identity: undefined }), 5);
  const { why, error, clientId } = await firstEvent(hub, "refused");
  assertEquals([clientId, error, why], [
    "dev-1",
    "IotHubUnauthorized",
    "no client certificate was shown",
  ]);
});

Deno.test("HubEmulator refuses a certificate of an unknown authority, of another device, or expired", async () => {
  await using hub = await startHub();
  assertEquals(await refusal(hub, { identity: await strangeIdentity("dev-1") }), 5);
  assertEquals(await refusal(hub, { identity: await deviceIdentity("dev-2") }), 5);
  await using future = await startHub({ now: () => new Date("2999-01-01T00:00:00Z") });
  assertEquals(await refusal(future, { identity: own }), 5);
  assertStringIncludes((await firstEvent(future, "refused")).why, "expired");
});

Deno.test("HubEmulator accepts a registered thumbprint whoever signed, and refuses another", async () => {
  const identity = await strangeIdentity("dev-1");
  const primaryThumbprint = thumbprints(identity).sha1.toUpperCase();
  const authentication = { type: "selfSigned", primaryThumbprint } as const;
  await using hub = await startHub({ devices: [{ deviceId: "dev-1", authentication }] });
  using device = await RawDevice.connect(hub, { clientId: "dev-1", identity });
  assertEquals(hub.connectedDevices(), ["dev-1"]);
  await device.send(publishBytes(topic, "x"));
  await takeTelemetry(hub, 1);
  assertEquals(await refusal(hub, { identity: own }), 5);
});

Deno.test("HubEmulator sees an intermediate certificate that the device sends", async () => {
  const intermediate = await (await testAuthority()).issueIntermediate("Test Intermediate");
  const identity = await intermediate.issueDevice("dev-1");
  await using hub = await startHub();
  using _device = await RawDevice.connect(hub, { clientId: "dev-1", identity });
  assertEquals(hub.connectedDevices(), ["dev-1"]);
});

Deno.test("HubEmulator answers each wrong CONNECT with the hub's own code", async () => {
  const devices = ["dev-1", { deviceId: "dev-2", status: "disabled" } as const].map((device) =>
    typeof device === "string"
      ? device
      : { ...device, authentication: { type: "certificateAuthority" } as const }
  );
  await using hub = await startHub({ devices });
  const identity = own;
  const cases: [number | undefined, Partial<ConnectFields> & { identity?: typeof own }][] = [
    [1, { protocolLevel: 5 }],
    [1, { protocolLevel: 3, protocolName: "MQIsdp" }],
    [undefined, { protocolLevel: 9 }],
    [2, { clientId: "" }],
    [4, { userName: "wrong.example/dev-1/?api-version=2021-04-12" }],
    [4, { userName: "localhost/dev-1/?api-version=latest" }],
    [4, { userName: "dev-1" }],
    [5, { clientId: "dev-9" }],
    [5, { clientId: "dev-9", userName: userNameFor(hub, "dev-9") }],
    [5, {
      clientId: "dev-2",
      userName: userNameFor(hub, "dev-2"),
      identity: await deviceIdentity("dev-2"),
    }],
    [5, { will: { topic: "lost", payload: "x" } }],
  ];
  for (const [code, changes] of cases) {
    const { identity: _, ...shown } = changes;
    assertEquals(await refusal(hub, { identity, ...changes }), code, JSON.stringify(shown));
  }
  await hub.stop();
  const refused = (await allEvents(hub)).filter(({ type }) => type === "refused");
  assertEquals(refused.length, cases.length);
});

Deno.test("HubEmulator accepts the original's user name and says that it is old", async () => {
  await using hub = await startHub();
  const userName = "localhost/dev-1";
  using _device = await RawDevice.connect(hub, { clientId: "dev-1", identity: own, userName });
  assertStringIncludes((await firstEvent(hub, "notice")).why, "old form");
});

Deno.test("HubEmulator refuses a client that sends more before it has its CONNACK", async () => {
  await using hub = await startHub();
  using device = await RawDevice.dial(hub);
  const connect = connectBytes({ clientId: "dev-1", userName: userNameFor(hub, "dev-1") });
  await device.send(connect, ...Array.from({ length: 100 }, () => publishBytes(topic, "x")));
  assertEquals((await device.receiveToEnd()).map(({ body }) => [...body]), [[0, 5]]);
  await hub.stop();
  assertEquals(await Array.fromAsync(hub.telemetry()), []);
});

Deno.test("HubEmulator closes the older of two connections of a device and logs 400027", async () => {
  await using hub = await startHub();
  using older = await RawDevice.connect(hub, { clientId: "dev-1", identity: own });
  using newer = await RawDevice.connect(hub, { clientId: "dev-1", identity: own });
  assertEquals(await older.receiveToEnd(), []);
  const { error } = await firstEvent(hub, "disconnected");
  assertEquals(error, "ConnectionForcefullyClosedOnNewConnection");
  assertEquals(hub.connectedDevices(), ["dev-1"]);
  await newer.send(publishBytes(topic, "still here"));
  const [message] = await takeTelemetry(hub, 1);
  assertEquals(textOf(message?.payload ?? new Uint8Array()), "still here");
});

Deno.test("HubEmulator takes the will of a lost device as telemetry, and of no other", async () => {
  await using hub = await startHub();
  const will = { topic, payload: "gone", qos: 1 };
  const fields = { clientId: "dev-1", identity: own, will };
  const lost = await RawDevice.connect(hub, fields);
  lost[Symbol.dispose]();
  const [message] = await takeTelemetry(hub, 1);
  assertEquals(message?.properties, { "iothub-MessageType": "Will" });
  assertEquals(textOf(message?.payload ?? new Uint8Array()), "gone");
  using polite = await RawDevice.connect(hub, fields);
  await polite.send(new Uint8Array([0xe0, 0]));
  assertEquals(await polite.receiveToEnd(), []);
  await hub.stop();
  assertEquals((await Array.fromAsync(hub.telemetry())).length, 1);
});

Deno.test("HubEmulator closes a connection that is silent for one and a half times its keep-alive [MQTT-3.1.2-24]", async () => {
  await using hub = await startHub();
  const fields = { clientId: "dev-1", identity: own, keepAliveSeconds: 1 };
  const start = performance.now();
  using device = await RawDevice.connect(hub, fields);
  assertEquals(await device.receiveToEnd(), []);
  const waited = performance.now() - start;
  assertGreater(waited, 1400);
  assertStringIncludes((await firstEvent(hub, "disconnected")).why, "silent");
});

Deno.test("HubEmulator closes a connection that begins with something else than CONNECT", async () => {
  await using hub = await startHub();
  for (const bytes of [publishBytes(topic, "x"), new Uint8Array([0xf0, 0xff, 0xff, 0xff, 0xff])]) {
    using device = await RawDevice.dial(hub, own);
    await device.send(bytes);
    assertEquals(await device.receiveToEnd(), []);
  }
});

Deno.test("HubEmulator cuts a device off when it is removed or disabled", async () => {
  await using hub = await startHub();
  using removed = await RawDevice.connect(hub, { clientId: "dev-1", identity: own });
  hub.removeDevice("dev-1");
  assertEquals(await removed.receiveToEnd(), []);
  assertEquals(await refusal(hub, { identity: own }), 5);
  hub.addDevice("dev-1");
  using disabled = await RawDevice.connect(hub, { clientId: "dev-1", identity: own });
  const authentication = { type: "certificateAuthority" } as const;
  hub.addDevice({ deviceId: "dev-1", authentication, status: "disabled" });
  assertEquals(await disabled.receiveToEnd(), []);
  assertEquals(hub.connectedDevices(), []);
});
