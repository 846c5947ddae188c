import { assert, assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import type { SubscriptionLostEvent } from "../../src/client/mod.ts";
import type { PublishPacket } from "../../src/codec/mod.ts";
import { ConnectionLostError, DuplicateIdentityError, ProtocolError } from "../../src/errors.ts";
import { ReturningRig as Rig } from "./_returning_rig.ts";

const BODY = new Uint8Array([1]);

Deno.test("MqttClient comes back after a lost connection, by itself and after a delay", async () => {
  await using rig = await Rig.connected();
  await rig.lose();
  assertEquals([rig.client.state, rig.states, rig.causes], [
    "reconnecting",
    ["reconnecting"],
    ["CONNECTION_LOST"],
  ]);
  await rig.clock.advance(999);
  assertEquals(rig.transport.attempts.length, 1);
  await rig.comeBack({ afterMs: 1 });
  assertEquals(rig.states, [
    "reconnecting",
    "transportConnecting",
    "transportConnected",
    "connected",
  ]);
});

Deno.test("MqttClient sends again what was not acknowledged; its promise resolves as if nothing had been", async () => {
  await using rig = await Rig.connected();
  const publishing = rig.client.publish("t", BODY, { qos: 1 });
  const { packetId } = await rig.peer.expect("publish");
  await rig.lose();
  await rig.comeBack();
  const again = await rig.peer.expect("publish");
  assertEquals([again.packetId, again.dup], [packetId, true]);
  await rig.peer.send({ type: "puback", packetId: packetId ?? 0 });
  await publishing;
});

Deno.test("MqttClient delivers a QoS 2 message once, wherever the connection is lost [MQTT-4.3.3-1]", async () => {
  await using rig = await Rig.connected();
  const publishing = rig.client.publish("t", BODY, { qos: 2 });
  const { packetId = 0 } = await rig.peer.expect("publish");
  await rig.lose();
  await rig.comeBack();
  assertEquals((await rig.peer.expect("publish")).dup, true);
  await rig.peer.send({ type: "pubrec", packetId });
  await rig.peer.expect("pubrel");
  await rig.lose();
  await rig.comeBack({ afterMs: 2000 });
  assertEquals(await rig.peer.expect("pubrel"), { type: "pubrel", packetId });
  await rig.peer.send({ type: "pubcomp", packetId });
  await publishing;
});

Deno.test("MqttClient.publish() waits for the connection at QoS 1, and keeps the order", async () => {
  await using rig = await Rig.connected();
  const first = rig.client.publish("1", BODY, { qos: 1 });
  await rig.peer.expect("publish");
  await rig.lose();
  const second = rig.client.publish("2", BODY, { qos: 1 });
  await rig.comeBack();
  const topics = [await rig.peer.expect("publish"), await rig.peer.expect("publish")];
  assertEquals(topics.map(({ topic, dup }) => [topic, dup]), [["1", true], ["2", false]]);
  for (const { packetId = 0 } of topics) await rig.peer.send({ type: "puback", packetId });
  await Promise.all([first, second]);
});

Deno.test("MqttClient.publish() rejects at QoS 0 while there is no connection, and what its signal ends", async () => {
  await using rig = await Rig.connected();
  await rig.lose();
  const error = await assertRejects(() => rig.client.publish("t", BODY), ConnectionLostError);
  assertEquals(error.why, "the client is reconnecting");
  const controller = new AbortController();
  const { signal } = controller;
  const publishing = rig.client.publish("t", BODY, { qos: 1, signal });
  controller.abort(new Error("enough"));
  await assertRejects(() => publishing, Error, "enough");
});

Deno.test("MqttClient asks for its subscriptions again when the server has kept no session, and only then", async () => {
  await using rig = await Rig.connected();
  const got: string[] = [];
  const subscribing = rig.client.subscribe("a/#", {
    qos: 1,
    handler: ({ topic }) => void got.push(topic),
  });
  const { packetId } = await rig.peer.expect("subscribe");
  await rig.peer.send({ type: "suback", packetId, returnCodes: [1] });
  await subscribing;
  await rig.lose();
  await rig.comeBack({ sessionPresent: true });
  assertEquals(rig.peer.waiting, 0);
  await rig.lose();
  await rig.comeBack({ sessionPresent: false, afterMs: 2000 });
  const again = await rig.peer.expect("subscribe");
  assertEquals(again.subscriptions, [{ topicFilter: "a/#", qos: 1 }]);
  await rig.peer.send({ type: "suback", packetId: again.packetId, returnCodes: [1] });
  await rig.peer.send(incoming("a/b"));
  assertEquals(got, ["a/b"]);
});

Deno.test("MqttClient asks for many subscriptions in several packets, and not for those it has given up", async () => {
  await using rig = await Rig.connected();
  const filters = Array.from({ length: 10 }, (_, index) => `f/${index}`);
  for (const filter of filters) {
    const subscribing = rig.client.subscribe(filter);
    const { packetId } = await rig.peer.expect("subscribe");
    await rig.peer.send({ type: "suback", packetId, returnCodes: [0] });
    await subscribing;
  }
  const unsubscribing = rig.client.unsubscribe("f/3");
  await rig.peer.send({
    type: "unsuback",
    packetId: (await rig.peer.expect("unsubscribe")).packetId,
  });
  await unsubscribing;
  await rig.lose();
  await rig.comeBack({ sessionPresent: false });
  const asked = [await rig.peer.expect("subscribe"), await rig.peer.expect("subscribe")];
  assertEquals(asked.map(({ subscriptions }) => subscriptions.length), [8, 1]);
  assertEquals(
    asked.flatMap(({ subscriptions }) => subscriptions.map(({ topicFilter }) => topicFilter)),
    filters.filter((filter) => filter !== "f/3"),
  );
});

Deno.test("MqttClient says which subscription the server does not take up again, and asks no more for it", async () => {
  await using rig = await Rig.connected();
  const lost: SubscriptionLostEvent[] = [];
  rig.client.addEventListener("subscriptionlost", (event) => lost.push(event));
  const subscribing = rig.client.subscribe("secret");
  const { packetId } = await rig.peer.expect("subscribe");
  await rig.peer.send({ type: "suback", packetId, returnCodes: [0] });
  await subscribing;
  await rig.lose();
  await rig.comeBack({ sessionPresent: false });
  const again = await rig.peer.expect("subscribe");
  await rig.peer.send({ type: "suback", packetId: again.packetId, returnCodes: [128] });
  assertEquals(lost.map(({ topicFilter }) => topicFilter), ["secret"]);
  assertInstanceOf(lost[0]?.error, ProtocolError);
  await rig.lose();
  await rig.comeBack({ sessionPresent: false, afterMs: 2000 });
  assertEquals(rig.peer.waiting, 0);
});

Deno.test("MqttClient.subscribe() waits for the connection, and is asked again when it is lost before the answer", async () => {
  await using rig = await Rig.connected();
  await rig.lose();
  const subscribing = rig.client.subscribe("a");
  await rig.comeBack();
  await rig.peer.expect("subscribe");
  await rig.lose();
  await rig.comeBack({ sessionPresent: false, afterMs: 2000 });
  const { packetId } = await rig.peer.expect("subscribe");
  await rig.peer.send({ type: "suback", packetId, returnCodes: [0] });
  assertEquals(await subscribing, { topicFilter: "a", qos: 0 });
  assertEquals(rig.peer.waiting, 0);
});

Deno.test("MqttClient.messages() goes on over a lost connection, and ends when the client is closed", async () => {
  await using rig = await Rig.connected();
  const messages = rig.client.messages();
  const next = messages.next();
  await rig.lose();
  await rig.comeBack();
  await rig.peer.send(incoming("a"));
  assertEquals((await next).value?.topic, "a");
  const end = messages.next();
  await rig.client.close();
  assertEquals((await end).done, true);
});

Deno.test("MqttClient waits longer and longer, up to a limit, and does not storm", async () => {
  await using rig = await Rig.connected({
    reconnect: { random: () => 1, minimumDelayMs: 1000, maximumDelayMs: 10_000 },
  });
  rig.transport.isDown = true;
  await rig.lose();
  await rig.clock.advance(60_000);
  const waits = rig.transport.attempts.slice(1).map((at, i) =>
    at - (rig.transport.attempts[i] ?? 0)
  );
  assertEquals(waits, [1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 10_000]);
});

Deno.test("MqttClient begins with short delays again after a connection of a minute, and not before", async () => {
  await using rig = await Rig.connected();
  await rig.lose();
  await rig.comeBack({ afterMs: 1000 });
  await rig.clock.advance(59_999);
  await rig.lose();
  await rig.comeBack({ afterMs: 2000 });
  await rig.clock.advance(60_000);
  await rig.lose();
  await rig.comeBack({ afterMs: 1000 });
  assertEquals(rig.client.state, "connected");
});

Deno.test("N10: MqttClient takes three losses right after success for another client with its id, and stops", async () => {
  await using rig = await Rig.connected();
  const messages = rig.client.messages().next();
  const publishing = rig.client.publish("t", BODY, { qos: 1 });
  for (const afterMs of [1000, 2000]) {
    await rig.lose();
    await rig.comeBack({ afterMs });
  }
  await rig.lose();
  assertEquals([rig.client.state, rig.causes.at(-1)], ["disconnected", "DUPLICATE_IDENTITY"]);
  await assertRejects(() => publishing, DuplicateIdentityError);
  await assertRejects(() => messages, DuplicateIdentityError);
  assertEquals(rig.clock.pending, 0);
});

Deno.test("MqttClient stops at a failure that cannot be mended by trying again", async () => {
  await using rig = await Rig.connected();
  const publishing = rig.client.publish("t", BODY, { qos: 1 });
  await rig.lose();
  await rig.clock.advance(1000);
  await rig.peer.expect("connect");
  await rig.peer.send({ type: "connack", sessionPresent: false, returnCode: 5 });
  assertEquals([rig.client.state, rig.causes.at(-1)], ["disconnected", "MQTT_CONNECT_REFUSED"]);
  await assertRejects(() => publishing, Error, "");
});

Deno.test("MqttClient asks shouldRetry what to try again, whatever the failure", async () => {
  const seen: [string, number][] = [];
  await using rig = await Rig.connected({
    reconnect: {
      random: () => 0,
      shouldRetry: ({ code }, failures) => {
        seen.push([code, failures]);
        return failures < 4;
      },
    },
  });
  rig.transport.isDown = true;
  await rig.lose();
  await rig.clock.advance(0);
  assertEquals(rig.client.state, "disconnected");
  assertEquals(seen, [
    ["CONNECTION_LOST", 1],
    ["NETWORK_REFUSED", 2],
    ["NETWORK_REFUSED", 3],
    ["NETWORK_REFUSED", 4],
  ]);
});

Deno.test("MqttClient.connect() does not try again what failed at first", async () => {
  const rig = new Rig();
  rig.transport.isDown = true;
  await assertRejects(() => rig.client.connect(), ConnectionLostError);
  await rig.clock.advance(200_000);
  assertEquals([rig.client.state, rig.transport.attempts.length], ["disconnected", 1]);
});

Deno.test("MqttClient.close() ends coming back: while it waits, and while it connects", async () => {
  for (const afterMs of [500, 1000]) {
    const rig = await Rig.connected();
    const publishing = rig.client.publish("t", BODY, { qos: 1 });
    await rig.lose();
    const waiting = rig.client.publish("t", BODY, { qos: 1 });
    await rig.clock.advance(afterMs);
    const both = Promise.allSettled([publishing, waiting]);
    await rig.client.close();
    for (const result of await both) {
      assert(result.status === "rejected");
      assertEquals(result.reason.code, "CONNECTION_CLOSED");
    }
    assertEquals([rig.client.state, rig.clock.pending], ["disconnected", 0]);
    await rig.clock.advance(200_000);
    assertEquals(rig.client.state, "disconnected");
    for (const peer of rig.transport.peers) peer.close();
  }
});

Deno.test("MqttClient with reconnect false stays disconnected", async () => {
  await using rig = await Rig.connected({ reconnect: false });
  await rig.lose();
  assertEquals([rig.client.state, rig.clock.pending], ["disconnected", 0]);
});

Deno.test("new MqttClient() refuses delays that make no sense", () => {
  for (
    const reconnect of [
      { minimumDelayMs: 0 },
      { minimumDelayMs: NaN },
      { maximumDelayMs: 10 },
      { maximumDelayMs: 2 ** 31 },
    ]
  ) {
    assertThrows(() => new Rig({ reconnect }), RangeError, "Cannot reconnect");
  }
});

function incoming(topic: string): PublishPacket {
  return { type: "publish", topic, payload: BODY, qos: 0, retain: false, dup: false };
}
