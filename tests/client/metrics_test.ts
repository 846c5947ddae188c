import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { ClientMetrics } from "../../src/client/mod.ts";
import { takeMetrics } from "../../src/client/metrics.ts";
import { encodePacket, type Packet, type PublishPacket } from "../../src/codec/mod.ts";
import { OutboxFullError } from "../../src/errors.ts";
import { memoryOutbox } from "../../src/outbox/mod.ts";
import { Counters } from "../../src/session/mod.ts";
import { PeerTransport } from "../_kit/scripted_peer.ts";
import { settled } from "../_kit/virtual_clock.ts";
import { outcomes, Rig } from "./_rig.ts";

const NOTHING: ClientMetrics = {
  sent: 0,
  delivered: 0,
  resent: 0,
  received: 0,
  droppedIncoming: 0,
  droppedOutgoing: 0,
  unexpectedAcknowledgements: 0,
  connectAttempts: 0,
  connects: 0,
  reconnectAttempts: 0,
  reconnects: 0,
  packetsOut: 0,
  packetsIn: 0,
  bytesOut: 0,
  bytesIn: 0,
  inFlight: 0,
  waiting: 0,
  queued: 0,
  outbox: undefined,
};

const CONNACK: Packet = { type: "connack", sessionPresent: false, returnCode: 0 };

function message(topic: string, more: Partial<PublishPacket> = {}): PublishPacket {
  const payload = new Uint8Array(3);
  return { type: "publish", topic, payload, qos: 0, retain: false, dup: false, ...more };
}

/** What is not as in `NOTHING`. */
function changed(metrics: ClientMetrics): Partial<ClientMetrics> {
  return Object.fromEntries(
    Object.entries(metrics).filter(([name, value]) =>
      value !== NOTHING[name as keyof ClientMetrics]
    ),
  );
}

function sizeOf(...packets: Packet[]): number {
  return packets.reduce((size, packet) => size + encodePacket(packet).length, 0);
}

Deno.test("MqttClient.metrics() is all zeros at first, and a copy that nobody can change", async () => {
  await using rig = new Rig();
  const before = rig.client.metrics();
  assertEquals(before, NOTHING);
  assert(Object.isFrozen(before));
  assertThrows(() => Object.assign(before, { sent: 1 }), TypeError);
  await rig.connect();
  assertEquals(before, NOTHING);
});

Deno.test("MqttClient.metrics() counts messages, packets and bytes both ways", async () => {
  await using rig = await Rig.connected();
  const { client, peer } = rig;
  const connect: Packet = {
    type: "connect",
    clientId: "d1",
    cleanSession: true,
    keepAliveSeconds: 60,
  };
  let [bytesOut, bytesIn] = [sizeOf(connect), sizeOf(CONNACK)];
  const base = { connectAttempts: 1, connects: 1 };
  assertEquals(changed(client.metrics()), {
    ...base,
    packetsOut: 1,
    packetsIn: 1,
    bytesOut,
    bytesIn,
  });

  await client.publish("a", "xyz");
  const delivering = client.publish("a", "xyz", { qos: 1 });
  await settled();
  bytesOut += sizeOf(message("a"), message("a", { qos: 1, packetId: 1 }));
  assertEquals(changed(client.metrics()), {
    ...base,
    sent: 2,
    inFlight: 1,
    packetsOut: 3,
    packetsIn: 1,
    bytesOut,
    bytesIn,
  });

  const puback: Packet = { type: "puback", packetId: 1 };
  await peer.send(puback, puback);
  await delivering;
  bytesIn += 2 * sizeOf(puback);
  assertEquals(changed(client.metrics()), {
    ...base,
    sent: 2,
    delivered: 1,
    unexpectedAcknowledgements: 1,
    packetsOut: 3,
    packetsIn: 3,
    bytesOut,
    bytesIn,
  });
});

Deno.test("MqttClient.metrics() counts a QoS 2 message as delivered at PUBCOMP, and as received once", async () => {
  await using rig = await Rig.connected();
  const { client, peer } = rig;
  client.messages();
  const delivering = client.publish("a", "x", { qos: 2 });
  await peer.send({ type: "pubrec", packetId: 1 });
  assertEquals(client.metrics().delivered, 0);
  await peer.send({ type: "pubcomp", packetId: 1 });
  await delivering;
  assertEquals(client.metrics().delivered, 1);
  const incoming = message("b", { qos: 2, packetId: 9 });
  await peer.send(incoming, { ...incoming, dup: true });
  const { received, queued, sent } = client.metrics();
  assertEquals([received, queued, sent], [1, 1, 1]);
});

Deno.test("MqttClient.metrics() does not count subscribing and unsubscribing as messages", async () => {
  await using rig = await Rig.connected();
  const { client, peer } = rig;
  const subscribing = client.subscribe("a", { handler: () => {} });
  await peer.send({ type: "suback", packetId: 1, returnCodes: [0] });
  await subscribing;
  const unsubscribing = client.unsubscribe("a");
  await peer.send({ type: "unsuback", packetId: 2 });
  await unsubscribing;
  const { sent, delivered, packetsOut } = client.metrics();
  assertEquals([sent, delivered, packetsOut], [0, 0, 3]);
});

Deno.test("MqttClient.metrics() counts what nobody takes as dropped, and what waits as queued", async () => {
  await using rig = await Rig.connected();
  const { client, peer } = rig;
  await peer.send(message("a"));
  assertEquals(pick(client.metrics()), { received: 1, droppedIncoming: 1, queued: 0 });
  const messages = client.messages();
  await peer.send(message("a"), message("b"), message("c"));
  assertEquals(pick(client.metrics()), { received: 4, droppedIncoming: 1, queued: 3 });
  await messages.next();
  assertEquals(pick(client.metrics()), { received: 4, droppedIncoming: 1, queued: 2 });
  await messages.return?.();
  assertEquals(pick(client.metrics()), { received: 4, droppedIncoming: 3, queued: 0 });
});

function pick({ received, droppedIncoming, queued }: ClientMetrics) {
  return { received, droppedIncoming, queued };
}

Deno.test("MqttClient.metrics() counts publishes that wait for a place", async () => {
  await using rig = await Rig.connected({ maximumInFlight: 1 });
  const { client, peer } = rig;
  const publishing = ["a", "b", "c"].map((topic) => client.publish(topic, "", { qos: 1 }));
  await settled();
  const { inFlight, waiting, sent } = client.metrics();
  assertEquals([inFlight, waiting, sent], [1, 2, 1]);
  for (const packetId of [1, 2, 3]) await peer.send({ type: "puback", packetId });
  await Promise.all(publishing);
  assertEquals([client.metrics().waiting, client.metrics().delivered], [0, 3]);
});

Deno.test("MqttClient.metrics() goes on counting over connections, and tells which were made again", async () => {
  await using rig = await Rig.connected({ cleanSession: false, reconnect: { random: () => 1 } });
  const { client, clock } = rig;
  const publishing = client.publish("a", "", { qos: 1 });
  await settled();
  const { bytesOut } = client.metrics();
  rig.peer.close();
  await settled();
  assertEquals(client.state, "reconnecting");
  await clock.advance(1000);
  await rig.peer.accept({ sessionPresent: true });
  await rig.peer.send({ type: "puback", packetId: 1 });
  await publishing;
  const metrics = client.metrics();
  const { connectAttempts, connects, reconnectAttempts, reconnects } = metrics;
  assertEquals([connectAttempts, connects, reconnectAttempts, reconnects], [2, 2, 1, 1]);
  assertEquals([metrics.sent, metrics.resent, metrics.delivered], [1, 1, 1]);
  assertEquals(metrics.bytesOut, 2 * bytesOut);
});

Deno.test("MqttClient.metrics() counts attempts that fail, and none of a program's own as made again", async () => {
  await using rig = new Rig();
  const connecting = rig.client.connect();
  await settled();
  await rig.peer.send({ type: "connack", sessionPresent: false, returnCode: 5 });
  await assertRejects(() => connecting);
  await rig.connect();
  const { connectAttempts, connects, reconnectAttempts, reconnects } = rig.client.metrics();
  assertEquals([connectAttempts, connects, reconnectAttempts, reconnects], [2, 1, 0, 0]);
});

Deno.test("MqttClient.metrics() tells what the outbox holds, and counts what was pushed out of it", async () => {
  const outbox = memoryOutbox({ maximumCount: 2, whenFull: "drop-oldest" });
  await using rig = await Rig.connected({ outbox, maximumInFlight: 1 });
  assertEquals(rig.client.metrics().outbox, { count: 0, bytes: 0 });
  const publish = (payload: string) => rig.client.publish("t", payload, { qos: 1 });
  const first = publish("abc");
  await rig.peer.expect("publish");
  const second = publish("def");
  const others = outcomes([publish("ghij"), publish("k")]);
  await assertRejects(() => second, OutboxFullError);
  const { droppedOutgoing, sent, inFlight, outbox: depth } = rig.client.metrics();
  assertEquals([droppedOutgoing, sent, inFlight], [1, 1, 1]);
  assertEquals(depth, { count: outbox.count, bytes: outbox.bytes });
  assertEquals(depth?.count, 2);
  for (const packetId of [1, 2, 3]) await rig.peer.send({ type: "puback", packetId });
  await Promise.all([first, others]);
  assertEquals(rig.client.metrics().outbox, { count: 0, bytes: 0 });
});

Deno.test("MqttClient.metrics() counts another transport's connection as asked for", async () => {
  await using rig = await Rig.connected({ cleanSession: false, reconnect: { random: () => 1 } });
  const { packetsOut, bytesOut, packetsIn, bytesIn } = rig.client.metrics();
  const next = new PeerTransport();
  const switching = rig.client.switchTransport(next);
  await settled();
  await next.peer.accept({ sessionPresent: true });
  await switching;
  assertEquals(changed(rig.client.metrics()), {
    connectAttempts: 2,
    connects: 2,
    packetsOut: 2 * packetsOut,
    bytesOut: 2 * bytesOut,
    packetsIn: 2 * packetsIn,
    bytesIn: 2 * bytesIn,
  });
  next.peer.close();
});

Deno.test("takeMetrics() tells what an outbox holds, and no more of it", () => {
  const outbox = { count: 3, bytes: 99, open: () => {} };
  const metrics = takeMetrics({
    session: { counters: new Counters(), inFlight: 0 },
    inbox: { received: 0, dropped: 0, queued: 0 },
    gate: { size: 0 },
    outbox,
  });
  assertEquals(metrics, { ...NOTHING, outbox: { count: 3, bytes: 99 } });
  assert(Object.isFrozen(metrics.outbox));
});
