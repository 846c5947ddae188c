import { assertEquals, assertRejects } from "@std/assert";
import { DeviceClient, type DeviceClientOptions } from "../../src/hub/mod.ts";
import { DeadlineError } from "../../src/errors.ts";
import { HubEmulator } from "../../src/emulator/mod.ts";
import { authorityPem, deviceIdentity, testAuthority } from "../_kit/certs.ts";
import { startProxy } from "../_kit/proxies.ts";
import { PeerTransport } from "../_kit/scripted_peer.ts";
import { settled } from "../_kit/virtual_clock.ts";

/** A hub for the device `d1`, and the options that lead there. */
async function startHub() {
  const authority = await testAuthority();
  const hub = await HubEmulator.start({ authority, devices: ["d1"] });
  const options: DeviceClientOptions = {
    host: "localhost",
    port: hub.port,
    deviceId: "d1",
    credentials: await deviceIdentity("d1"),
    caCerts: [authorityPem(authority)],
    reconnect: false,
  };
  return { options, [Symbol.asyncDispose]: () => hub.stop() };
}

Deno.test("DeviceClient.connect() goes through a proxy, which sees only where to", async () => {
  await using hub = await startHub();
  for (const kind of ["http", "socks5"] as const) {
    await using proxy = startProxy({ kind, login: { user: "me", password: "geheim" } });
    const url = `${kind}://me:geheim@127.0.0.1:${proxy.port}`;
    await using device = await DeviceClient.connect({ ...hub.options, proxy: url });
    await device.sendTelemetry({ a: 1 });
    assertEquals(proxy.requests, [`localhost:${hub.options.port}`]);
  }
});

Deno.test("DeviceClient.connect() without delay reaches the hub over node:tls", async () => {
  await using hub = await startHub();
  await using device = await DeviceClient.connect({ ...hub.options, noDelay: true });
  await device.sendTelemetry({ a: 1 });
});

Deno.test("DeviceClient.connect() shows no password of a proxy that it cannot use or that refuses it", async () => {
  await using hub = await startHub();
  await using proxy = startProxy({ kind: "http", login: { user: "me", password: "other" } });
  for (const url of ["https://me:geheim@h:1", `http://me:geheim@127.0.0.1:${proxy.port}`]) {
    const error = await assertRejects(() => DeviceClient.connect({ ...hub.options, proxy: url }));
    assertEquals(Deno.inspect(error).includes("geheim"), false);
  }
});

Deno.test("DeviceClient.connect() with a transport of its own takes no noDelay and no proxy", async () => {
  const transport = new PeerTransport();
  for (const option of [{ noDelay: true }, { proxy: "http://h" }]) {
    const connecting = DeviceClient.connect({ host: "h", deviceId: "d1", transport, ...option });
    await assertRejects(() => connecting, TypeError, "transport of its own");
  }
  assertEquals(transport.peers, []);
});

Deno.test("DeviceClient.connect() and sendTelemetry() keep to their deadlines", async () => {
  const transport = new PeerTransport();
  const options = { host: "h", deviceId: "d1", transport };
  const silent = await assertRejects(
    () => DeviceClient.connect({ ...options, deadlineMs: 1 }),
    DeadlineError,
  );
  assertEquals([silent.phase, silent.deadlineMs], ["connect", 1]);
  const connecting = DeviceClient.connect(options);
  await settled();
  await transport.peer.accept({ sessionPresent: true });
  const device = await connecting;
  const error = await assertRejects(
    () => device.sendTelemetry("x", { deadlineMs: 1 }),
    DeadlineError,
  );
  assertEquals([error.phase, error.deadlineMs], ["publish", 1]);
  await device.close();
  for (const peer of transport.peers) peer.close();
});
