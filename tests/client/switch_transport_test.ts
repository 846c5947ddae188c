import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { MqttClient } from "../../src/client/mod.ts";
import { encodePacket } from "../../src/codec/mod.ts";
import { ConnectionLostError, ConnectRefusedError } from "../../src/errors.ts";
import type { Connection } from "../../src/transport/mod.ts";
import { PeerTransport } from "../_kit/scripted_peer.ts";
import { settled } from "../_kit/virtual_clock.ts";
import { outcomes, Rig } from "./_rig.ts";

const COMES_BACK = { cleanSession: false, reconnect: { random: () => 1 } };
const PUBACK = { type: "puback", packetId: 1 } as const;

/** A transport that reaches nobody. */
class DeadTransport extends PeerTransport {
  override connect(): Promise<Connection> {
    return Promise.reject(
      new ConnectionLostError("NETWORK_REFUSED", {
        what: "Cannot connect",
        why: "nothing listens there",
        remedy: "Start it.",
      }),
    );
  }
}

/** Begins to go over to another transport, as far as its CONNECT. */
async function begun(rig: Rig, next = new PeerTransport()) {
  const switching = rig.client.switchTransport(next);
  await settled();
  await next.peer.expect("connect");
  return { next, switching };
}

async function accept({ peer }: PeerTransport, { sessionPresent = false } = {}): Promise<void> {
  await peer.send({ type: "connack", sessionPresent, returnCode: 0 });
}

/** The payloads of the next PUBLISHes, with a D behind what was marked as sent before. */
async function arrivals({ peer }: PeerTransport, count: number): Promise<string[]> {
  const payloads: string[] = [];
  for (let i = 0; i < count; i++) {
    const { payload, dup } = await peer.expect("publish");
    payloads.push(new TextDecoder().decode(payload) + (dup ? "D" : ""));
  }
  return payloads;
}

Deno.test("switchTransport() loses nothing, and is no loss of the connection", async () => {
  await using rig = await Rig.connected(COMES_BACK);
  const unacknowledged = rig.client.publish("t", "a", { qos: 1 });
  assertEquals(await arrivals(rig.transport, 1), ["a"]);
  const states = rig.states.length;
  const { next, switching } = await begun(rig);
  // A server closes the old connection when it takes the new one.
  rig.peer.close();
  await settled();
  assertEquals(rig.client.state, "connected");
  await accept(next, { sessionPresent: true });
  await switching;
  assertEquals(await arrivals(next, 1), ["aD"]);
  await next.peer.send(PUBACK);
  await unacknowledged;
  assertEquals(rig.states.slice(states), []);
  assertEquals(rig.transport.peers.length, 1);
});

Deno.test("switchTransport() closes the old connection itself where the server does not", async () => {
  await using rig = await Rig.connected();
  const { next, switching } = await begun(rig);
  await accept(next);
  await switching;
  assertEquals(await rig.peer.receive(), undefined);
  assertEquals(rig.client.state, "connected");
});

Deno.test("What is published while the transport is changed waits for the outcome, at QoS 0 too", async () => {
  await using rig = await Rig.connected();
  const { next, switching } = await begun(rig);
  const published = [0, 1].map((qos) => rig.client.publish("t", `${qos}`, { qos: qos as 0 | 1 }));
  await settled();
  assertEquals(rig.peer.waiting, 0);
  await accept(next);
  await switching;
  assertEquals(await arrivals(next, 2), ["0", "1"]);
  await next.peer.send(PUBACK);
  assertEquals(await outcomes(published), ["done", "done"]);
});

Deno.test("A lost connection is made again over the transport that was changed to", async () => {
  await using rig = await Rig.connected(COMES_BACK);
  const { next, switching } = await begun(rig);
  await accept(next);
  await switching;
  next.peer.close();
  await rig.clock.advance(1000);
  assertEquals([rig.transport.peers.length, next.peers.length], [1, 2]);
  await next.peer.accept();
  assertEquals(rig.client.state, "connected");
});

Deno.test("Messages right behind the CONNACK of the new connection are received, subscriptions asked for again", async () => {
  await using rig = await Rig.connected();
  const topics: string[] = [];
  const subscribing = rig.client.subscribe("a", {
    handler: ({ topic }) => void topics.push(topic),
  });
  await rig.peer.expect("subscribe");
  await rig.peer.send({ type: "suback", packetId: 1, returnCodes: [0] });
  await subscribing;
  const { next, switching } = await begun(rig);
  const publish = { type: "publish", topic: "a", qos: 0, retain: false, dup: false } as const;
  await next.peer.sendBytes(
    new Uint8Array([
      ...encodePacket({ type: "connack", sessionPresent: false, returnCode: 0 }),
      ...encodePacket({ ...publish, payload: new Uint8Array(3) }),
    ]),
  );
  await switching;
  await next.peer.expect("subscribe");
  assertEquals(topics, ["a"]);
});

Deno.test("If the server refuses the new connection the old one goes on, with what waited meanwhile", async () => {
  await using rig = await Rig.connected();
  const { next, switching } = await begun(rig);
  const publishing = rig.client.publish("t", "a", { qos: 1 });
  await next.peer.send({ type: "connack", sessionPresent: false, returnCode: 5 });
  await assertRejects(() => switching, ConnectRefusedError, "not authorized");
  assertEquals(await next.peer.receive(), undefined);
  assertEquals(await arrivals(rig.transport, 1), ["a"]);
  await rig.peer.send(PUBACK);
  await publishing;
});

Deno.test("If the new transport reaches nobody the old connection goes on", async () => {
  await using rig = await Rig.connected();
  assertEquals(await outcomes([rig.client.switchTransport(new DeadTransport())]), [
    "NETWORK_REFUSED",
  ]);
  await rig.client.publish("t", "a");
  assertEquals(await arrivals(rig.transport, 1), ["a"]);
});

Deno.test("If the server refuses the new connection and has closed the old one, that is made again", async () => {
  await using rig = await Rig.connected(COMES_BACK);
  const { next, switching } = await begun(rig);
  rig.peer.close();
  await settled();
  await next.peer.send({ type: "connack", sessionPresent: false, returnCode: 5 });
  await assertRejects(() => switching, ConnectRefusedError);
  assertEquals([rig.client.state, rig.cause?.code], ["reconnecting", "CONNECTION_LOST"]);
  await rig.clock.advance(1000);
  await rig.peer.accept();
  assertEquals([rig.client.state, rig.transport.peers.length], ["connected", 2]);
});

Deno.test("A client that does not come back is disconnected when both connections are gone", async () => {
  await using rig = await Rig.connected({ reconnect: false });
  const { next, switching } = await begun(rig);
  const publishing = rig.client.publish("t", "a", { qos: 1 });
  rig.peer.close();
  next.peer.close();
  assertEquals(await outcomes([switching, publishing]), ["CONNECTION_LOST", "CONNECTION_LOST"]);
  assertEquals(rig.client.state, "disconnected");
});

Deno.test("switchTransport() ends with one clear error whatever the server answers", async () => {
  await using rig = await Rig.connected({ connackDeadlineMs: 5000 });
  const answers: [string, (peer: PeerTransport["peer"]) => unknown][] = [
    ["DEADLINE_EXCEEDED", () => rig.clock.advance(5000)],
    ["CONNECTION_LOST", (peer) => peer.close()],
    ["MQTT_PROTOCOL_VIOLATION", (peer) => peer.send({ type: "pingresp" }, { type: "pingresp" })],
    ["MQTT_MALFORMED_PACKET", (peer) => peer.sendBytes(new Uint8Array([0xff, 1, 2, 3]))],
    ["MQTT_PROTOCOL_VIOLATION", (peer) => peer.sendBytes(new Uint8Array([0x30, 9, 0, 1]))],
  ];
  for (const [code, answer] of answers) {
    const { next, switching } = await begun(rig);
    const outcome = outcomes([switching]);
    await answer(next.peer);
    assertEquals(await outcome, [code]);
    assertEquals(await next.peer.receive(), undefined);
  }
  await rig.client.publish("t", "a");
  assertEquals(await arrivals(rig.transport, 1), ["a"]);
});

Deno.test("A signal ends switchTransport(), and the old connection goes on", async () => {
  await using rig = await Rig.connected();
  const controller = new AbortController();
  const next = new PeerTransport();
  const { signal } = controller;
  const switching = rig.client.switchTransport(next, { signal });
  await settled();
  controller.abort(new Error("enough"));
  await assertRejects(() => switching, Error, "enough");
  await next.peer.expect("connect");
  assertEquals(await next.peer.receive(), undefined);
  await assertRejects(() => rig.client.switchTransport(next, { signal }), Error, "enough");
  assertEquals([next.peers.length, rig.client.state], [1, "connected"]);
});

Deno.test("close() ends switchTransport() and both connections", async () => {
  await using rig = await Rig.connected(COMES_BACK);
  const { next, switching } = await begun(rig);
  const [outcome] = await Promise.all([outcomes([switching]), rig.client.close()]);
  assertEquals([outcome, rig.client.state], [["CONNECTION_CLOSED"], "disconnected"]);
  await rig.peer.expect("disconnect");
  assertEquals(await next.peer.receive(), undefined);
  assertEquals(rig.clock.pending, 0);
});

Deno.test("switchTransport() makes a lost connection again at once, or leaves it to the old transport", async () => {
  await using rig = await Rig.connected(COMES_BACK);
  rig.peer.close();
  await settled();
  assertEquals(rig.client.state, "reconnecting");
  assertEquals(await outcomes([rig.client.switchTransport(new DeadTransport())]), [
    "NETWORK_REFUSED",
  ]);
  assertEquals([rig.client.state, rig.clock.pending], ["reconnecting", 1]);
  const { next, switching } = await begun(rig);
  await accept(next);
  await switching;
  assertEquals(rig.client.state, "connected");
  await rig.clock.advance(20_000);
  assertEquals(rig.transport.peers.length, 1);
});

Deno.test("switchTransport() waits for an attempt to come back that is under way", async () => {
  await using rig = await Rig.connected(COMES_BACK);
  rig.peer.close();
  await rig.clock.advance(1000);
  assertEquals(rig.client.state, "transportConnected");
  const next = new PeerTransport();
  const switching = rig.client.switchTransport(next);
  await rig.peer.accept();
  await settled();
  await next.peer.accept();
  await switching;
  assertEquals([rig.transport.peers.length, next.peers.length], [2, 1]);
});

Deno.test("Taking over one's own connection again and again is no other client of the same id", async () => {
  await using rig = await Rig.connected(COMES_BACK);
  let old = rig.transport;
  for (let i = 0; i < 6; i++) {
    const { next, switching } = await begun(rig);
    old.peer.close();
    await settled();
    await accept(next);
    await switching;
    old = next;
  }
  old.peer.close();
  await settled();
  assertEquals(rig.client.state, "reconnecting");
});

Deno.test("switchTransport() is for a client that has a connection or is on its way back, once at a time", async () => {
  await using rig = new Rig();
  const next = new PeerTransport();
  await assertRejects(() => rig.client.switchTransport(next), TypeError, "the client is initial");
  await rig.connect();
  const { switching } = await begun(rig, next);
  await assertRejects(() => rig.client.switchTransport(next), TypeError, "already");
  await accept(next);
  await switching;
  await rig.client.close();
  await assertRejects(() => rig.client.switchTransport(next), TypeError, "is disconnected");
});

Deno.test("What is asked for on the way may throw: the old connection goes on", async () => {
  let asked = 0;
  const clientId = () => {
    if (asked++ > 0) throw new RangeError("no id");
    return "d1";
  };
  await using rig = await Rig.connected({ clientId });
  const error = await assertRejects(() => rig.client.switchTransport(new PeerTransport()));
  assertInstanceOf(error, RangeError);
  await rig.client.publish("t", "a");
  assertEquals(await arrivals(rig.transport, 1), ["a"]);
});

/** Tells when a connection of it is closed at this end. */
class WatchedTransport extends PeerTransport {
  onclose = () => {};

  override async connect(): Promise<Connection> {
    const connection = await super.connect();
    return {
      read: (buffer) => connection.read(buffer),
      write: (bytes) => connection.write(bytes),
      close: () => {
        connection.close();
        this.onclose();
      },
    };
  }
}

Deno.test("Once the server has accepted the new connection a signal comes too late", async () => {
  const transport = new WatchedTransport();
  await using client = new MqttClient({ transport, clientId: "d1", reconnect: false });
  const connecting = client.connect();
  await settled();
  await transport.peer.accept();
  await connecting;
  const controller = new AbortController();
  transport.onclose = () => controller.abort(new Error("enough"));
  const next = new PeerTransport();
  const switching = client.switchTransport(next, { signal: controller.signal });
  await settled();
  await next.peer.accept();
  await switching;
  await client.publish("t", "a");
  assertEquals(await arrivals(next, 1), ["a"]);
});

Deno.test("close() at the moment of the change closes the new connection in good order", async () => {
  const transport = new WatchedTransport();
  const client = new MqttClient({ transport, clientId: "d1", reconnect: false });
  const connecting = client.connect();
  await settled();
  await transport.peer.accept();
  await connecting;
  let closing: Promise<void> | undefined;
  transport.onclose = () => closing ??= client.close();
  const next = new PeerTransport();
  const switching = outcomes([client.switchTransport(next)]);
  await settled();
  await next.peer.accept();
  await switching;
  await closing;
  assertEquals((await next.peer.receive())?.type, "disconnect");
  assertEquals(await next.peer.receive(), undefined);
  assertEquals(client.state, "disconnected");
});
