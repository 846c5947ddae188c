/**
 * Every rule of the hub emulator, as `mosquitto_pub` sees it: an MQTT client and a TLS library (OpenSSL)
 * that share nothing with this project.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { Buffer } from "node:buffer";
import { createPrivateKey } from "node:crypto";
import { Identity } from "../../src/credentials/identity.ts";
import { type EmulatedDevice, HubEmulator } from "../../src/emulator/mod.ts";
import {
  authorityPem,
  deviceIdentity,
  identityPem,
  strangeIdentity,
  testAuthority,
  thumbprints,
} from "../_kit/certs.ts";
import { type ProcessResult, requireTool, run } from "../_kit/processes.ts";
import { tempFolder } from "../_kit/temp.ts";

const mosquittoPub = await requireTool("mosquitto_pub", "mosquitto-clients");
const topic = "devices/dev-1/messages/events/";

/** One attempt of `mosquitto_pub`, and what the hub is like. What is not said is right. */
interface Attempt {
  devices?: (EmulatedDevice | string)[];
  now?: () => Date;
  /** `null` shows no certificate. */
  identity?: Identity | null;
  clientId?: string;
  userName?: string;
  arguments?: string[];
}

interface Outcome extends ProcessResult {
  /** What the hub logged about the end of it. */
  reason: string | undefined;
  /** How many messages arrived. */
  received: number;
}

async function attempt(options: Attempt = {}): Promise<Outcome> {
  const { devices = ["dev-1"], clientId = "dev-1", identity = await deviceIdentity("dev-1") } =
    options;
  await using folder = await tempFolder();
  await using hub = await HubEmulator.start({
    authority: await testAuthority(),
    devices,
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  const userName = options.userName ?? `${hub.hostname}/${clientId}/?api-version=2021-04-12`;
  const authority = await folder.write("ca.pem", authorityPem(await testAuthority()));
  const certificate = identity === null ? [] : [
    ...["--cert", await folder.write("device.pem", identityPem(identity).cert)],
    ...["--key", await folder.write("device.key", identityPem(identity).key)],
  ];
  const result = await run([
    mosquittoPub,
    ...["-h", "localhost", "-p", `${hub.port}`, "--cafile", authority, ...certificate],
    ...["-i", clientId, "-u", userName, "-m", "hello"],
    ...(options.arguments ?? ["-t", topic, "-q", "1"]),
  ]);
  await untilTheHubIsDone(hub);
  await hub.stop();
  const endings = (await Array.fromAsync(hub.events())).filter((event) =>
    event.type === "refused" || event.type === "misuse"
  );
  const received = await Array.fromAsync(hub.telemetry());
  return { ...result, reason: endings.at(-1)?.why, received: received.length };
}

/** Waits for the hub to log the end of the connection; a hub that never does is stopped, and tells nothing. */
async function untilTheHubIsDone(hub: HubEmulator): Promise<void> {
  const timer = setTimeout(() => hub.stop(), 5_000);
  for await (const { type } of hub.events()) {
    if (type === "refused" || type === "disconnected") break;
  }
  clearTimeout(timer);
}

/** Expects the refusal of CONNECT: return code, mosquitto's words for it, and the hub's reason. */
async function expectRefusal(
  options: Attempt,
  expected: { code: 1 | 2 | 4 | 5; says: string; reason: string },
): Promise<void> {
  const { code, stderr, reason, received } = await attempt(options);
  assertEquals({ code, received }, { code: expected.code, received: 0 }, stderr);
  assertStringIncludes(stderr, expected.says);
  assertStringIncludes(reason ?? "", expected.reason);
}

function expectNotAuthorised(options: Attempt, reason: string): Promise<void> {
  return expectRefusal(options, { code: 5, says: "not authorised", reason });
}

/**
 * A key that passes for the key of dev-1: its public half is that of dev-1, its secret that of dev-2.
 *
 * OpenSSL compares public halves only, so it shows the certificate and signs with the wrong secret.
 */
async function forgeKey(): Promise<Uint8Array> {
  const claimed = (await deviceIdentity("dev-1")).privateKey;
  const { privateKey: owned } = await deviceIdentity("dev-2");
  const secretOf = (key: Uint8Array) => {
    const { d } = createPrivateKey({ key, format: "der", type: "pkcs8" }).export({ format: "jwk" });
    return Buffer.from(d ?? "", "base64url");
  };
  const at = Buffer.from(claimed).indexOf(secretOf(claimed));
  const forged = claimed.slice();
  forged.set(secretOf(owned), at);
  return forged;
}

Deno.test("mosquitto_pub gets a message into the emulator", async () => {
  assertEquals(await attempt(), {
    code: 0,
    stdout: "",
    stderr: "",
    reason: undefined,
    received: 1,
  });
});

Deno.test("mosquitto_pub is let in by thumbprint, whoever signed its certificate", async () => {
  const identity = await strangeIdentity("dev-1");
  for (const primaryThumbprint of Object.values(thumbprints(identity))) {
    const authentication = { type: "selfSigned", primaryThumbprint } as const;
    const devices = [{ deviceId: "dev-1", authentication }];
    const { code, stderr, received } = await attempt({ devices, identity });
    assertEquals({ code, received }, { code: 0, received: 1 }, stderr);
  }
});

Deno.test("mosquitto_pub without a certificate is refused", () =>
  expectNotAuthorised({ identity: null }, "no client certificate"));

Deno.test("mosquitto_pub with a certificate of an unknown authority is refused", async () => {
  const identity = await strangeIdentity("dev-1");
  await expectNotAuthorised({ identity }, "not trusted");
});

Deno.test("mosquitto_pub with an expired certificate is refused", () =>
  expectNotAuthorised({ now: () => new Date("2999-01-01T00:00:00Z") }, "expired"));

Deno.test("mosquitto_pub with a certificate that is not valid yet is refused", () =>
  expectNotAuthorised({ now: () => new Date("1999-01-01T00:00:00Z") }, "not valid before"));

Deno.test("mosquitto_pub with another device's certificate is refused", async () => {
  const identity = await deviceIdentity("dev-2");
  await expectNotAuthorised({ identity, devices: ["dev-1", "dev-2"] }, '"dev-2"');
});

Deno.test("mosquitto_pub with another thumbprint than the registered one is refused", async () => {
  const primaryThumbprint = thumbprints(await strangeIdentity("dev-1")).sha256;
  const authentication = { type: "selfSigned", primaryThumbprint } as const;
  await expectNotAuthorised({ devices: [{ deviceId: "dev-1", authentication }] }, "thumbprint");
});

Deno.test("mosquitto_pub without the intermediate certificate is refused, with it let in", async () => {
  const intermediate = await (await testAuthority()).issueIntermediate("Test Intermediate");
  const { certificateChain, privateKey } = await intermediate.issueDevice("dev-1");
  const complete = await attempt({ identity: Identity.from({ certificateChain, privateKey }) });
  assertEquals([complete.code, complete.received], [0, 1], complete.stderr);
  const identity = Identity.from({ certificateChain: certificateChain.slice(0, 1), privateKey });
  await expectNotAuthorised({ identity }, "not trusted");
});

Deno.test("mosquitto_pub as a disabled device is refused", () => {
  const authentication = { type: "certificateAuthority" } as const;
  const devices: EmulatedDevice[] = [{ deviceId: "dev-1", authentication, status: "disabled" }];
  return expectNotAuthorised({ devices }, "disabled");
});

Deno.test("mosquitto_pub as a device that is not registered is refused", () =>
  expectNotAuthorised({ devices: [] }, "no such device"));

Deno.test("mosquitto_pub with a user name for another hub is refused", () =>
  expectRefusal({ userName: "other.example/dev-1/?api-version=2021-04-12" }, {
    code: 4,
    says: "bad user name or password",
    reason: '"other.example"',
  }));

Deno.test("mosquitto_pub with a user name that names no api-version by date is refused", () =>
  expectRefusal({ userName: "localhost/dev-1/?api-version=newest" }, {
    code: 4,
    says: "bad user name or password",
    reason: "user name",
  }));

Deno.test("mosquitto_pub with another client id than its user name is refused", () =>
  expectNotAuthorised(
    { clientId: "dev-2", userName: "localhost/dev-1/?api-version=2021-04-12" },
    "client id",
  ));

Deno.test("mosquitto_pub with a client id that cannot be a device id is refused", () =>
  expectRefusal({ clientId: "dev-1/x", userName: "localhost/dev-1/?api-version=2021-04-12" }, {
    code: 2,
    says: "identifier rejected",
    reason: "cannot be a device id",
  }));

Deno.test("mosquitto_pub speaking MQTT 3.1 is refused", () =>
  expectRefusal({ arguments: ["-t", topic, "-V", "mqttv31"] }, {
    code: 1,
    says: "unacceptable protocol version",
    reason: "protocol level 3",
  }));

Deno.test("mosquitto_pub speaking MQTT 5 is refused", async () => {
  const { stderr, reason, received } = await attempt({ arguments: ["-t", topic, "-V", "mqttv5"] });
  assertStringIncludes(stderr, "Unsupported Protocol Version");
  assertStringIncludes(reason ?? "", "protocol level 5");
  assertEquals(received, 0);
});

Deno.test("mosquitto_pub that lies about its key does not get past TLS", async () => {
  const { certificateChain } = await deviceIdentity("dev-1");
  const identity = Identity.from({ certificateChain, privateKey: await forgeKey() });
  const { code, stderr, reason, received } = await attempt({ identity });
  assertEquals([code === 0, received], [false, 0], stderr);
  assertStringIncludes(reason ?? "", "the TLS handshake failed");
});

Deno.test("mosquitto_pub to a foreign topic, or at QoS 2, loses the connection", async () => {
  const cases = [
    [["-t", "devices/dev-2/messages/events/", "-q", "1"], "is not its telemetry topic"],
    [["-t", "devices/dev-1/messages/devicebound/", "-q", "1"], "is not its telemetry topic"],
    [["-t", `${topic}a=b c`, "-q", "1"], "malformed property bag"],
    [["-t", topic, "-q", "2"], "QoS 2"],
  ] as const;
  for (const [words, expectedReason] of cases) {
    const { code, stderr, reason, received } = await attempt({ arguments: [...words] });
    assertEquals({ code, received }, { code: 7, received: 0 }, stderr);
    assertStringIncludes(stderr, "connection was lost");
    assertStringIncludes(reason ?? "", expectedReason);
  }
});

Deno.test("mosquitto_pub at QoS 0 to a foreign topic hears nothing and reaches nobody", async () => {
  const words = ["-t", "devices/dev-2/messages/events/", "-q", "0"];
  const { code, reason, received } = await attempt({ arguments: words });
  assertEquals({ code, received }, { code: 0, received: 0 });
  assertStringIncludes(reason ?? "", "is not its telemetry topic");
});

Deno.test("mosquitto_pub with a will that is no telemetry is refused", () =>
  expectNotAuthorised({ arguments: ["-t", topic, "--will-topic", "x"] }, "the will"));
