/** Whoever is asked on the way to a connection may never answer: neither a signal nor close() waits for that. */

import { assert, assertEquals } from "@std/assert";
import { memoryPair } from "../../src/transport/mod.ts";
import { settled } from "../_kit/virtual_clock.ts";
import { ReturningRig } from "./_returning_rig.ts";

Deno.test("MqttClient.close() does not wait for a transport that does not listen to its signal", async () => {
  const rig = await ReturningRig.connected();
  rig.transport.connect = () => new Promise(() => {});
  await rig.lose();
  await rig.clock.advance(1000);
  assertEquals(rig.client.state, "transportConnecting");
  let isClosed = false;
  void rig.client.close().then(() => isClosed = true);
  await rig.clock.advance(10_000);
  assert(isClosed);
});

Deno.test("A connection that comes when nobody waits for it any more is closed", async () => {
  const rig = await ReturningRig.connected();
  const [near, far] = memoryPair();
  const { promise, resolve } = Promise.withResolvers<typeof near>();
  rig.transport.connect = () => promise;
  await rig.lose();
  await rig.clock.advance(1000);
  await rig.client.close();
  resolve(near);
  assertEquals(await far.read(new Uint8Array(1)), null);
});

Deno.test("switchTransport() whose client id never comes ends with its signal, and with close()", async () => {
  let isStuck = false;
  const rig = await ReturningRig.connected({
    clientId: () => isStuck ? new Promise<string>(() => {}) : "d1",
  });
  isStuck = true;
  const controller = new AbortController();
  let ended = 0;
  void rig.client.switchTransport(rig.transport, { signal: controller.signal }).catch(() =>
    ended++
  );
  await settled();
  controller.abort(new Error("enough"));
  await settled();
  const closing = rig.client.close();
  void closing.then(() => ended++);
  await rig.clock.advance(10_000);
  assertEquals(ended, 2);
});
