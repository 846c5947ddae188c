/** A deadline of every call that waits for the server, in virtual time. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { MqttClientOptions } from "../../src/client/mod.ts";
import { DeadlineError } from "../../src/errors.ts";
import { memoryOutbox } from "../../src/outbox/mod.ts";
import { type Connection, memoryPair, type Transport } from "../../src/transport/mod.ts";
import { PeerTransport } from "../_kit/scripted_peer.ts";
import { settled } from "../_kit/virtual_clock.ts";
import { Rig } from "./_rig.ts";

/** A client that is connected, and has no timer running. */
async function quiet(options: Partial<MqttClientOptions> = {}): Promise<Rig> {
  const rig = await Rig.connected({ keepAliveSeconds: 0, ...options });
  // The alarm for CONNACK.
  await rig.clock.advance(10_000);
  return rig;
}

/** Time passes until just before a deadline, when nothing has happened yet, and then until it. */
async function pass(rig: Rig, work: Promise<unknown>, ms: number): Promise<DeadlineError> {
  let isSettled = false;
  const settle = () => isSettled = true;
  work.then(settle, settle);
  await rig.clock.advance(ms - 1);
  assert(!isSettled, "it waits until the deadline");
  await rig.clock.advance(1);
  return await assertRejects(() => work, DeadlineError);
}

Deno.test("MqttClient.publish() waits until its deadline, says so, and what has left stays in flight", async () => {
  for (const qos of [1, 2] as const) {
    await using rig = await quiet();
    const publishing = rig.client.publish("t", "x", { qos, deadlineMs: 5000 });
    const { packetId = 0 } = await rig.peer.expect("publish");
    const error = await pass(rig, publishing, 5000);
    assertEquals([error.phase, error.deadlineMs, error.retryable], ["publish", 5000, true]);
    assertStringIncludes(error.message, "within 5000 ms");
    assertStringIncludes(error.remedy, "may still arrive");
    assertEquals(rig.client.metrics().inFlight, 1);
    await rig.peer.send({ type: qos === 1 ? "puback" : "pubrec", packetId });
    if (qos === 2) await rig.peer.send({ type: "pubcomp", packetId });
    assertEquals(rig.client.metrics().inFlight, 0);
    assertEquals([rig.client.state, rig.clock.pending], ["connected", 0]);
  }
});

Deno.test("MqttClient.publish() has no deadline unless it is given one", async () => {
  await using rig = await quiet();
  const publishing = rig.client.publish("t", "x", { qos: 1 });
  const { packetId = 0 } = await rig.peer.expect("publish");
  await rig.clock.advance(1e9);
  await rig.peer.send({ type: "puback", packetId });
  await publishing;
});

Deno.test("MqttClient.publish() that waits for a place until its deadline never leaves", async () => {
  await using rig = await quiet({ maximumInFlight: 1 });
  const first = rig.client.publish("1", "x", { qos: 1 });
  const second = rig.client.publish("2", "x", { qos: 1, deadlineMs: 1000 });
  const { packetId = 0 } = await rig.peer.expect("publish");
  await pass(rig, second, 1000);
  await rig.peer.send({ type: "puback", packetId });
  await first;
  assertEquals(rig.peer.waiting, 0);
});

Deno.test("MqttClient.publish() with an outbox: after the deadline the message is still there, and arrives", async () => {
  const outbox = memoryOutbox();
  await using rig = await quiet({ outbox });
  const publishing = rig.client.publish("t", "x", { qos: 1, deadlineMs: 1000 });
  const { packetId = 0 } = await rig.peer.expect("publish");
  await pass(rig, publishing, 1000);
  assertEquals(outbox.count, 1);
  await rig.peer.send({ type: "puback", packetId });
  assertEquals(outbox.count, 0);
});

Deno.test("MqttClient.publish() with an outbox that takes its time ends when its signal aborts", async () => {
  const outbox = memoryOutbox();
  const slow = Promise.withResolvers<void>();
  const add = outbox.add.bind(outbox);
  outbox.add = (message) => slow.promise.then(() => add(message));
  await using rig = await Rig.connected({ outbox });
  const controller = new AbortController();
  const publishing = rig.client.publish("t", "x", { qos: 1, signal: controller.signal });
  await settled();
  controller.abort(new Error("enough"));
  slow.resolve();
  await assertRejects(() => publishing, Error, "enough");
});

/** A server that takes CONNECT, and then nothing any more. */
class StuckTransport implements Transport {
  readonly address = "stuck:1883";
  connect(): Promise<Connection> {
    const [near, far] = memoryPair();
    void far.write(new Uint8Array([0x20, 2, 0, 0]));
    let writes = 0;
    return Promise.resolve({
      read: (buffer) => near.read(buffer),
      write: () => writes++ === 0 ? Promise.resolve() : new Promise(() => {}),
      close: () => near.close(),
    });
  }
}

Deno.test("MqttClient.publish() at QoS 0 does not wait for the network any longer than its deadline", async () => {
  await using rig = new Rig({ transport: new StuckTransport(), keepAliveSeconds: 0 });
  await rig.client.connect();
  const large = new Uint8Array(100_000);
  await pass(rig, rig.client.publish("t", large, { deadlineMs: 1000 }), 1000);
  const closing = rig.client.close();
  await rig.clock.advance(2500);
  await closing;
});

Deno.test("MqttClient.subscribe() and unsubscribe() wait until their deadline, and an answer then is nobody's", async () => {
  await using rig = await quiet();
  let handled = 0;
  const handler = () => void handled++;
  const subscribing = rig.client.subscribe("a", { deadlineMs: 7000, handler });
  const error = await pass(rig, subscribing, 7000);
  assertEquals([error.phase, error.deadlineMs], ["subscribe", 7000]);
  const { packetId } = await rig.peer.expect("subscribe");
  await rig.peer.send({ type: "suback", packetId, returnCodes: [0] }, {
    type: "publish",
    topic: "a",
    payload: new Uint8Array(),
    qos: 0,
    retain: false,
    dup: false,
  });
  assertEquals([handled, rig.client.state], [0, "connected"]);
  const unsubscribing = rig.client.unsubscribe("a", { deadlineMs: 7000 });
  assertEquals((await pass(rig, unsubscribing, 7000)).phase, "unsubscribe");
  assertEquals(rig.clock.pending, 0);
});

Deno.test("MqttClient.subscribe() that is answered in time leaves no timer behind, and without a deadline it waits", async () => {
  await using rig = await quiet();
  for (const options of [{ deadlineMs: 40_000 }, {}]) {
    const subscribing = rig.client.subscribe("a", options);
    const { packetId } = await rig.peer.expect("subscribe");
    await rig.clock.advance(39_999);
    await rig.peer.send({ type: "suback", packetId, returnCodes: [1] });
    await subscribing;
    assertEquals(rig.clock.pending, 0);
  }
});

Deno.test("MqttClient.subscribe() counts the wait for a connection, too", async () => {
  await using rig = await Rig.connected({ reconnect: { random: () => 1, minimumDelayMs: 90_000 } });
  rig.peer.close();
  await settled();
  assertEquals(rig.client.state, "reconnecting");
  await pass(rig, rig.client.subscribe("a", { deadlineMs: 30_000 }), 30_000);
});

Deno.test("MqttClient.connect() ends at its deadline, wherever it is, and leaves nothing behind", async () => {
  const hung: Transport = {
    address: "hung:1883",
    connect: (signal) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
  };
  for (const transport of [hung, new PeerTransport()]) {
    await using rig = new Rig({ transport });
    const error = await pass(rig, rig.client.connect({ deadlineMs: 4000 }), 4000);
    assertEquals([error.phase, error.code], ["connect", "DEADLINE_EXCEEDED"]);
    assertEquals([rig.client.state, rig.clock.pending], ["disconnected", 0]);
    assertEquals(rig.cause?.code, "DEADLINE_EXCEEDED");
    // At once.
    const again = assertRejects(() => rig.client.connect({ deadlineMs: 10 }), DeadlineError);
    await rig.clock.advance(10);
    await again;
  }
});

Deno.test("MqttClient.switchTransport() ends at its deadline, and the old transport goes on", async () => {
  await using rig = await quiet();
  const other = new PeerTransport();
  const switching = rig.client.switchTransport(other, { deadlineMs: 3000 });
  const error = await pass(rig, switching, 3000);
  assertEquals([error.phase, rig.client.state], ["switch", "connected"]);
  const publishing = rig.client.publish("t", "x", { qos: 1 });
  const { packetId = 0 } = await rig.peer.expect("publish");
  await rig.peer.send({ type: "puback", packetId });
  await publishing;
  for (const peer of other.peers) peer.close();
});

Deno.test("a call with a signal and a deadline ends with whichever comes first", async () => {
  await using rig = await quiet();
  for (const isSignalFirst of [true, false]) {
    const controller = new AbortController();
    const { signal } = controller;
    const publishing = rig.client.publish("t", "x", { qos: 1, signal, deadlineMs: 1000 });
    const outcome = publishing.catch((error) => error.name);
    if (isSignalFirst) controller.abort(new SyntaxError("enough"));
    await rig.clock.advance(1000);
    assertEquals(await outcome, isSignalFirst ? "SyntaxError" : "DeadlineError");
    assertEquals(rig.clock.pending, 0);
  }
});

Deno.test("a deadline that is none is refused, and nothing is sent", async () => {
  await using rig = await Rig.connected();
  for (const deadlineMs of [0, -1, 1.5, NaN, 2 ** 31]) {
    const { client } = rig;
    await assertRejects(() => client.publish("t", "x", { deadlineMs }), RangeError, "deadlineMs");
    await assertRejects(() => client.subscribe("t", { deadlineMs }), RangeError, "deadlineMs");
    await assertRejects(() => client.unsubscribe("t", { deadlineMs }), RangeError, "deadlineMs");
    await assertRejects(() => client.connect({ deadlineMs }), RangeError, "deadlineMs");
  }
  assertEquals(rig.peer.waiting, 0);
});
