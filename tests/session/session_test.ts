import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { ConnectRefusedError, DeadlineError, KeepAliveTimeoutError } from "../../src/errors.ts";
import type { Delivery } from "../../src/session/mod.ts";
import { CONNECT, incoming, MESSAGE, outline, reconnect, Rig, violated } from "./_rig.ts";

// ── Connecting ─────────────────────────────────────────────────────────────────────────────────

Deno.test("Session.open() sends CONNECT, first and once [MQTT-3.1.0-1]", () => {
  const rig = new Rig();
  assertEquals(rig.session.state, "closed");
  rig.session.open(CONNECT, 0);
  assertEquals(rig.session.state, "connecting");
  assertEquals(rig.sent, [CONNECT]);
  rig.receive({ type: "connack", sessionPresent: false, returnCode: 0 });
  assertEquals(rig.session.state, "connected");
  assertEquals(rig.events, [["connected", false]]);
  assertEquals(rig.sent.length, 1);
});

Deno.test("Session takes a kept session where one was asked for [MQTT-3.2.2-2]", () => {
  const rig = new Rig();
  rig.session.open({ ...CONNECT, cleanSession: false }, 0);
  rig.receive({ type: "connack", sessionPresent: true, returnCode: 0 });
  assertEquals(rig.events, [["connected", true]]);
});

Deno.test("Session refuses a kept session that was to be clean [MQTT-3.2.2-1] (P6)", () => {
  const rig = new Rig();
  rig.session.open(CONNECT, 0);
  assertEquals(
    violated(rig, { type: "connack", sessionPresent: true, returnCode: 0 }),
    "MQTT-3.2.2-1",
  );
});

Deno.test("Session tells what each refusal of CONNACK means [3.2.2.3]", () => {
  for (
    const [returnCode, word] of [
      [1, "3.1.1"],
      [2, "client id"],
      [3, "unavailable"],
      [4, "password"],
      [5, "authorized"],
      [6, "unknown code 6"],
    ] as const
  ) {
    const rig = new Rig();
    rig.session.open(CONNECT, 0);
    const error = assertThrows(
      () => rig.receive({ type: "connack", sessionPresent: false, returnCode }),
      ConnectRefusedError,
      word,
    );
    assertEquals([error.returnCode, error.retryable], [returnCode, returnCode === 3]);
  }
});

Deno.test("Session counts a refusal as one though it claims a session [MQTT-3.2.2-4] (P5)", () => {
  const rig = new Rig();
  rig.session.open(CONNECT, 0);
  const refused = { type: "connack", sessionPresent: true, returnCode: 5 } as const;
  assertThrows(() => rig.receive(refused), ConnectRefusedError, "MQTT-3.2.2-4");
});

Deno.test("Session refuses any packet before CONNACK [MQTT-3.2.0-1] (P8)", () => {
  const rig = new Rig();
  rig.session.open(CONNECT, 0);
  assertEquals(violated(rig, { type: "publish", ...MESSAGE, dup: false }), "MQTT-3.2.0-1");
});

Deno.test("Session refuses a second CONNACK [MQTT-3.2.0-1] (P7)", () => {
  const connack = { type: "connack", sessionPresent: false, returnCode: 0 } as const;
  assertEquals(violated(Rig.connected(), connack), "MQTT-3.2.0-1");
});

Deno.test("Session refuses what only clients send [2.2.1]", () => {
  for (const type of ["pingreq", "disconnect"] as const) {
    assertEquals(violated(Rig.connected(), { type }), "2.2.1");
  }
});

Deno.test("Session.tick() throws when CONNACK is overdue, and not before", () => {
  const rig = new Rig();
  rig.session.open(CONNECT, 1000);
  assertEquals(rig.session.deadline, 6000);
  rig.session.tick(5999);
  const error = assertThrows(() => rig.session.tick(6000), DeadlineError);
  assertEquals([error.phase, error.deadlineMs], ["connack", 5000]);
});

// ── Publishing ─────────────────────────────────────────────────────────────────────────────────

Deno.test("Session.publish() at QoS 0 sends once and waits for nothing [MQTT-4.3.1-1]", () => {
  const rig = Rig.connected();
  rig.publish(0, "a");
  assertEquals(rig.sent, [{ type: "publish", ...MESSAGE, dup: false }]);
  assertEquals(rig.session.inFlight, 0);
});

Deno.test("Session.publish() at QoS 1 waits for PUBACK [MQTT-4.3.2-1]", () => {
  const rig = Rig.connected();
  rig.publish(1, "a");
  rig.publish(1, "b");
  assertEquals(rig.sent.map((packet) => packet.type === "publish" && packet.packetId), [1, 2]);
  assertEquals(rig.session.inFlight, 2);
  rig.receive({ type: "puback", packetId: 2 });
  rig.receive({ type: "puback", packetId: 1 });
  assertEquals(rig.events, [["acknowledged", "b"], ["acknowledged", "a"]]);
  assertEquals(rig.session.inFlight, 0);
});

Deno.test("Session.publish() at QoS 2 goes PUBREC, PUBREL, PUBCOMP [MQTT-4.3.3-1]", () => {
  const rig = Rig.connected();
  rig.publish(2, "a");
  rig.receive({ type: "pubrec", packetId: 1 });
  rig.receive({ type: "pubrec", packetId: 1 });
  assertEquals(rig.sent.slice(1), [{ type: "pubrel", packetId: 1 }, {
    type: "pubrel",
    packetId: 1,
  }]);
  assertEquals(rig.events, []);
  rig.receive({ type: "pubcomp", packetId: 1 });
  assertEquals(rig.events, [["acknowledged", "a"]]);
});

Deno.test("Session.publish() gives every packet an identifier that is free [MQTT-2.3.1-2]", () => {
  const rig = Rig.connected();
  rig.publish(1, "kept");
  const given = new Set<number>();
  for (let i = 0; i < 65_535; i++) {
    rig.publish(1, "passing");
    const packetId = lastId(rig);
    given.add(packetId);
    rig.receive({ type: "puback", packetId });
  }
  assert(!given.has(1) && !given.has(0) && Math.max(...given) <= 65_535, "free, and possible");
  assert(given.size > 60_000, "hardly any is left out");
});

Deno.test("Session ignores and counts acknowledgements of nothing (P20)", () => {
  const rig = Rig.connected();
  rig.publish(1, "a");
  rig.receive({ type: "puback", packetId: 1 });
  rig.receive({ type: "puback", packetId: 1 });
  for (const type of ["puback", "pubrec", "pubcomp", "unsuback"] as const) {
    rig.receive({ type, packetId: 0x7fff });
  }
  rig.receive({ type: "suback", packetId: 9, returnCodes: [0] });
  assertEquals(rig.session.counters.unexpectedAcknowledgements, 6);
  assertEquals(rig.events, [["acknowledged", "a"]]);
});

Deno.test("Session refuses PUBREC for QoS 1, and the message stays unacknowledged (P23)", () => {
  const rig = Rig.connected();
  rig.publish(1, "a");
  assertEquals(violated(rig, { type: "pubrec", packetId: 1 }), "MQTT-4.3.2-1");
  assertEquals(rig.session.drop(), ["a"]);
});

Deno.test("Session refuses PUBACK for QoS 2", () => {
  const rig = Rig.connected();
  rig.publish(2, "a");
  assertEquals(violated(rig, { type: "puback", packetId: 1 }), "MQTT-4.3.3-1");
});

// ── Subscribing ────────────────────────────────────────────────────────────────────────────────

Deno.test("Session.subscribe() brings the return codes [MQTT-3.8.4-5]", () => {
  const rig = Rig.connected();
  const subscriptions = [{ topicFilter: "a", qos: 1 }, { topicFilter: "b", qos: 0 }] as const;
  rig.session.subscribe({ subscriptions: [...subscriptions], token: "s" }, 0);
  assertEquals(rig.sent, [{ type: "subscribe", packetId: 1, subscriptions: [...subscriptions] }]);
  rig.receive({ type: "suback", packetId: 1, returnCodes: [1, 128] });
  assertEquals(rig.events, [["subscribed", "s", [1, 128]]]);
});

Deno.test("Session refuses SUBACK with too few return codes [MQTT-3.8.4-5] (P24)", () => {
  const rig = Rig.connected();
  const subscriptions = [{ topicFilter: "a", qos: 1 as const }, {
    topicFilter: "b",
    qos: 0 as const,
  }];
  rig.session.subscribe({ subscriptions, token: "s" }, 0);
  assertEquals(violated(rig, { type: "suback", packetId: 1, returnCodes: [0] }), "MQTT-3.8.4-5");
});

Deno.test("Session.unsubscribe() waits for UNSUBACK [MQTT-3.10.4-4]", () => {
  const rig = Rig.connected();
  rig.session.unsubscribe({ topicFilters: ["a"], token: "u" }, 0);
  assertEquals(rig.sent, [{ type: "unsubscribe", packetId: 1, topicFilters: ["a"] }]);
  rig.receive({ type: "unsuback", packetId: 1 });
  assertEquals(rig.events, [["acknowledged", "u"]]);
});

// ── Receiving ──────────────────────────────────────────────────────────────────────────────────

Deno.test("Session delivers QoS 0 without an answer [MQTT-3.3.4-1]", () => {
  const rig = Rig.connected();
  rig.receive({ type: "publish", ...MESSAGE, dup: false });
  assertEquals(rig.events, [["message", "t"]]);
  assertEquals([rig.sent, rig.deliveries], [[], []]);
});

Deno.test("Session acknowledges in the order of arrival, whatever is finished first [MQTT-4.6.0-2]", () => {
  const rig = Rig.connected();
  for (const packetId of [5, 6, 7]) rig.receive(incoming(packetId, 1));
  const [first, second, third] = rig.deliveries as [Delivery, Delivery, Delivery];
  rig.session.finish(third, 0);
  rig.session.finish(second, 0);
  assertEquals(rig.sent, []);
  rig.session.finish(first, 0);
  assertEquals(rig.sent, [5, 6, 7].map((packetId) => ({ type: "puback", packetId })));
});

Deno.test("Session never acknowledges what the application failed on, and holds up nothing behind it", () => {
  const rig = Rig.connected();
  rig.receive(incoming(1, 1));
  rig.receive(incoming(2, 1));
  const [first, second] = rig.deliveries as [Delivery, Delivery];
  rig.session.finish(second, 0);
  rig.session.fail(first, 0);
  assertEquals(rig.sent, [{ type: "puback", packetId: 2 }]);
});

Deno.test("Session takes the same identifier for a new message after PUBACK [MQTT-4.3.2-2]", () => {
  const rig = Rig.connected();
  for (const topic of ["a", "b"]) {
    rig.receive(incoming(1, 1, topic));
    rig.session.finish(rig.deliveries.at(-1) as Delivery, 0);
  }
  assertEquals(rig.events, [["message", "a"], ["message", "b"]]);
  assertEquals(rig.sent.length, 2);
});

Deno.test("Session delivers QoS 2 once until PUBREL [MQTT-4.3.3-2]", () => {
  const rig = Rig.connected();
  rig.receive(incoming(3, 2));
  rig.receive({ ...incoming(3, 2), dup: true });
  assertEquals(rig.sent, []);
  rig.session.finish(rig.deliveries[0] as Delivery, 0);
  rig.receive({ ...incoming(3, 2), dup: true });
  assertEquals(rig.sent, [{ type: "pubrec", packetId: 3 }, { type: "pubrec", packetId: 3 }]);
  rig.receive({ type: "pubrel", packetId: 3 });
  rig.receive(incoming(3, 2));
  assertEquals(rig.sent.at(-1), { type: "pubcomp", packetId: 3 });
  assertEquals(rig.events, [["message", "t"], ["message", "t"]]);
});

Deno.test("Session answers PUBREL of an unknown identifier with PUBCOMP (P22)", () => {
  const rig = Rig.connected();
  rig.receive({ type: "pubrel", packetId: 9 });
  assertEquals(rig.sent, [{ type: "pubcomp", packetId: 9 }]);
});

// ── Keep-alive ─────────────────────────────────────────────────────────────────────────────────

Deno.test("Session pings when nothing was sent for the interval, a tenth early [MQTT-3.1.2-23]", () => {
  const rig = Rig.connected();
  assertEquals(rig.session.deadline, 90_000);
  rig.session.tick(89_999);
  assertEquals(rig.sent, []);
  rig.session.tick(90_000);
  assertEquals(rig.sent, [{ type: "pingreq" }]);
});

Deno.test("Session pings when nothing was received, though it sends all the time", () => {
  const rig = Rig.connected();
  for (let now = 1000; now < 90_000; now += 1000) {
    rig.session.publish({ ...MESSAGE, token: "" }, now);
    rig.session.tick(now);
  }
  rig.sent = [];
  rig.session.tick(90_000);
  assertEquals(rig.sent, [{ type: "pingreq" }]);
});

Deno.test("Session gives up when PINGRESP is overdue, within one and a half times the keep-alive (N8)", () => {
  const rig = Rig.connected();
  rig.session.tick(90_000);
  assertEquals(rig.session.deadline, 92_000);
  // Sending goes on working into a dead network.
  rig.session.publish({ ...MESSAGE, token: "" }, 91_000);
  rig.session.tick(91_999);
  const error = assertThrows(() => rig.session.tick(92_000));
  assertInstanceOf(error, KeepAliveTimeoutError);
  assertEquals(error.retryable, true);
});

Deno.test("Session takes any packet as a sign of life, and begins anew", () => {
  for (
    const answer of [{ type: "pingresp" }, { type: "publish", ...MESSAGE, dup: false }] as const
  ) {
    const rig = Rig.connected();
    rig.session.tick(90_000);
    rig.receive(answer, 91_000);
    rig.session.tick(92_000);
    assertEquals(rig.session.deadline, 180_000);
  }
});

Deno.test("Session pings on while nothing is read, and takes silence for nothing then", () => {
  const rig = Rig.connected();
  rig.session.tick(90_000);
  rig.session.keepAlive.deafen();
  for (const now of [180_000, 270_000, 360_000]) {
    assertEquals(rig.session.deadline, now);
    rig.session.tick(now);
  }
  assertEquals(rig.sent, Array(4).fill({ type: "pingreq" }));
  rig.session.keepAlive.hear(400_000);
  assertEquals(rig.session.deadline, 450_000);
});

Deno.test("Session puts the deadline of a ping off while what is before it gets written, and not after", () => {
  const rig = Rig.connected();
  rig.session.keepAlive.progressed(1000);
  rig.session.keepAlive.pingWritten(1000);
  rig.session.tick(90_000);
  rig.session.keepAlive.progressed(91_500);
  assertEquals(rig.session.deadline, 93_500);
  rig.session.keepAlive.pingWritten(93_000);
  rig.session.keepAlive.progressed(94_000);
  assertEquals(rig.session.deadline, 95_000);
  assertThrows(() => rig.session.tick(95_000), KeepAliveTimeoutError);
});

Deno.test("Session gives up when nothing before a ping gets written", () => {
  const rig = Rig.connected();
  rig.session.tick(90_000);
  assertThrows(() => rig.session.tick(92_000), KeepAliveTimeoutError);
});

Deno.test("Session without keep-alive never pings", () => {
  const rig = Rig.connected({ keepAliveSeconds: 0 });
  assertEquals(rig.session.deadline, Infinity);
  rig.session.tick(1e12);
  assertEquals(rig.sent, []);
});

// ── The end ────────────────────────────────────────────────────────────────────────────────────

Deno.test("Session.disconnect() sends DISCONNECT and nothing after it [MQTT-3.14.4-2]", () => {
  const rig = Rig.connected();
  rig.receive(incoming(1, 1));
  rig.session.disconnect(0);
  rig.session.finish(rig.deliveries[0] as Delivery, 0);
  rig.publish(0, "late");
  assertEquals(rig.sent, [{ type: "disconnect" }]);
  assertEquals([rig.session.state, rig.session.deadline], ["closed", Infinity]);
});

Deno.test("Session takes nothing in after DISCONNECT", () => {
  const rig = Rig.connected();
  rig.session.disconnect(0);
  rig.receive({ type: "pubrel", packetId: 1 });
  rig.receive(incoming(1, 1));
  assertEquals([rig.sent, rig.events], [[{ type: "disconnect" }], []]);
});

Deno.test("Session delivers a QoS 2 message once though its connection is lost [MQTT-4.3.3-2]", () => {
  const rig = Rig.connected({ cleanSession: false });
  rig.receive(incoming(3, 2));
  rig.session.drop();
  for (const [sessionPresent, deliveries] of [[true, 1], [false, 2]] as const) {
    rig.session.open({ ...CONNECT, cleanSession: false }, 0);
    rig.receive({ type: "connack", sessionPresent, returnCode: 0 });
    rig.sent = [];
    rig.receive({ ...incoming(3, 2), dup: true });
    assertEquals(rig.deliveries.length, deliveries);
    assertEquals(rig.sent.length, sessionPresent ? 1 : 0);
    rig.session.drop();
  }
});

Deno.test("Session delivers a QoS 2 message again after the application failed on it", () => {
  const rig = Rig.connected();
  rig.receive(incoming(3, 2));
  rig.session.fail(rig.deliveries[0] as Delivery, 0);
  rig.receive({ ...incoming(3, 2), dup: true });
  assertEquals([rig.deliveries.length, rig.sent.length], [2, 0]);
});

Deno.test("Session refuses to send when every packet identifier is in use", () => {
  const rig = Rig.connected();
  for (let count = 0; count < 65_535; count++) rig.publish(1, "t");
  assertThrows(() => rig.publish(1, "t"), RangeError, "65535");
  rig.receive({ type: "puback", packetId: 77 });
  rig.publish(1, "t");
  const last = rig.sent.at(-1);
  assertEquals(last?.type === "publish" && last.packetId, 77);
});

Deno.test("Session.drop() returns everything that was waited for", () => {
  const rig = Rig.connected();
  rig.publish(1, "a");
  rig.publish(2, "b");
  rig.receive({ type: "pubrec", packetId: 2 });
  rig.session.subscribe({ subscriptions: [{ topicFilter: "f", qos: 0 }], token: "c" }, 0);
  rig.session.unsubscribe({ topicFilters: ["f"], token: "d" }, 0);
  assertEquals(rig.session.drop().sort(), ["a", "b", "c", "d"]);
  assertEquals([rig.session.state, rig.session.inFlight], ["closed", 0]);
});

Deno.test("Session does not acknowledge on a new connection what came on the old one", () => {
  const rig = Rig.connected();
  rig.receive(incoming(1, 1));
  rig.session.drop();
  rig.session.open(CONNECT, 0);
  rig.receive({ type: "connack", sessionPresent: false, returnCode: 0 });
  rig.receive(incoming(1, 1));
  rig.sent = [];
  rig.session.finish(rig.deliveries[0] as Delivery, 0);
  assertEquals(rig.sent, []);
  rig.session.finish(rig.deliveries[1] as Delivery, 0);
  assertEquals(rig.sent, [{ type: "puback", packetId: 1 }]);
});

// ── Another connection ─────────────────────────────────────────────────────────────────────────

Deno.test("Session sends again what was not acknowledged, in order and with DUP [MQTT-4.4.0-1] [MQTT-3.3.1-1] [MQTT-4.6.0-1] [MQTT-2.3.1-3]", () => {
  const rig = Rig.connected({ cleanSession: false });
  for (const [qos, token] of [[1, "a"], [2, "b"], [1, "c"], [2, "d"]] as const) {
    rig.publish(qos, token);
  }
  rig.receive({ type: "puback", packetId: 3 });
  reconnect(rig, true);
  assertEquals(rig.sent.map(outline), [
    ["publish", 1, true],
    ["publish", 2, true],
    ["publish", 4, true],
  ]);
  rig.receive({ type: "puback", packetId: 1 });
  assertEquals(rig.events.at(-1), ["acknowledged", "a"]);
});

Deno.test("Session sends PUBREL again in the order of the PUBRECs, and never the PUBLISH [MQTT-4.6.0-4] [MQTT-4.3.3-1]", () => {
  const rig = Rig.connected({ cleanSession: false });
  for (const token of ["a", "b", "c"]) rig.publish(2, token);
  rig.receive({ type: "pubrec", packetId: 2 });
  rig.receive({ type: "pubrec", packetId: 1 });
  reconnect(rig, true);
  assertEquals(rig.sent.map(outline), [["publish", 3, true], ["pubrel", 2], ["pubrel", 1]]);
  rig.receive({ type: "pubcomp", packetId: 2 });
  assertEquals(rig.events.at(-1), ["acknowledged", "b"]);
});

Deno.test("Session publishes anew when the server has kept nothing; what it had received counts as delivered", () => {
  const rig = Rig.connected({ cleanSession: false });
  for (const [qos, token] of [[1, "a"], [2, "b"], [2, "c"]] as const) rig.publish(qos, token);
  rig.receive({ type: "pubrec", packetId: 2 });
  reconnect(rig, false);
  assertEquals(rig.sent.map(outline), [["publish", 1, false], ["publish", 3, false]]);
  assertEquals(rig.events, [["acknowledged", "b"], ["connected", false]]);
});

Deno.test("Session asks again for what it had not been answered", () => {
  const rig = Rig.connected({ cleanSession: false });
  rig.session.subscribe({ subscriptions: [{ topicFilter: "f", qos: 1 }], token: "s" }, 0);
  rig.session.unsubscribe({ topicFilters: ["g"], token: "u" }, 0);
  reconnect(rig, true);
  assertEquals(rig.sent.map(outline), [["subscribe", 1], ["unsubscribe", 2]]);
  rig.receive({ type: "suback", packetId: 1, returnCodes: [1] });
  rig.receive({ type: "unsuback", packetId: 2 });
  assertEquals(rig.events.slice(1), [["subscribed", "s", [1]], ["acknowledged", "u"]]);
});

Deno.test("Session sends what waited before anything that a listener sends on hearing of the connection [MQTT-4.6.0-1]", () => {
  const rig = Rig.connected({ cleanSession: false });
  rig.publish(1, "old");
  const { connected } = rig;
  rig.connected = (sessionPresent) => {
    connected.call(rig, sessionPresent);
    rig.publish(1, "new");
  };
  reconnect(rig, true);
  assertEquals(rig.sent.map(outline), [["publish", 1, true], ["publish", 2, false]]);
});

Deno.test("Session keeps what waits through connections that fail before CONNACK", () => {
  const rig = Rig.connected({ cleanSession: false });
  rig.publish(1, "a");
  rig.session.lose();
  rig.session.open({ ...CONNECT, cleanSession: false }, 0);
  reconnect(rig, true);
  assertEquals(rig.sent.map(outline), [["publish", 1, true]]);
  assertEquals(rig.session.drop(), ["a"]);
});

Deno.test("Session answers PUBREC of an unknown identifier with PUBREL, so that the server is done with it", () => {
  const rig = Rig.connected();
  rig.receive({ type: "pubrec", packetId: 9 });
  assertEquals(rig.sent, [{ type: "pubrel", packetId: 9 }]);
  rig.receive({ type: "pubcomp", packetId: 9 });
  assertEquals([rig.session.counters.unexpectedAcknowledgements, rig.events], [2, []]);
});

Deno.test("Session ignores PUBREC for what is no message", () => {
  const rig = Rig.connected();
  rig.session.subscribe({ subscriptions: [{ topicFilter: "f", qos: 0 }], token: "s" }, 0);
  rig.sent = [];
  rig.receive({ type: "pubrec", packetId: 1 });
  assertEquals([rig.sent, rig.session.counters.unexpectedAcknowledgements], [[], 1]);
  rig.receive({ type: "suback", packetId: 1, returnCodes: [0] });
  assertEquals(rig.events, [["subscribed", "s", [0]]]);
});

Deno.test("Session sends again in order, however many there are and whatever their identifiers", () => {
  const rig = Rig.connected({ cleanSession: false });
  rig.publish(1, "straggler");
  while (lastId(rig) < 65_500) {
    rig.publish(1, "passing");
    rig.receive({ type: "puback", packetId: lastId(rig) });
  }
  const tokens = Array.from({ length: 100 }, (_, index) => `${index}`);
  const released = tokens.filter((_, index) => index % 10 === 3);
  const ids = tokens.map((token) => {
    rig.publish(2, token);
    return lastId(rig);
  });
  assert(Math.min(...ids) < Math.max(...ids) - 1000, "they began again from below");
  for (const token of released) rig.receive({ type: "pubrec", packetId: ids[Number(token)] ?? 0 });
  reconnect(rig, true);
  const again = rig.sent.map((packet) => "packetId" in packet && packet.packetId);
  const published = tokens.filter((token) => !released.includes(token));
  assertEquals(again, [1, ...[...published, ...released].map((token) => ids[Number(token)])]);
});

Deno.test("Session.publish() without a time leaves it to KeepAlive.progressed() to say when something was sent", () => {
  const rig = Rig.connected();
  const { session } = rig;
  session.keepAlive.received(50_000);
  assertEquals(session.deadline, 90_000);
  session.publish({ ...MESSAGE, token: "t" });
  assertEquals(session.deadline, 90_000);
  session.keepAlive.progressed(20_000);
  assertEquals(session.deadline, 110_000);
});

function lastId(rig: Rig): number {
  const packet = rig.sent.at(-1);
  return packet?.type === "publish" ? packet.packetId ?? 0 : 0;
}
