/** N13: a machine that slept finds its connections dead, and does not wait for an answer to know. */

import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { KeepAliveTimeoutError } from "../../src/errors.ts";
import { settled } from "../_kit/virtual_clock.ts";
import { Rig } from "./_rig.ts";

/** The alarm rings at 0.9 of 60 s; the server gives up at 1.5. */
const KEEP_ALIVE = { keepAliveSeconds: 60, pingDeadlineMs: 10_000 };

Deno.test("N13 after a sleep the connection is given up at once, and what waited is told", async () => {
  await using rig = await Rig.connected(KEEP_ALIVE);
  const publishing = rig.client.publish("t", "x", { qos: 1 });
  rig.clock.sleep(3_600_000);
  await rig.clock.advance(0);
  assertInstanceOf(rig.cause, KeepAliveTimeoutError);
  assertEquals([rig.cause.code, rig.client.state], ["KEEP_ALIVE_TIMEOUT", "disconnected"]);
  await assertRejects(() => publishing, KeepAliveTimeoutError, "slept");
});

Deno.test("N13 the limit is one and a half keep-alives: before it a ping asks whether anybody is there", async () => {
  for (const [slept, isGivenUp] of [[90_000, false], [90_001, true]] as const) {
    await using rig = await Rig.connected(KEEP_ALIVE);
    rig.clock.sleep(slept);
    await rig.clock.advance(0);
    assertEquals(rig.client.state, isGivenUp ? "disconnected" : "connected");
    if (isGivenUp) continue;
    await rig.peer.expect("pingreq");
    await rig.peer.send({ type: "pingresp" });
    await rig.clock.advance(20_000);
    assertEquals(rig.client.state, "connected");
  }
});

Deno.test("N13 who publishes right after waking is not fooled by having sent something", async () => {
  await using rig = await Rig.connected(KEEP_ALIVE);
  rig.clock.sleep(3_600_000);
  await rig.client.publish("t", "still here?");
  await rig.clock.advance(0);
  assertEquals(rig.cause?.code, "KEEP_ALIVE_TIMEOUT");
});

Deno.test("N13 a server that was heard after waking is there: nothing is given up", async () => {
  await using rig = await Rig.connected(KEEP_ALIVE);
  await rig.clock.advance(50_000);
  rig.clock.sleep(40_000);
  await rig.peer.send({ type: "pingresp" });
  await rig.client.publish("t", "x");
  await rig.clock.advance(0);
  assertEquals(rig.client.state, "connected");
});

Deno.test("N13 the connection is made again, and what was under way is sent again", async () => {
  await using rig = await Rig.connected({
    ...KEEP_ALIVE,
    cleanSession: false,
    reconnect: { random: () => 0 },
  });
  const publishing = rig.client.publish("t", "x", { qos: 1 });
  await rig.peer.expect("publish");
  rig.clock.sleep(3_600_000);
  await rig.clock.advance(0);
  await settled();
  await rig.peer.accept({ sessionPresent: true });
  const { packetId = 0, dup } = await rig.peer.expect("publish");
  assertEquals(dup, true);
  await rig.peer.send({ type: "puback", packetId });
  await publishing;
});

Deno.test("N13 a sleep while CONNACK is awaited is a deadline that has passed", async () => {
  await using rig = new Rig({ connackDeadlineMs: 5000 });
  const connecting = assertRejects(() => rig.client.connect(), Error, "CONNACK");
  await settled();
  rig.clock.sleep(3_600_000);
  await rig.clock.advance(0);
  await connecting;
});

Deno.test("N13 with keep-alive switched off nothing is given up", async () => {
  await using rig = await Rig.connected({ keepAliveSeconds: 0 });
  rig.clock.sleep(3_600_000);
  await rig.clock.advance(0);
  assertEquals(rig.client.state, "connected");
});
