/** Where several things happen to a client at once: each was found to go wrong, or nearly. */

import { assertEquals } from "@std/assert";
import type { PublishPacket } from "../../src/codec/mod.ts";
import { settled } from "../_kit/virtual_clock.ts";
import { outcomes, Rig } from "./_rig.ts";
import { ReturningRig } from "./_returning_rig.ts";

function incoming(packetId: number, topic = "t"): PublishPacket {
  const payload = new Uint8Array();
  return { type: "publish", topic, payload, qos: 1, retain: false, dup: false, packetId };
}

Deno.test("MqttClient lets a publish leave when SUBACK has made room for it", async () => {
  await using rig = await Rig.connected({ maximumInFlight: 1, keepAliveSeconds: 0 });
  const subscribing = rig.client.subscribe("a");
  const publishing = rig.client.publish("t", "x", { qos: 1 });
  const { packetId } = await rig.peer.expect("subscribe");
  await rig.peer.send({ type: "suback", packetId, returnCodes: [0] });
  await subscribing;
  assertEquals(rig.peer.waiting, 1);
  await rig.peer.send({
    type: "puback",
    packetId: (await rig.peer.expect("publish")).packetId ?? 0,
  });
  await publishing;
});

Deno.test("MqttClient asks for its subscriptions when the program connects again, too", async () => {
  for (const reconnect of [false, {}] as const) {
    await using rig = await Rig.connected({ reconnect });
    const subscribing = rig.client.subscribe("a", { handler() {} });
    const { packetId } = await rig.peer.expect("subscribe");
    await rig.peer.send({ type: "suback", packetId, returnCodes: [0] });
    await subscribing;
    await rig.client.close();
    await rig.connect();
    assertEquals((await rig.peer.expect("subscribe")).subscriptions, [{
      topicFilter: "a",
      qos: 0,
    }]);
  }
});

Deno.test("MqttClient.unsubscribe() ends a subscription though the server forgets the session meanwhile", async () => {
  await using rig = await ReturningRig.connected();
  const subscribing = rig.client.subscribe("a");
  const { packetId } = await rig.peer.expect("subscribe");
  await rig.peer.send({ type: "suback", packetId, returnCodes: [0] });
  await subscribing;
  const unsubscribing = rig.client.unsubscribe("a");
  await rig.peer.expect("unsubscribe");
  await rig.lose();
  await rig.comeBack({ sessionPresent: false });
  const again = await rig.peer.expect("unsubscribe");
  await rig.peer.send({ type: "unsuback", packetId: again.packetId });
  await unsubscribing;
  assertEquals(rig.peer.waiting, 0, "and is not asked for after it");
});

Deno.test("MqttClient gives up, and says why, when shouldRetry throws", async () => {
  await using rig = await ReturningRig.connected({
    reconnect: {
      shouldRetry() {
        throw new Error("a mistake");
      },
    },
  });
  const publishing = outcomes([rig.client.publish("t", "x", { qos: 1 })]);
  await rig.peer.expect("publish");
  await rig.lose();
  assertEquals(await publishing, ["CONNECTION_LOST"]);
  assertEquals([rig.client.state, (rig.cause?.cause as Error).message], [
    "disconnected",
    "a mistake",
  ]);
});

Deno.test("MqttClient.close() wins over CONNACK that comes at the same time, whatever shouldRetry says", async () => {
  for (let turns = 0; turns < 40; turns++) {
    await using rig = await ReturningRig.connected({
      reconnect: { random: () => 1, shouldRetry: () => true },
    });
    await rig.lose();
    await rig.clock.advance(1000);
    await rig.peer.expect("connect");
    const sending = rig.peer.send({ type: "connack", sessionPresent: true, returnCode: 0 });
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    const closing = rig.client.close();
    await rig.clock.advance(100_000);
    await Promise.all([closing, sending]);
    assertEquals(rig.client.state, "disconnected", `after ${turns} turns`);
  }
});

Deno.test("MqttClient does not call a handler again and again with a message that it works on, while the connection flaps", async () => {
  await using rig = await ReturningRig.connected({
    reconnect: { random: () => 0.001, shouldRetry: () => true },
  });
  const work = Promise.withResolvers<void>();
  let calls = 0;
  const handler = () => {
    calls++;
    return work.promise;
  };
  const subscribing = rig.client.subscribe("t", { qos: 1, handler });
  const { packetId } = await rig.peer.expect("subscribe");
  await rig.peer.send({ type: "suback", packetId, returnCodes: [1] });
  await subscribing;
  await rig.peer.send(incoming(7));
  for (let lost = 0; lost < 10; lost++) {
    await rig.lose();
    await rig.comeBack({ afterMs: 100 });
    await rig.peer.send({ ...incoming(7), dup: true });
  }
  assertEquals([calls, rig.peer.waiting], [1, 0]);
  work.resolve();
  await settled();
  assertEquals(await rig.peer.expect("puback"), { type: "puback", packetId: 7 });
});

Deno.test("MqttClient.subscribe() that was given up takes back what the server grants all the same", async () => {
  await using rig = await ReturningRig.connected();
  const controller = new AbortController();
  const calls: string[] = [];
  const ending = outcomes([
    rig.client.subscribe("a", { handler: () => void calls.push("a"), signal: controller.signal }),
  ]);
  const { packetId } = await rig.peer.expect("subscribe");
  controller.abort({ code: "ENOUGH" });
  assertEquals(await ending, ["ENOUGH"]);
  // It was asked for again before the answer came.
  const again = rig.client.subscribe("a", { handler: () => void calls.push("again") });
  await rig.peer.send({ type: "suback", packetId, returnCodes: [0] });
  const unsubscribe = await rig.peer.expect("unsubscribe");
  await rig.peer.send({ type: "unsuback", packetId: unsubscribe.packetId });
  const second = await rig.peer.expect("subscribe");
  await rig.peer.send({ type: "suback", packetId: second.packetId, returnCodes: [0] });
  await again;
  await rig.peer.send(incoming(1, "a"));
  assertEquals(calls, ["again"]);
});

Deno.test("MqttClient.subscribe() that was given up leaves a subscription alone that was there before", async () => {
  await using rig = await ReturningRig.connected();
  const calls: string[] = [];
  const subscribing = rig.client.subscribe("a", { handler: () => void calls.push("first") });
  const { packetId } = await rig.peer.expect("subscribe");
  await rig.peer.send({ type: "suback", packetId, returnCodes: [0] });
  await subscribing;
  const controller = new AbortController();
  const { signal } = controller;
  const ending = outcomes([
    rig.client.subscribe("a", { handler: () => void calls.push("second"), signal }),
    rig.client.subscribe("b", { signal: AbortSignal.abort({ code: "BEFORE" }) }),
  ]);
  await rig.peer.expect("subscribe");
  controller.abort({ code: "ENOUGH" });
  assertEquals(await ending, ["ENOUGH", "BEFORE"]);
  await rig.peer.send(incoming(1, "a"));
  assertEquals([calls, (await rig.peer.expect("puback")).packetId], [["first"], 1]);
  assertEquals(rig.peer.waiting, 0);
});
