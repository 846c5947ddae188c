import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import type { Message, MqttClientOptions } from "../../src/client/mod.ts";
import {
  ConnectionLostError,
  ConnectRefusedError,
  DeadlineError,
  KeepAliveTimeoutError,
  MalformedPacketError,
  ProtocolError,
} from "../../src/errors.ts";
import { encodePacket } from "../../src/codec/mod.ts";
import type { Connection } from "../../src/transport/mod.ts";
import { leaseSlot, returnSlot, type Slot } from "../../src/codec/arena.ts";
import { PeerTransport } from "../_kit/scripted_peer.ts";
import { settled } from "../_kit/virtual_clock.ts";
import { Rig } from "./_rig.ts";

/** A transport that counts reads, and whose writes can be held up. */
class SpyTransport extends PeerTransport {
  reads = 0;
  /** While this is set, writes wait for it. */
  gate: Promise<void> | undefined;
  /** What every write brought, as it was when it was written. */
  readonly written: Uint8Array[] = [];

  override async connect(): Promise<Connection> {
    const connection = await super.connect();
    return {
      read: (buffer) => {
        this.reads++;
        return connection.read(buffer);
      },
      write: async (bytes) => {
        await this.gate;
        this.written.push(bytes.slice());
        await connection.write(bytes);
      },
      close: () => connection.close(),
    };
  }
}

/** So many messages at QoS 0, as bytes. */
function manyMessages(count: number): Uint8Array {
  const one = encodePacket(incoming("t"));
  const bytes = new Uint8Array(one.length * count);
  for (let at = 0; at < bytes.length; at += one.length) bytes.set(one, at);
  return bytes;
}

function incoming(topic: string, packetId?: number) {
  return {
    type: "publish",
    topic,
    payload: new Uint8Array([1]),
    qos: packetId ? 1 : 0,
    retain: false,
    dup: false,
    ...(packetId ? { packetId } : {}),
  } as const;
}

// ── Connecting ─────────────────────────────────────────────────────────────────────────────────

Deno.test("MqttClient.connect() passes through the states and resolves at CONNACK", async () => {
  await using rig = new Rig({
    cleanSession: false,
    keepAliveSeconds: 7,
    will: { topic: "w", payload: new Uint8Array(1), qos: 1, retain: true },
  });
  assertEquals(rig.client.state, "initial");
  const connecting = rig.client.connect();
  await settled();
  const connect = await rig.peer.accept({ sessionPresent: true });
  assertEquals(await connecting, { sessionPresent: true });
  assertEquals(rig.states, ["transportConnecting", "transportConnected", "connected"]);
  assertEquals(connect, {
    type: "connect",
    clientId: "d1",
    cleanSession: false,
    keepAliveSeconds: 7,
    will: { topic: "w", payload: new Uint8Array(1), qos: 1, retain: true },
  });
});

Deno.test("MqttClient.connect() asks for client id, user name and password every time", async () => {
  let asked = 0;
  await using rig = new Rig({
    clientId: () => `d${++asked}`,
    username: () => Promise.resolve(`u${asked}`),
    password: () => new Uint8Array([asked]),
  });
  for (const n of [1, 2]) {
    const connecting = rig.client.connect();
    await settled();
    const { clientId, username, password } = await rig.peer.accept();
    assertEquals([clientId, username, password], [`d${n}`, `u${n}`, new Uint8Array([n])]);
    await connecting;
    await rig.client.close();
  }
});

Deno.test("MqttClient.connect() rejects with the refusal of the server", async () => {
  await using rig = new Rig();
  const connecting = rig.client.connect();
  await settled();
  await rig.peer.expect("connect");
  await rig.peer.send({ type: "connack", sessionPresent: false, returnCode: 5 });
  await assertRejects(() => connecting, ConnectRefusedError, "not authorized");
  assertEquals(rig.states.at(-1), "disconnected");
  assertEquals(
    await rig.peer.receive(),
    undefined,
    "the client closed the connection [MQTT-3.2.2-5]",
  );
});

Deno.test("MqttClient.connect() rejects when CONNACK is overdue (N3)", async () => {
  await using rig = new Rig({ connackDeadlineMs: 3000 });
  const connecting = rig.client.connect();
  const failing = assertRejects(() => connecting, DeadlineError, "3000 ms");
  await rig.clock.advance(3000);
  await failing;
  // Its CONNACK comes 1 ms late: there is nobody to take it.
  await rig.peer.send({ type: "connack", sessionPresent: false, returnCode: 0 });
  assertEquals(rig.client.state, "disconnected");
  assertEquals(rig.clock.pending, 0);
});

Deno.test("MqttClient.connect() says so when the server closes without an answer", async () => {
  await using rig = new Rig();
  const connecting = rig.client.connect();
  await settled();
  await rig.peer.expect("connect");
  rig.peer.close();
  const error = await assertRejects(
    () => connecting,
    ConnectionLostError,
    "without an answer to CONNECT",
  );
  assertEquals(error.code, "CONNECTION_LOST");
});

Deno.test("MqttClient.connect() rejects with what the transport says, and may be tried again", async () => {
  const refusal = new ConnectionLostError("NETWORK_REFUSED", { what: "w", why: "y", remedy: "r" });
  const transport = new PeerTransport();
  let isDown = true;
  const dialler = {
    address: "peer:1",
    connect: () => isDown ? Promise.reject(refusal) : transport.connect(),
  };
  await using rig = new Rig({ transport: dialler }, transport);
  assertStrictEquals(await assertRejects(() => rig.client.connect()), refusal);
  isDown = false;
  const connecting = rig.client.connect();
  await settled();
  await transport.peer.accept();
  await connecting;
  assertEquals(rig.client.state, "connected");
});

Deno.test("MqttClient.connect() rejects a CONNECT that may not be sent, and sends no byte of it", async () => {
  await using rig = new Rig({ clientId: "", cleanSession: false });
  await assertRejects(() => rig.client.connect(), TypeError, "MQTT-3.1.3-7");
  assertEquals(rig.client.state, "disconnected");
  assertEquals(await rig.peer.receive(), undefined);
});

Deno.test("MqttClient.connect() rejects when asked twice", async () => {
  await using rig = await Rig.connected();
  await assertRejects(() => rig.client.connect(), TypeError, "the client is connected");
});

Deno.test("MqttClient.connect() ends when its signal aborts, at any time", async () => {
  for (const turns of [0, 1, 60]) {
    await using rig = new Rig();
    const controller = new AbortController();
    if (turns === 0) controller.abort(new Error("no more"));
    const connecting = rig.client.connect({ signal: controller.signal });
    const failing = assertRejects(() => connecting, Error, "no more");
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    controller.abort(new Error("no more"));
    await failing;
    assertEquals(rig.client.state, "disconnected");
    assertEquals(rig.clock.pending, 0);
  }
});

Deno.test("MqttClient.close() ends a connect that is under way", async () => {
  await using rig = new Rig();
  const connecting = rig.client.connect();
  const failing = assertRejects(() => connecting, ConnectionLostError, "this program closed it");
  await settled();
  await rig.client.close();
  await failing;
  assertEquals(rig.client.state, "disconnected");
});

Deno.test("new MqttClient() refuses numbers that make no sense", () => {
  const bad: Partial<MqttClientOptions>[] = [
    { keepAliveSeconds: 65_536 },
    { keepAliveSeconds: -1 },
    { keepAliveSeconds: 1.5 },
    { connackDeadlineMs: 0 },
    { pingDeadlineMs: 0 },
    { maximumPacketSize: 1 },
    { maximumInFlight: 0 },
    { maximumInFlight: 65_001 },
  ];
  for (const options of bad) {
    assertThrows(() => new Rig(options), RangeError, Object.keys(options)[0]);
  }
});

// ── Publishing ─────────────────────────────────────────────────────────────────────────────────

Deno.test("MqttClient.publish() resolves at QoS 0 at once, at QoS 1 with PUBACK", async () => {
  await using rig = await Rig.connected();
  await rig.client.publish("a", "zero");
  let isDelivered = false;
  const delivery = rig.client.publish("a", "one", { qos: 1, retain: true }).then(() =>
    isDelivered = true
  );
  assertEquals((await rig.peer.expect("publish")).qos, 0);
  const { packetId, retain, payload } = await rig.peer.expect("publish");
  assertEquals([retain, new TextDecoder().decode(payload)], [true, "one"]);
  await settled();
  assertEquals(isDelivered, false);
  await rig.peer.send({ type: "puback", packetId: packetId as number });
  await delivery;
});

Deno.test("MqttClient.publish() at QoS 2 resolves with PUBCOMP", async () => {
  await using rig = await Rig.connected();
  const delivery = rig.client.publish("a", new Uint8Array([1]), { qos: 2 });
  const { packetId = 0 } = await rig.peer.expect("publish");
  await rig.peer.send({ type: "pubrec", packetId });
  await rig.peer.expect("pubrel");
  await rig.peer.send({ type: "pubcomp", packetId });
  await delivery;
});

Deno.test("MqttClient.publish() holds no more in flight than it may, and keeps the order", async () => {
  await using rig = await Rig.connected({ maximumInFlight: 2 });
  const deliveries = Promise.all(
    ["1", "2", "3", "4"].map((n) => rig.client.publish(n, "", { qos: 1 })),
  );
  const late = rig.client.publish("5", "");
  assertEquals(
    [(await rig.peer.expect("publish")).topic, (await rig.peer.expect("publish")).topic],
    ["1", "2"],
  );
  await rig.peer.send({ type: "puback", packetId: 1 });
  assertEquals((await rig.peer.expect("publish")).topic, "3");
  await rig.peer.send({ type: "puback", packetId: 2 }, { type: "puback", packetId: 3 });
  assertEquals(
    [(await rig.peer.expect("publish")).topic, (await rig.peer.expect("publish")).topic],
    ["4", "5"],
  );
  await rig.peer.send({ type: "puback", packetId: 4 });
  await deliveries;
  await late;
});

Deno.test("MqttClient.publish() waits while the network takes nothing", async () => {
  const [gate, open] = [Promise.withResolvers<void>(), new PeerTransport()];
  let isBlocked = false;
  const slow = {
    address: "slow:1",
    async connect() {
      const connection = await open.connect();
      return {
        read: (buffer: Uint8Array<ArrayBuffer>) => connection.read(buffer),
        close: () => connection.close(),
        write: async (bytes: Uint8Array) => {
          if (isBlocked) await gate.promise;
          await connection.write(bytes);
        },
      };
    },
  };
  await using rig = new Rig({ transport: slow });
  const connecting = rig.client.connect();
  await settled();
  await open.peer.accept();
  await connecting;
  isBlocked = true;
  const payload = new Uint8Array(10_000);
  let accepted = 0;
  const publishes = Array.from(
    { length: 100 },
    () => rig.client.publish("t", payload).then(() => accepted++),
  );
  await settled();
  assert(accepted > 20 && accepted < 60, `${accepted} of 100 accepted`);
  gate.resolve();
  await Promise.all(publishes);
  for (let i = 0; i < 100; i++) await open.peer.expect("publish");
  await rig.client.close();
  open.peer.close();
});

Deno.test("MqttClient.publish() at QoS 0 resolves when a large payload is written, so that it may be used again", async () => {
  const transport = new SpyTransport();
  await using rig = await Rig.connected({ transport }, transport);
  const buffer = new Uint8Array(16_384);
  const gate = Promise.withResolvers<void>();
  transport.gate = gate.promise;
  void rig.client.publish("t", "first");
  const work = (async () => {
    for (const value of [1, 2, 3]) {
      buffer.fill(value);
      await rig.client.publish("t", buffer);
    }
  })();
  await settled();
  gate.resolve();
  await work;
  await rig.peer.expect("publish");
  for (const value of [1, 2, 3]) {
    const { payload } = await rig.peer.expect("publish");
    assertEquals([payload.length, payload[0], payload.at(-1)], [16_384, value, value]);
  }
});

Deno.test("MqttClient.publish() rejects what MQTT forbids, and the connection goes on", async () => {
  await using rig = await Rig.connected();
  await assertRejects(() => rig.client.publish("a/#", ""), TypeError, "MQTT-3.3.2-2");
  await assertRejects(() => rig.client.publish("a/#", "", { qos: 1 }), TypeError, "MQTT-3.3.2-2");
  await assertRejects(() => rig.client.publish("a", "", { qos: 3 as 0 }), RangeError);
  await rig.client.publish("a", "");
  assertEquals((await rig.peer.expect("publish")).topic, "a");
});

Deno.test("MqttClient.publish() rejects without a connection", async () => {
  const rig = new Rig();
  const error = await assertRejects(
    () => rig.client.publish("a", ""),
    ConnectionLostError,
    "initial",
  );
  assertEquals(error.code, "CONNECTION_LOST");
  await assertRejects(() => rig.client.publish("a", "", { qos: 1 }), ConnectionLostError);
  await assertRejects(() => rig.client.subscribe("a"), ConnectionLostError);
  await assertRejects(() => rig.client.unsubscribe("a"), ConnectionLostError);
});

Deno.test("MqttClient.publish() ends when its signal aborts: before, while waiting, in flight", async () => {
  await using rig = await Rig.connected({ maximumInFlight: 1 });
  const reason = new Error("enough");
  const before = AbortSignal.abort(reason);
  assertStrictEquals(
    await assertRejects(() => rig.client.publish("a", "", { signal: before })),
    reason,
  );
  const controller = new AbortController();
  const { signal } = controller;
  const inFlight = rig.client.publish("a", "", { qos: 1, signal });
  const waiting = rig.client.publish("b", "", { qos: 1, signal });
  const next = rig.client.publish("c", "", { qos: 1 });
  controller.abort(reason);
  assertStrictEquals(await assertRejects(() => inFlight), reason);
  assertStrictEquals(await assertRejects(() => waiting), reason);
  await rig.peer.send({ type: "puback", packetId: 1 });
  assertEquals((await rig.peer.expect("publish")).topic, "a");
  assertEquals((await rig.peer.expect("publish")).topic, "c");
  await rig.peer.send({ type: "puback", packetId: 2 });
  await next;
});

// ── Subscribing ────────────────────────────────────────────────────────────────────────────────

Deno.test("MqttClient.subscribe() returns the granted QoS and brings messages to the handler", async () => {
  await using rig = await Rig.connected();
  const got: string[] = [];
  const subscribing = rig.client.subscribe("a/+", {
    qos: 2,
    handler: (message) => void got.push(message.topic),
  });
  const { packetId, subscriptions } = await rig.peer.expect("subscribe");
  assertEquals(subscriptions, [{ topicFilter: "a/+", qos: 2 }]);
  // A message may come before the answer does.
  await rig.peer.send(
    incoming("a/0"),
    { type: "suback", packetId, returnCodes: [1] },
    incoming("a/1"),
    incoming("b"),
  );
  assertEquals(await subscribing, { topicFilter: "a/+", qos: 1 });
  assertEquals(got, ["a/0", "a/1"]);
});

Deno.test("MqttClient.subscribe() rejects a filter that the server refuses, and keeps the handler before it", async () => {
  await using rig = await Rig.connected();
  const got: string[] = [];
  const first = rig.client.subscribe("a", { handler: () => void got.push("first") });
  await rig.peer.send({
    type: "suback",
    packetId: (await rig.peer.expect("subscribe")).packetId,
    returnCodes: [0],
  });
  await first;
  const second = rig.client.subscribe("a", { handler: () => void got.push("second") });
  const failing = assertRejects(() => second, ProtocolError, "refused the topic filter");
  await rig.peer.send({
    type: "suback",
    packetId: (await rig.peer.expect("subscribe")).packetId,
    returnCodes: [128],
  });
  assertEquals((await failing).code, "MQTT_SUBSCRIPTION_REFUSED");
  await rig.peer.send(incoming("a"));
  assertEquals(got, ["first"]);
});

Deno.test("MqttClient.subscribe() rejects a filter that is none", async () => {
  await using rig = await Rig.connected();
  await assertRejects(() => rig.client.subscribe("a#"), TypeError, "MQTT-4.7.1-2");
  await assertRejects(() => rig.client.subscribe("a", { qos: 3 as 0 }), RangeError);
});

Deno.test("MqttClient.unsubscribe() ends the messages of a handler", async () => {
  await using rig = await Rig.connected();
  let count = 0;
  const subscribing = rig.client.subscribe("a", { handler: () => void count++ });
  await rig.peer.send({
    type: "suback",
    packetId: (await rig.peer.expect("subscribe")).packetId,
    returnCodes: [0],
  });
  await subscribing;
  await rig.peer.send(incoming("a"));
  assertEquals(count, 1);
  const ending = rig.client.unsubscribe("a");
  await rig.peer.send({
    type: "unsuback",
    packetId: (await rig.peer.expect("unsubscribe")).packetId,
  });
  await ending;
  await rig.peer.send(incoming("a"));
  assertEquals(count, 1);
});

// ── Messages ───────────────────────────────────────────────────────────────────────────────────

Deno.test("MqttClient acknowledges a message when its handler has resolved", async () => {
  await using rig = await Rig.connected();
  const work = Promise.withResolvers<void>();
  const subscribing = rig.client.subscribe("#", { qos: 1, handler: () => work.promise });
  await rig.peer.send({
    type: "suback",
    packetId: (await rig.peer.expect("subscribe")).packetId,
    returnCodes: [1],
  });
  await subscribing;
  await rig.peer.send(incoming("a", 9));
  await rig.client.publish("marker", "");
  assertEquals((await rig.peer.expect("publish")).topic, "marker", "no PUBACK yet");
  work.resolve();
  assertEquals(await rig.peer.expect("puback"), { type: "puback", packetId: 9 });
});

Deno.test("MqttClient acknowledges a message of an iterator when the next one is asked for", async () => {
  await using rig = await Rig.connected();
  const messages = rig.client.messages();
  await rig.peer.send(incoming("a", 1), incoming("b", 2));
  const first = await messages.next();
  assertEquals((first.value as Message).topic, "a");
  await rig.client.publish("marker", "");
  assertEquals((await rig.peer.expect("publish")).topic, "marker", "no PUBACK yet");
  assertEquals(((await messages.next()).value as Message).topic, "b");
  assertEquals((await rig.peer.expect("puback")).packetId, 1);
  await messages.return?.();
  assertEquals((await rig.peer.expect("puback")).packetId, 2);
});

Deno.test("MqttClient lets go of what nobody wants, and acknowledges it [MQTT-4.5.0-2]", async () => {
  await using rig = await Rig.connected();
  await rig.peer.send(incoming("a", 1));
  assertEquals((await rig.peer.expect("puback")).packetId, 1);
});

Deno.test("MqttClient reports an error of a handler; looked after, it counts as dealt with", async () => {
  await using rig = await Rig.connected();
  const errors: unknown[] = [];
  rig.client.addEventListener("handlererror", (event) => {
    event.preventDefault();
    errors.push([event.topic, (event.error as Error).message]);
  });
  const subscribing = rig.client.subscribe("#", {
    handler: ({ topic }) => {
      if (topic === "thrown") throw new Error("at once");
      return topic === "rejected" ? Promise.reject(new Error("later")) : undefined;
    },
  });
  await rig.peer.send({
    type: "suback",
    packetId: (await rig.peer.expect("subscribe")).packetId,
    returnCodes: [1],
  });
  await subscribing;
  await rig.peer.send(incoming("thrown", 1), incoming("rejected", 2), incoming("fine", 3));
  for (const packetId of [1, 2, 3]) {
    assertEquals((await rig.peer.expect("puback")).packetId, packetId);
  }
  assertEquals(errors, [["thrown", "at once"], ["rejected", "later"]]);
});

Deno.test("MqttClient counts a handler's error that nobody looks after as uncaught", async () => {
  await using rig = await Rig.connected();
  const uncaught = Promise.withResolvers<unknown>();
  const listen = (event: ErrorEvent) => {
    event.preventDefault();
    uncaught.resolve(event.error);
  };
  globalThis.addEventListener("error", listen, { once: true });
  const failure = new Error("unseen");
  const subscribing = rig.client.subscribe("#", {
    handler: () => {
      throw failure;
    },
  });
  await rig.peer.send({
    type: "suback",
    packetId: (await rig.peer.expect("subscribe")).packetId,
    returnCodes: [1],
  });
  await subscribing;
  await rig.peer.send(incoming("a", 1));
  assertStrictEquals(await uncaught.promise, failure);
  await rig.client.publish("marker", "");
  assertEquals((await rig.peer.expect("publish")).topic, "marker", "no PUBACK");
});

Deno.test("MqttClient.messages() may be asked for before connecting, and ends when the client is closed", async () => {
  await using rig = new Rig();
  const topics: string[] = [];
  const reading = (async () => {
    for await (const message of rig.client.messages()) topics.push(message.topic);
  })();
  const connecting = rig.client.connect();
  await settled();
  await rig.peer.expect("connect");
  await rig.peer.send({ type: "connack", sessionPresent: false, returnCode: 0 }, incoming("early"));
  await connecting;
  await rig.client.close();
  await reading;
  assertEquals(topics, ["early"]);
});

Deno.test("MqttClient stops reading when messages are not taken, pings on, and trusts the server", async () => {
  const transport = new SpyTransport();
  await using rig = await Rig.connected({ transport, keepAliveSeconds: 10 }, transport);
  const messages = rig.client.messages();
  await rig.peer.sendBytes(manyMessages(1500));
  const { reads } = transport;
  await rig.peer.sendBytes(manyMessages(10));
  assertEquals(transport.reads, reads, "nothing more is read");
  await rig.clock.advance(60_000);
  assertEquals(rig.client.state, "connected");
  for (let ping = 0; ping < 6; ping++) await rig.peer.expect("pingreq");
  for (let index = 0; index < 1510; index++) {
    assertEquals(((await messages.next()).value as Message).topic, "t");
  }
  assert(transport.reads > reads, "it is read again");
  await messages.return?.();
});

Deno.test("MqttClient reads on while an answer is awaited, though nobody takes messages", async () => {
  await using rig = await Rig.connected();
  const messages = rig.client.messages();
  await rig.peer.sendBytes(manyMessages(2500));
  let echoed = 0;
  const echoing = (async () => {
    for await (const _message of messages) {
      await rig.client.publish("echo", "", { qos: 1 });
      if (++echoed === 2500) return;
    }
  })();
  for (let count = 0; count < 2500; count++) {
    const { packetId = 0 } = await rig.peer.expect("publish");
    await rig.peer.send({ type: "puback", packetId });
  }
  await echoing;
  assertEquals(echoed, 2500);
});

Deno.test("MqttClient wakes a reader that has paused when something is sent that will be answered", async () => {
  await using rig = await Rig.connected();
  const messages = rig.client.messages();
  await rig.peer.sendBytes(manyMessages(1500));
  const delivery = rig.client.publish("t", "", { qos: 1 });
  await rig.peer.send({
    type: "puback",
    packetId: (await rig.peer.expect("publish")).packetId ?? 0,
  });
  await delivery;
  await messages.return?.();
});

Deno.test("MqttClient reads on when the last iterator is left", async () => {
  const transport = new SpyTransport();
  await using rig = await Rig.connected({ transport }, transport);
  const messages = rig.client.messages();
  await rig.peer.sendBytes(manyMessages(1500));
  const { reads } = transport;
  await messages.return?.();
  await rig.peer.send(incoming("t", 7));
  assertEquals(await rig.peer.expect("puback"), { type: "puback", packetId: 7 });
  assert(transport.reads > reads);
});

Deno.test("MqttClient stops reading when handlers have too much in hand", async () => {
  const transport = new SpyTransport();
  await using rig = await Rig.connected({ transport }, transport);
  const work = Promise.withResolvers<void>();
  let calls = 0;
  const subscribing = rig.client.subscribe("#", { handler: () => (calls++, work.promise) });
  await rig.peer.send({
    type: "suback",
    packetId: (await rig.peer.expect("subscribe")).packetId,
    returnCodes: [0],
  });
  await subscribing;
  await rig.peer.sendBytes(manyMessages(1200));
  await rig.peer.sendBytes(manyMessages(1200));
  assertEquals(calls, 1200);
  work.resolve();
  await settled();
  assertEquals(calls, 2400);
});

// ── The end of a connection ────────────────────────────────────────────────────────────────────

Deno.test("MqttClient rejects everything pending with the same error when the connection is lost", async () => {
  await using rig = await Rig.connected({ maximumInFlight: 1 });
  const messages = rig.client.messages();
  const pending = [
    rig.client.publish("a", "", { qos: 1 }),
    rig.client.publish("b", "", { qos: 1 }),
    rig.client.subscribe("c"),
    rig.client.unsubscribe("d"),
    messages.next(),
  ];
  const outcomes = Promise.allSettled(pending);
  let cause: unknown;
  rig.client.addEventListener("statechange", (event) => cause = event.cause);
  await settled();
  rig.peer.close();
  const reasons = (await outcomes).map((outcome) =>
    outcome.status === "rejected" && outcome.reason
  );
  assert(reasons[0] instanceof ConnectionLostError);
  for (const reason of reasons) assertStrictEquals(reason, reasons[0]);
  assertStrictEquals(cause, reasons[0]);
  assertEquals([rig.client.state, rig.clock.pending], ["disconnected", 0]);
});

Deno.test("MqttClient notices a dead server while it publishes at QoS 0 all the time", async () => {
  await using rig = await Rig.connected({ keepAliveSeconds: 60, pingDeadlineMs: 5000 });
  let cause: unknown;
  rig.client.addEventListener("statechange", (event) => cause = event.cause);
  for (let second = 0; second < 60 && rig.client.state === "connected"; second++) {
    await rig.client.publish("t", "still here");
    await rig.clock.advance(1000);
  }
  assert(cause instanceof KeepAliveTimeoutError);
  assertEquals(rig.clock.now(), 59_000);
});

Deno.test("MqttClient pings an idle server and stays connected as long as it answers", async () => {
  await using rig = await Rig.connected({ keepAliveSeconds: 60 });
  for (let ping = 0; ping < 5; ping++) {
    await rig.clock.advance(54_000);
    await rig.peer.expect("pingreq");
    await rig.peer.send({ type: "pingresp" });
  }
  assertEquals(rig.client.state, "connected");
});

Deno.test("MqttClient delivers the packets before a malformed one, then ends the connection", async () => {
  await using rig = await Rig.connected();
  const messages = rig.client.messages();
  await rig.peer.sendBytes(new Uint8Array([0x30, 3, 0, 1, 0x61, 0x36, 2, 0, 0]));
  assertEquals(((await messages.next()).value as Message).topic, "a");
  await assertRejects(() => messages.next(), MalformedPacketError, "MQTT-3.3.1-4");
  assertEquals(rig.client.state, "disconnected");
});

Deno.test("MqttClient ends the connection at a violation, without DISCONNECT", async () => {
  await using rig = await Rig.connected();
  const messages = rig.client.messages();
  await rig.peer.send({ type: "connack", sessionPresent: false, returnCode: 0 });
  await assertRejects(() => messages.next(), ProtocolError, "second CONNACK");
  assertEquals(await rig.peer.receive(), undefined);
});

Deno.test("MqttClient.close() sends what waits, then DISCONNECT, and closes [MQTT-3.14.4-1]", async () => {
  await using rig = await Rig.connected();
  const unacknowledged = assertRejects(
    () => rig.client.publish("b", "", { qos: 1 }),
    ConnectionLostError,
  );
  void rig.client.publish("a", "");
  await rig.client.close();
  assertEquals((await unacknowledged).code, "CONNECTION_CLOSED");
  assertEquals((await rig.peer.expect("publish")).topic, "b");
  assertEquals((await rig.peer.expect("publish")).topic, "a");
  await rig.peer.expect("disconnect");
  assertEquals(await rig.peer.receive(), undefined);
  assertEquals(rig.states.slice(-2), ["disconnecting", "disconnected"]);
  await rig.client.close();
});

Deno.test("MqttClient.close() does not wait for ever for a network that takes nothing", async () => {
  const peers = new PeerTransport();
  let isBlocked = false;
  const dead = {
    address: "dead:1",
    async connect() {
      const connection = await peers.connect();
      const closed = Promise.withResolvers<never>();
      return {
        read: (buffer: Uint8Array<ArrayBuffer>) => connection.read(buffer),
        write: (bytes: Uint8Array) => isBlocked ? closed.promise : connection.write(bytes),
        close: () => {
          closed.reject(
            new ConnectionLostError("CONNECTION_CLOSED", { what: "w", why: "y", remedy: "r" }),
          );
          closed.promise.catch(() => {});
          connection.close();
        },
      };
    },
  };
  await using rig = new Rig({ transport: dead });
  const connecting = rig.client.connect();
  await settled();
  await peers.peer.accept();
  await connecting;
  isBlocked = true;
  const closing = rig.client.close();
  await rig.clock.advance(2500);
  await closing;
  assertEquals(rig.client.state, "disconnected");
  peers.peer.close();
});

Deno.test("MqttClient connects again after it was lost", async () => {
  await using rig = await Rig.connected();
  rig.peer.close();
  await settled();
  assertEquals(rig.client.state, "disconnected");
  const connecting = rig.client.connect();
  await settled();
  await rig.peer.accept();
  await connecting;
  await rig.client.publish("again", "");
  assertEquals((await rig.peer.expect("publish")).topic, "again");
});

Deno.test("MqttClient lets a listener connect again at once when a connect fails", async () => {
  await using rig = new Rig();
  const again = Promise.withResolvers<unknown>();
  rig.client.addEventListener("statechange", ({ newState }) => {
    if (newState === "disconnected" && rig.transport.peers.length === 1) {
      again.resolve(rig.client.connect());
    }
  });
  const first = assertRejects(() => rig.client.connect(), ConnectRefusedError);
  await settled();
  await rig.peer.expect("connect");
  await rig.peer.send({ type: "connack", sessionPresent: false, returnCode: 3 });
  await first;
  await rig.peer.accept();
  await again.promise;
  assertEquals(rig.client.state, "connected");
  assertEquals(rig.states.filter((state) => state === "disconnected").length, 1);
  assertEquals(rig.peer.waiting, 0, "one CONNECT [MQTT-3.1.0-2]");
});

Deno.test("MqttClient.close() and a signal end a connect whose client id never comes", async () => {
  for (const end of ["close", "signal"] as const) {
    await using rig = new Rig({ clientId: () => new Promise<string>(() => {}) });
    const controller = new AbortController();
    const failing = assertRejects(() => rig.client.connect({ signal: controller.signal }));
    await settled();
    if (end === "close") await rig.client.close();
    else controller.abort(new Error("enough"));
    await failing;
    assertEquals(rig.client.state, "disconnected");
  }
});

Deno.test("MqttClient.close() gives up what waits for a place with the same error as the rest", async () => {
  await using rig = await Rig.connected({ maximumInFlight: 1 });
  const outcomes = Promise.allSettled(
    ["a", "b", "c"].map((topic) => rig.client.publish(topic, "", { qos: 1 })),
  );
  await rig.client.close();
  for (const outcome of await outcomes) {
    assert(outcome.status === "rejected");
    assertEquals(outcome.reason.code, "CONNECTION_CLOSED");
  }
});

Deno.test("MqttClient takes undefined in its options for nothing said", async () => {
  const nothing = {
    cleanSession: undefined,
    keepAliveSeconds: undefined,
    maximumInFlight: undefined,
  };
  await using rig = new Rig(nothing as unknown as Partial<MqttClientOptions>);
  const connecting = rig.client.connect();
  await settled();
  const { cleanSession, keepAliveSeconds } = await rig.peer.accept();
  assertEquals([cleanSession, keepAliveSeconds], [true, 60]);
  await connecting;
});

Deno.test("MqttClient.unsubscribe() leaves a handler alone that was subscribed meanwhile", async () => {
  await using rig = await Rig.connected();
  const got: string[] = [];
  const first = rig.client.subscribe("a", { handler: () => void got.push("first") });
  await rig.peer.send({
    type: "suback",
    packetId: (await rig.peer.expect("subscribe")).packetId,
    returnCodes: [0],
  });
  await first;
  const ending = rig.client.unsubscribe("a");
  const second = rig.client.subscribe("a", { handler: () => void got.push("second") });
  await rig.peer.send(
    { type: "unsuback", packetId: (await rig.peer.expect("unsubscribe")).packetId },
    { type: "suback", packetId: (await rig.peer.expect("subscribe")).packetId, returnCodes: [0] },
  );
  await Promise.all([ending, second]);
  await rig.peer.send(incoming("a"));
  assertEquals(got, ["second"]);
});

Deno.test("MqttClient.subscribe() that is refused leaves a handler alone that was subscribed after it", async () => {
  await using rig = await Rig.connected();
  const got: string[] = [];
  const first = assertRejects(() =>
    rig.client.subscribe("a", { handler: () => void got.push("first") })
  );
  const second = rig.client.subscribe("a", { handler: () => void got.push("second") });
  for (const returnCode of [128, 0]) {
    await rig.peer.send({
      type: "suback",
      packetId: (await rig.peer.expect("subscribe")).packetId,
      returnCodes: [returnCode],
    });
  }
  await Promise.all([first, second]);
  await rig.peer.send(incoming("a"));
  assertEquals(got, ["second"]);
});

Deno.test("MqttClient takes any byte for a sign of life, though its packet takes minutes to arrive", async () => {
  await using rig = await Rig.connected({ keepAliveSeconds: 10 });
  const large = encodePacket({ ...incoming("t"), payload: new Uint8Array(3000) });
  for (let at = 0; at < large.length; at += 100) {
    await rig.peer.sendBytes(large.subarray(at, at + 100));
    await rig.clock.advance(5000);
  }
  assertEquals(rig.client.state, "connected");
});

Deno.test("MqttClient waits for PINGRESP from when PINGREQ was written", async () => {
  const transport = new SpyTransport();
  await using rig = await Rig.connected(
    { transport, keepAliveSeconds: 60, pingDeadlineMs: 5000 },
    transport,
  );
  const gate = Promise.withResolvers<void>();
  transport.gate = gate.promise;
  void rig.client.publish("t", "slow");
  await rig.clock.advance(54_000);
  await rig.clock.advance(4000);
  gate.resolve();
  await settled();
  await rig.clock.advance(4000);
  await rig.peer.send({ type: "pingresp" });
  await rig.clock.advance(5000);
  assertEquals(rig.client.state, "connected");
});

Deno.test("MqttClient gives every slot of the codec's memory back when its connection ends", async () => {
  const slotsFree = () => {
    const slots: Slot[] = [];
    for (let slot = leaseSlot(); slot; slot = leaseSlot()) slots.push(slot);
    slots.forEach(returnSlot);
    return slots.length;
  };
  const before = slotsFree();
  for (const way of ["lost", "closed", "while writing"] as const) {
    const transport = new SpyTransport();
    await using rig = await Rig.connected({ transport }, transport);
    await assertRejects(() => rig.client.publish("a/#", ""), TypeError);
    void rig.client.publish("t", "x".repeat(100));
    await rig.peer.sendBytes(manyMessages(3000));
    if (way === "while writing") await rig.client.publish("t", "x".repeat(100));
    if (way === "closed") await rig.client.close();
    else rig.peer.close();
    await settled();
  }
  assertEquals(slotsFree(), before);
});

Deno.test("MqttClient takes a handler's answer that is no promise for an answer", async () => {
  await using rig = await Rig.connected();
  const handler = (() => 7) as unknown as () => void;
  const subscribing = rig.client.subscribe("#", { qos: 1, handler });
  await rig.peer.send({
    type: "suback",
    packetId: (await rig.peer.expect("subscribe")).packetId,
    returnCodes: [1],
  });
  await subscribing;
  await rig.peer.send(incoming("a", 3));
  assertEquals((await rig.peer.expect("puback")).packetId, 3);
});

Deno.test("MqttClient ends with the error underneath when a transport throws what is no error of ours", async () => {
  const transport = new PeerTransport();
  const odd = {
    address: "odd:1",
    async connect() {
      const connection = await transport.connect();
      return {
        ...connection,
        read: () => Promise.reject(new Error("odd")),
        write: () => Promise.resolve(),
        close: () => connection.close(),
      };
    },
  };
  await using rig = new Rig({ transport: odd }, transport);
  const error = await assertRejects(() => rig.client.connect(), ConnectionLostError, "unexpected");
  assertEquals((error.cause as Error).message, "odd");
});

Deno.test("MqttClient.messages() throws what ended a connect, whatever it was", async () => {
  for (const username of [() => Promise.reject(new Error("no name")), () => "u"]) {
    await using rig = new Rig({ username });
    const waiting = rig.client.messages().next();
    const outcome = waiting.then((result) => result.done, (error) => error.code);
    const failing = assertRejects(() => rig.client.connect());
    await settled();
    if (rig.peer.waiting > 0) {
      await rig.peer.send({ type: "connack", sessionPresent: false, returnCode: 5 });
    }
    await failing;
    assert([true, "MQTT_CONNECT_REFUSED"].includes(await outcome));
  }
});
