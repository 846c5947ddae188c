import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { authenticate, type ConnectRequest } from "../../src/emulator/authenticate.ts";
import type { EmulatedDevice } from "../../src/emulator/device_registry.ts";
import { deviceIdentity, strangeIdentity, testAuthority, thumbprints } from "../_kit/certs.ts";

const authority = await testAuthority();
const own = await deviceIdentity("dev-1");
const foreign = await deviceIdentity("dev-2");
const strange = await strangeIdentity("dev-1");
const dayMs = 86_400_000;

const welcome: ConnectRequest = {
  protocolLevel: 4,
  clientId: "dev-1",
  userName: "hub.example/dev-1/?api-version=2021-04-12",
  certificateChain: own.certificateChain,
  will: undefined,
};
const signed: EmulatedDevice = {
  deviceId: "dev-1",
  authentication: { type: "certificateAuthority" },
};

/** The outcome in one line: `accepted`, or return code, the hub's word and the reason. */
function outcome(
  changes: Partial<ConnectRequest>,
  hub: { device?: EmulatedDevice; now?: Date } = {},
): string {
  const { device = signed, now = new Date() } = hub;
  const verdict = authenticate({ ...welcome, ...changes }, {
    hostname: "hub.example",
    authority: authority.certificate,
    findDevice: (deviceId) => deviceId === device.deviceId ? device : undefined,
    now,
  });
  if (verdict.accepted) return "accepted";
  return `${verdict.returnCode} ${verdict.error}: ${verdict.why}`;
}

function byThumbprint(primaryThumbprint: string, secondaryThumbprint?: string): EmulatedDevice {
  return {
    deviceId: "dev-1",
    authentication: {
      type: "selfSigned",
      primaryThumbprint,
      ...(secondaryThumbprint === undefined ? {} : { secondaryThumbprint }),
    },
  };
}

Deno.test("authenticate() accepts a device with a certificate of the registered authority", () => {
  assertEquals(outcome({}), "accepted");
  assertEquals(outcome({ userName: "HUB.example/dev-1" }), "accepted");
});

Deno.test("authenticate() accepts an intermediate that comes along, and refuses without it", async () => {
  const intermediate = await authority.issueIntermediate("Test Intermediate");
  const { certificateChain } = await intermediate.issueDevice("dev-1");
  assertEquals(certificateChain.length, 2);
  assertEquals(outcome({ certificateChain }), "accepted");
  const alone = outcome({ certificateChain: certificateChain.slice(0, 1) });
  assertStringIncludes(alone, "5 IotHubUnauthorized");
});

Deno.test("authenticate() accepts either thumbprint, SHA-1 or SHA-256, in either case", () => {
  const { sha1, sha256 } = thumbprints(strange);
  const other = thumbprints(own);
  const certificateChain = strange.certificateChain;
  const devices = [
    byThumbprint(sha1),
    byThumbprint(sha256.toUpperCase()),
    byThumbprint(other.sha1, sha1.toUpperCase()),
    byThumbprint(other.sha256, sha256),
  ];
  for (const device of devices) assertEquals(outcome({ certificateChain }, { device }), "accepted");
});

Deno.test("authenticate() refuses every protocol level but 4 with code 1", () => {
  for (const protocolLevel of [3, 5]) {
    assertStringIncludes(outcome({ protocolLevel }), "1 InvalidProtocolVersion");
  }
});

Deno.test("authenticate() refuses a client id that is no device id with code 2", () => {
  for (const clientId of ["", "dev-1/module", "x".repeat(129)]) {
    assertStringIncludes(outcome({ clientId }), "2 ArgumentInvalid");
  }
});

Deno.test("authenticate() refuses a missing or malformed user name, or another host's, with code 4", () => {
  assertStringIncludes(outcome({ userName: undefined }), "4 IotHubFormatError");
  assertStringIncludes(outcome({ userName: "hub.example/dev-1/?api=1" }), "4 IotHubFormatError");
  const otherHost = outcome({ userName: "other.example/dev-1/?api-version=2021-04-12" });
  assertEquals(
    otherHost,
    '4 IotHubNotFound: the user name is for "other.example", this hub is "hub.example"',
  );
});

Deno.test("authenticate() refuses a user name of another device than the client id", () => {
  const line = outcome({ userName: "hub.example/dev-2/?api-version=2021-04-12" });
  assertStringIncludes(line, "5 IotHubUnauthorizedAccess");
  assertStringIncludes(line, '"dev-2"');
});

Deno.test("authenticate() refuses a device that is unknown or disabled", () => {
  assertStringIncludes(outcome({}, { device: { ...signed, deviceId: "x" } }), "5 DeviceNotFound");
  const disabled = outcome({}, { device: { ...signed, status: "disabled" } });
  assertEquals(disabled, "5 IotHubUnauthorized: the device is disabled");
});

Deno.test("authenticate() refuses a connection without a certificate", () => {
  const line = outcome({ certificateChain: [] });
  assertEquals(line, "5 IotHubUnauthorized: no client certificate was shown");
});

Deno.test("authenticate() refuses another device's certificate, by thumbprint as well", () => {
  const { certificateChain } = foreign;
  for (const device of [signed, byThumbprint(thumbprints(foreign).sha256)]) {
    const line = outcome({ certificateChain }, { device });
    assertStringIncludes(line, "5 IotHubUnauthorized");
    assertStringIncludes(line, '"dev-2"');
  }
});

Deno.test("authenticate() refuses a thumbprint that is not registered", () => {
  const line = outcome({}, { device: byThumbprint(thumbprints(strange).sha1) });
  assertStringIncludes(line, "5 IotHubUnauthorized: the certificate has another thumbprint");
});

Deno.test("authenticate() refuses a certificate of an unknown authority", () => {
  const line = outcome({ certificateChain: strange.certificateChain });
  assertStringIncludes(line, "5 IotHubUnauthorized");
});

Deno.test("authenticate() refuses an expired or future certificate, by thumbprint as well", () => {
  for (const device of [signed, byThumbprint(thumbprints(own).sha1)]) {
    const longAfter = new Date(Date.now() + 40_000 * dayMs);
    assertStringIncludes(outcome({}, { device, now: longAfter }), "the certificate expired");
    const longBefore = new Date(Date.now() - 40_000 * dayMs);
    assertStringIncludes(outcome({}, { device, now: longBefore }), "not valid before");
  }
});

Deno.test("authenticate() refuses what is no certificate at all", () => {
  const line = outcome({ certificateChain: [new Uint8Array([0x30, 0])] });
  assertStringIncludes(line, "5 IotHubUnauthorized");
});

Deno.test("authenticate() accepts a will only as telemetry of the device at QoS 0 or 1", () => {
  const topic = "devices/dev-1/messages/events/";
  assertEquals(outcome({ will: { topic, qos: 1 } }), "accepted");
  assertStringIncludes(outcome({ will: { topic, qos: 2 } }), "5 ArgumentInvalid");
  assertStringIncludes(outcome({ will: { topic: "x", qos: 0 } }), "5 ArgumentInvalid");
});

Deno.test("authenticate() repeats no control character of the wire in its reason", () => {
  const line = outcome({ userName: "\u001b[31m" });
  assert(!line.includes("\u001b"));
});
