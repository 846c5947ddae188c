/**
 * What a client makes of a server and a network that fail: the N cases of the list of faults, by number, in virtual
 * time. Those of real sockets are in `network_faults_test.ts`, those of TLS in `tests/transport/faults_test.ts`.
 */

import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { encodePacket, type PublishPacket } from "../../src/codec/mod.ts";
import {
  ConnectionLostError,
  DeadlineError,
  KeepAliveTimeoutError,
  MalformedPacketError,
  ProtocolError,
} from "../../src/errors.ts";
import { outcomes, Rig } from "./_rig.ts";
import { settled } from "../_kit/virtual_clock.ts";

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function message(qos: 0 | 1 | 2, packetId?: number): PublishPacket {
  const packet: PublishPacket = {
    type: "publish",
    topic: "t",
    payload: bytes("x"),
    qos,
    retain: false,
    dup: false,
  };
  return packetId === undefined ? packet : { ...packet, packetId };
}

// ── N3: CONNACK that is late ───────────────────────────────────────────────────────────────────

Deno.test("N3 CONNACK that comes 1 ms before its deadline is in time", async () => {
  await using rig = new Rig({ connackDeadlineMs: 5000 });
  const connecting = rig.client.connect();
  await settled();
  await rig.clock.advance(4999);
  await rig.peer.accept();
  await connecting;
  await rig.clock.advance(10_000);
  assertEquals(rig.client.state, "connected");
});

Deno.test("N3 CONNACK that comes 1 ms after its deadline changes nothing, and the next attempt has a connection of its own", async () => {
  await using rig = new Rig({ connackDeadlineMs: 5000 });
  const connecting = assertRejects(() => rig.client.connect(), DeadlineError);
  await settled();
  const late = rig.peer;
  await late.expect("connect");
  await rig.clock.advance(5000);
  const error = await connecting;
  assertEquals([error.phase, error.deadlineMs, error.retryable], ["connack", 5000, true]);
  assertStrictEquals(rig.cause, error);
  await rig.clock.advance(1);
  await late.send({ type: "connack", sessionPresent: false, returnCode: 0 });
  assertEquals(rig.states, ["transportConnecting", "transportConnected", "disconnected"]);
  assertEquals([await late.receive(), rig.clock.pending], [undefined, 0]);
  await rig.connect();
  assertEquals([rig.transport.peers.length, rig.client.state], [2, "connected"]);
});

Deno.test("N3 CONNACK that drips in byte by byte does not put its deadline off", async () => {
  await using rig = new Rig({ connackDeadlineMs: 5000 });
  const connecting = assertRejects(() => rig.client.connect(), DeadlineError);
  await settled();
  for (const byte of [0x20, 2, 0]) {
    await rig.clock.advance(2000);
    await rig.peer.sendBytes(new Uint8Array([byte]));
  }
  assertEquals((await connecting).phase, "connack");
  assertEquals(rig.clock.now(), 6000);
  assertEquals(rig.clock.pending, 0);
});

Deno.test("N3 a server that closes in the middle of CONNACK", async () => {
  for (const count of [0, 1, 3]) {
    await using rig = new Rig();
    const connecting = assertRejects(() => rig.client.connect(), ConnectionLostError);
    await settled();
    await rig.peer.sendBytes(new Uint8Array([0x20, 2, 0]).subarray(0, count));
    rig.peer.close();
    const error = await connecting;
    assertEquals([error.code, error.retryable, rig.clock.pending], ["CONNECTION_LOST", true, 0]);
  }
});

// ── N4: a server that does not speak MQTT ──────────────────────────────────────────────────────

const NO_MQTT: [name: string, greeting: Uint8Array][] = [
  ["HTTP", bytes("HTTP/1.1 400 Bad Request\r\n\r\n")],
  ["SSH", bytes("SSH-2.0-OpenSSH_9.6\r\n")],
  ["SMTP", bytes(`220 mail.example ESMTP ${"ready ".repeat(9)}\r\n`)],
  ["a TLS alert", new Uint8Array([0x15, 3, 3, 0, 2, 2, 70])],
  ["zeros", new Uint8Array(8)],
];

for (const [name, greeting] of NO_MQTT) {
  Deno.test(`N4 a server that answers CONNECT with ${name}`, async () => {
    await using rig = new Rig();
    const connecting = assertRejects(() => rig.client.connect());
    await settled();
    await rig.peer.expect("connect");
    await rig.peer.sendBytes(greeting);
    const error = await connecting;
    assert(error instanceof MalformedPacketError || error instanceof ProtocolError, `${error}`);
    assertEquals(await rig.peer.receive(), undefined);
    assertEquals([rig.client.state, rig.clock.pending], ["disconnected", 0]);
  });
}

// ── N5 to N7: what a lost connection does to what was under way ────────────────────────────────

Deno.test("N5 a server that drops between PUBLISH and PUBACK: the promise settles, with the reason", async () => {
  for (const qos of [1, 2] as const) {
    await using rig = await Rig.connected({ cleanSession: false });
    const publishing = outcomes([rig.client.publish("t", "x", { qos })]);
    await rig.peer.expect("publish");
    rig.peer.close();
    assertEquals(await publishing, ["CONNECTION_LOST"]);
  }
});

Deno.test("N6 PUBACK twice, PUBCOMP twice, PUBREC after PUBCOMP: each promise resolves once, nothing else is touched", async () => {
  await using rig = await Rig.connected();
  const first = rig.client.publish("t", "x", { qos: 1 });
  const { packetId } = await rig.peer.expect("publish");
  assert(packetId !== undefined);
  await rig.peer.send({ type: "puback", packetId }, { type: "puback", packetId });
  await first;
  const second = rig.client.publish("t", "y", { qos: 2 });
  const { packetId: id } = await rig.peer.expect("publish");
  assert(id !== undefined);
  await rig.peer.send({ type: "pubrec", packetId: id }, { type: "pubrec", packetId: id });
  await rig.peer.expect("pubrel");
  await rig.peer.expect("pubrel");
  await rig.peer.send({ type: "pubcomp", packetId: id }, { type: "pubcomp", packetId: id });
  await second;
  await rig.peer.send({ type: "puback", packetId: id }, { type: "puback", packetId: 60_000 });
  assertEquals([rig.client.state, rig.peer.waiting], ["connected", 0]);
});

Deno.test("N7 a server that has kept no session says so, and its message identifiers are new ones", async () => {
  await using rig = await Rig.connected({ cleanSession: false });
  const topics: string[] = [];
  void (async () => {
    for await (const { topic } of rig.client.messages()) topics.push(topic);
  })().catch(() => "the connection is cut on purpose");
  await rig.peer.send({ ...message(2, 7), topic: "before" });
  await rig.peer.expect("pubrec");
  rig.peer.close();
  await settled();
  const iterating = (async () => {
    for await (const { topic } of rig.client.messages()) topics.push(topic);
  })();
  assertEquals(await rig.connect({ sessionPresent: false }), { sessionPresent: false });
  await rig.peer.send({ ...message(2, 7), topic: "after" });
  await rig.peer.expect("pubrec");
  assertEquals(topics, ["before", "after"]);
  await rig.client.close();
  await iterating;
});

Deno.test("N7 a server that has kept the session may send a QoS 2 message again: it is not delivered twice", async () => {
  await using rig = await Rig.connected({ cleanSession: false });
  let got = 0;
  const subscribing = rig.client.subscribe("t", { qos: 2, handler: () => void got++ });
  const { packetId } = await rig.peer.expect("subscribe");
  await rig.peer.send({ type: "suback", packetId, returnCodes: [2] });
  await subscribing;
  await rig.peer.send(message(2, 7));
  await rig.peer.expect("pubrec");
  rig.peer.close();
  await settled();
  await rig.connect({ sessionPresent: true });
  await rig.peer.send({ ...message(2, 7), dup: true });
  await rig.peer.expect("pubrec");
  await rig.peer.send({ type: "pubrel", packetId: 7 });
  await rig.peer.expect("pubcomp");
  assertEquals(got, 1);
});

// ── N8: a connection that is dead and does not say so ──────────────────────────────────────────

const KEEP_ALIVES = [1, 5, 10, 60, 240, 1177];

Deno.test("N8 a black hole is noticed within one and a half keep-alives, when nothing is sent", async () => {
  for (const keepAliveSeconds of KEEP_ALIVES) {
    await using rig = await Rig.connected({ keepAliveSeconds });
    await rig.clock.advance(keepAliveSeconds * 1500);
    assertInstanceOf(rig.cause, KeepAliveTimeoutError, `${keepAliveSeconds} s`);
    assertEquals((await rig.peer.receive())?.type, "pingreq");
    assertEquals(await rig.peer.receive(), undefined, "no DISCONNECT into a black hole");
    assertEquals(rig.clock.pending, 0);
  }
});

Deno.test("N8 a black hole is noticed within one and a half keep-alives, while QoS 0 is published every second", async () => {
  for (const keepAliveSeconds of KEEP_ALIVES) {
    await using rig = await Rig.connected({ keepAliveSeconds });
    for (let second = 0; rig.client.state === "connected"; second++) {
      assert(second <= keepAliveSeconds * 1.5, `${keepAliveSeconds} s`);
      await rig.client.publish("t", `${second}`);
      await rig.clock.advance(1000);
    }
    assertInstanceOf(rig.cause, KeepAliveTimeoutError);
  }
});

Deno.test("N8 a black hole is noticed while QoS 1 and SUBSCRIBE wait for their answers, which all get the same error", async () => {
  await using rig = await Rig.connected({ keepAliveSeconds: 60, maximumInFlight: 2 });
  const waiting = Promise.allSettled([
    ...["a", "b", "c"].map((topic) => rig.client.publish(topic, "", { qos: 1 })),
    rig.client.subscribe("d"),
    rig.client.unsubscribe("e"),
    rig.client.messages().next(),
  ]);
  await rig.clock.advance(90_000);
  for (const outcome of await waiting) {
    assert(outcome.status === "rejected");
    assertStrictEquals(outcome.reason, rig.cause);
  }
  assertInstanceOf(rig.cause, KeepAliveTimeoutError);
});

Deno.test("N8 a server that answers pings and nothing else keeps the connection, and a signal ends the wait", async () => {
  await using rig = await Rig.connected({ keepAliveSeconds: 60 });
  const controller = new AbortController();
  const publishing = rig.client.publish("t", "x", { qos: 1, signal: controller.signal });
  await rig.peer.expect("publish");
  for (let ping = 0; ping < 10; ping++) {
    await rig.clock.advance(54_000);
    await rig.peer.expect("pingreq");
    await rig.peer.send({ type: "pingresp" });
  }
  const ending = assertRejects(() => publishing, Error, "long enough");
  controller.abort(new Error("long enough"));
  await ending;
  assertEquals(rig.client.state, "connected");
});

Deno.test("N8 a server that answers one ping late is given up once, and its late answer changes nothing", async () => {
  await using rig = await Rig.connected({ keepAliveSeconds: 60, pingDeadlineMs: 5000 });
  const dead = rig.peer;
  await rig.clock.advance(54_000 + 5000);
  assertInstanceOf(rig.cause, KeepAliveTimeoutError);
  await dead.send({ type: "pingresp" });
  await rig.connect();
  await rig.clock.advance(53_000);
  assertEquals(rig.client.state, "connected");
});

Deno.test("N8 with keep-alive switched off, a black hole lasts until the program closes: nothing hangs", async () => {
  await using rig = await Rig.connected({ keepAliveSeconds: 0 });
  const publishing = outcomes([rig.client.publish("t", "x", { qos: 1 })]);
  await rig.clock.advance(24 * 3_600_000);
  assertEquals(rig.client.state, "connected");
  const closing = rig.client.close();
  await rig.clock.advance(2500);
  await closing;
  assertEquals(await publishing, ["CONNECTION_CLOSED"]);
});

// ── N9: a connection that ends while something is under way ────────────────────────────────────

/** What a program may be in the middle of. */
const WORK: Record<string, (rig: Rig) => Promise<unknown>> = {
  "QoS 1": (rig) => rig.client.publish("t", "x", { qos: 1 }),
  "QoS 2 before PUBREC": (rig) => rig.client.publish("t", "x", { qos: 2 }),
  "QoS 2 after PUBREC": async (rig) => {
    const publishing = rig.client.publish("t", "x", { qos: 2 });
    const { packetId = 0 } = await rig.peer.expect("publish");
    await rig.peer.send({ type: "pubrec", packetId });
    return await publishing;
  },
  SUBSCRIBE: (rig) => rig.client.subscribe("t"),
  UNSUBSCRIBE: (rig) => rig.client.unsubscribe("t"),
  "a message that is awaited": (rig) => rig.client.messages().next(),
};

for (const [name, begin] of Object.entries(WORK)) {
  Deno.test(`N9 a connection that ends in the middle of ${name}`, async () => {
    await using rig = await Rig.connected();
    const ending = outcomes([begin(rig)]);
    await settled();
    rig.peer.close();
    assertEquals(await ending, ["CONNECTION_LOST"]);
    assertEquals([rig.client.state, rig.clock.pending], ["disconnected", 0]);
  });

  Deno.test(`N9 a packet cut off in the middle of ${name}`, async () => {
    await using rig = await Rig.connected();
    const ending = outcomes([begin(rig)]);
    await settled();
    await rig.peer.sendBytes(encodePacket(message(1, 9)).subarray(0, 5));
    rig.peer.close();
    assertEquals(await ending, ["CONNECTION_LOST"]);
  });
}

Deno.test("N9 a connection that ends while it is being closed is closed", async () => {
  await using rig = await Rig.connected();
  const publishing = outcomes([rig.client.publish("t", "x", { qos: 1 })]);
  const closing = rig.client.close();
  rig.peer.close();
  await rig.clock.advance(2500);
  await closing;
  assertEquals(await publishing, ["CONNECTION_CLOSED"]);
  assertEquals([rig.client.state, rig.cause], ["disconnected", undefined]);
});

Deno.test("N9 a handler that works when the connection ends may finish: its acknowledgement goes nowhere", async () => {
  await using rig = await Rig.connected({ cleanSession: false });
  const work = Promise.withResolvers<void>();
  const subscribing = rig.client.subscribe("t", { qos: 1, handler: () => work.promise });
  const { packetId } = await rig.peer.expect("subscribe");
  await rig.peer.send({ type: "suback", packetId, returnCodes: [1] });
  await subscribing;
  await rig.peer.send(message(1, 3));
  rig.peer.close();
  await settled();
  await rig.connect({ sessionPresent: true });
  work.resolve();
  await settled();
  assertEquals(rig.peer.waiting, 0, "the old delivery is not acknowledged on the new connection");
});

// ── N14: no room left ──────────────────────────────────────────────────────────────────────────

Deno.test("N14 what finds no place in the window waits, and leaves in order", async () => {
  const maximumInFlight = 65_000;
  await using rig = await Rig.connected({ maximumInFlight, keepAliveSeconds: 0 });
  const publishing = Array.from(
    { length: maximumInFlight + 3 },
    (_, n) => rig.client.publish("t", `${n}`, { qos: 1 }),
  );
  await settled();
  const sent = async () => {
    const packet = await rig.peer.expect("publish");
    return [packet.packetId, Number(new TextDecoder().decode(packet.payload))];
  };
  for (let n = 0; n < maximumInFlight; n++) assertEquals(await sent(), [n + 1, n]);
  assertEquals(rig.peer.waiting, 0);
  await rig.peer.send({ type: "puback", packetId: 77 }, { type: "puback", packetId: 5 });
  assertEquals([await sent(), await sent()], [[65_001, 65_000], [65_002, 65_001]]);
  await Promise.all([publishing[76], publishing[4]]);
  const rest = outcomes(publishing);
  rig.peer.close();
  assertEquals(new Set(await rest), new Set(["done", "CONNECTION_LOST"]));
});

Deno.test("N14 no packet identifier is left for SUBSCRIBE: it is refused, and the connection goes on", async () => {
  await using rig = await Rig.connected({ maximumInFlight: 65_000, keepAliveSeconds: 0 });
  const waiting: Promise<unknown>[] = [];
  for (let n = 0; n < 65_000; n++) waiting.push(rig.client.publish("t", "", { qos: 1 }));
  await settled();
  for (let n = 0; n < 535; n++) waiting.push(rig.client.subscribe(`t/${n}`));
  await assertRejects(() => rig.client.subscribe("one/more"), RangeError, "65535");
  assertEquals(rig.client.state, "connected");
  const ending = outcomes(waiting);
  rig.peer.close();
  assertEquals(new Set(await ending), new Set(["CONNECTION_LOST"]));
});
