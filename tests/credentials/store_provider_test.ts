import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { Identity } from "../../src/credentials/identity.ts";
import { createProvider, type CredentialSource } from "../../src/credentials/store_provider.ts";
import { CredentialError, PermissionError } from "../../src/errors.ts";

const HOST = "hub.example";
const IDENTITY = Identity.from({ certificateChain: [], privateKey: new Uint8Array(1) });

/** A source that holds one credential for each of these devices at HOST, and says what was opened. */
function sourceOf(...devices: string[]): CredentialSource & { opened: string[] } {
  const opened: string[] = [];
  return {
    opened,
    deviceIds: (_host, limit) => Promise.resolve(devices.slice(0, limit)),
    find: ({ host, deviceId }) => {
      opened.push(`${host}/${deviceId}`);
      return Promise.resolve(devices.includes(deviceId) ? { identity: IDENTITY } : undefined);
    },
  };
}

async function refusal(action: () => Promise<unknown>): Promise<string[]> {
  const error = await assertRejects(action, CredentialError);
  return [error.code, error.why];
}

Deno.test("createProvider() hands out the only credential of the host without a device id", async () => {
  const provide = createProvider(sourceOf("sensor-1"), { host: HOST });
  assertStrictEquals(await provide({ host: HOST, port: 8883 }), IDENTITY);
  assertStrictEquals(await provide({ host: "HUB.example.", port: 8883 }), IDENTITY);
});

Deno.test("createProvider() hands out the credential of the device that is named", async () => {
  const source = sourceOf("sensor-1", "sensor-2");
  const provide = createProvider(source, { host: HOST });
  await provide({ host: HOST, port: 8883, deviceId: "sensor-2" });
  assertEquals(source.opened, ["hub.example/sensor-2"]);
});

Deno.test("createProvider() refuses every host but its own, opening nothing", async () => {
  const source = sourceOf("sensor-1");
  const provide = createProvider(source, { host: HOST });
  for (const host of ["example", "x.hub.example", "hub.example.org", "hub2.example"]) {
    assertEquals(await refusal(() => provide({ host, port: 8883 })), [
      "CREDENTIAL_NOT_FOUND",
      "these credentials are for hub.example only",
    ]);
  }
  assertEquals(source.opened, []);
});

Deno.test("createProvider() refuses another port where it is given one", async () => {
  const provide = createProvider(sourceOf("sensor-1"), { host: HOST, port: 8883 });
  await provide({ host: HOST, port: 8883 });
  assertEquals(await refusal(() => provide({ host: HOST, port: 443 })), [
    "CREDENTIAL_NOT_FOUND",
    "these credentials are for hub.example:8883 only",
  ]);
});

Deno.test("createProvider() refuses to choose among several, names them, and opens none", async () => {
  const source = sourceOf("sensor-1", "sensor-2");
  const provide = createProvider(source, { host: HOST });
  assertEquals(await refusal(() => provide({ host: HOST, port: 8883 })), [
    "CREDENTIAL_AMBIGUOUS",
    "it has several devices: sensor-1, sensor-2",
  ]);
  assertEquals(source.opened, []);
});

Deno.test("createProvider() names ten devices at most", async () => {
  const ids = (count: number) => Array.from({ length: count }, (_, i) => `d${i}`);
  const why = async (count: number) => {
    const provide = createProvider(sourceOf(...ids(count)), { host: HOST });
    return (await refusal(() => provide({ host: HOST, port: 8883 })))[1];
  };
  assertEquals(await why(10), `it has several devices: ${ids(10).join(", ")}`);
  assertEquals(await why(1000), `it has several devices: ${ids(10).join(", ")}, …`);
});

Deno.test("createProvider() says that there is no credential of that host, or of that device", async () => {
  for (const deviceId of [undefined, "sensor-2"]) {
    const devices = deviceId === undefined ? [] : ["sensor-1"];
    const provide = createProvider(sourceOf(...devices), { host: HOST });
    const request = { host: HOST, port: 8883, ...(deviceId && { deviceId }) };
    assertEquals(await refusal(() => provide(request)), [
      "CREDENTIAL_NOT_FOUND",
      "the store holds none",
    ]);
  }
});

Deno.test("createProvider() gives up when the signal has fired", async () => {
  const source = sourceOf("sensor-1");
  const reason = new Error("enough");
  const request = { host: HOST, port: 8883, signal: AbortSignal.abort(reason) };
  assertStrictEquals(
    await createProvider(source, { host: HOST })(request).catch((error: unknown) => error),
    reason,
  );
  assertEquals(source.opened, []);
});

Deno.test({
  name: "createProvider() refuses code that may not reach the host at that port, opening nothing",
  permissions: { net: ["hub.example:8883"] },
  async fn() {
    const source = sourceOf("sensor-1");
    await createProvider(source, { host: HOST })({ host: HOST, port: 8883 });
    source.opened.length = 0;
    const provide = createProvider(source, { host: HOST });
    const error = await assertRejects(() => provide({ host: HOST, port: 443 }), PermissionError);
    assertEquals(error.flag, "--allow-net=hub.example:443");
    const other = createProvider(source, { host: "other.example" });
    await assertRejects(() => other({ host: "other.example", port: 8883 }), PermissionError);
    assertEquals(source.opened, []);
  },
});
