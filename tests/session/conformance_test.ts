/**
 * The statements of MQTT 3.1.1 about the state of a session, each by its id; those of the conversation of client and
 * server are in `tests/client/conformance_test.ts`.
 */

import { assertEquals, assertThrows } from "@std/assert";
import { KeepAliveTimeoutError } from "../../src/errors.ts";
import type { Delivery } from "../../src/session/mod.ts";
import { CONNECT, incoming, MESSAGE, outline, reconnect, Rig } from "./_rig.ts";

const KEPT = { cleanSession: false } as const;

Deno.test("Session takes SUBACK and UNSUBACK for the answer to what carries their id, and to nothing else [MQTT-2.3.1-7] [MQTT-3.8.4-2] [MQTT-3.10.4-4]", () => {
  const rig = Rig.connected();
  const subscriptions = [{ topicFilter: "f", qos: 0 as const }];
  for (const token of ["a", "b"]) rig.session.subscribe({ subscriptions, token }, 0);
  for (const token of ["c", "d"]) rig.session.unsubscribe({ topicFilters: ["f"], token }, 0);
  rig.receive({ type: "suback", packetId: 5, returnCodes: [0] });
  rig.receive({ type: "suback", packetId: 3, returnCodes: [0] });
  rig.receive({ type: "unsuback", packetId: 1 });
  assertEquals([rig.events, rig.session.inFlight], [[], 4]);
  rig.receive({ type: "suback", packetId: 2, returnCodes: [1] });
  rig.receive({ type: "unsuback", packetId: 4 });
  rig.receive({ type: "suback", packetId: 1, returnCodes: [2] });
  rig.receive({ type: "unsuback", packetId: 3 });
  assertEquals(rig.events, [
    ["subscribed", "b", [1]],
    ["acknowledged", "d"],
    ["subscribed", "a", [2]],
    ["acknowledged", "c"],
  ]);
});

Deno.test("Session keeps all of its state over a lost connection unless it is clean: ids, order, what came at QoS 2 [MQTT-3.1.2-4] [MQTT-4.1.0-1]", () => {
  const rig = Rig.connected(KEPT);
  for (const [qos, token] of [[1, "a"], [2, "b"], [2, "c"]] as const) rig.publish(qos, token);
  rig.receive({ type: "pubrec", packetId: 2 });
  rig.receive(incoming(9, 2));
  rig.session.finish(rig.deliveries[0] as Delivery, 0);
  // However many connections come and go in between, and however far they get.
  for (let lost = 0; lost < 3; lost++) {
    rig.session.lose();
    rig.session.open({ ...CONNECT, ...KEPT }, 0);
  }
  reconnect(rig, true);
  assertEquals(rig.sent.map(outline), [["publish", 1, true], ["publish", 3, true], ["pubrel", 2]]);
  rig.receive({ ...incoming(9, 2), dup: true });
  assertEquals([rig.deliveries.length, rig.sent.at(-1)], [1, { type: "pubrec", packetId: 9 }]);
  rig.publish(1, "d");
  assertEquals(rig.sent.map(outline).at(-1), ["publish", 4, false], "an id that nothing uses");
});

Deno.test("Session that is clean begins anew with every connection: nothing is taken for a copy of what was before [MQTT-3.1.2-6]", () => {
  const rig = Rig.connected();
  rig.publish(2, "a");
  rig.receive(incoming(9, 2, "before"));
  rig.session.lose();
  rig.session.open(CONNECT, 0);
  rig.sent = [];
  rig.receive({ type: "connack", sessionPresent: false, returnCode: 0 });
  assertEquals(rig.sent.map(outline), [["publish", 1, false]], "a new message to a new session");
  rig.receive(incoming(9, 2, "after"));
  assertEquals(rig.events.filter(([kind]) => kind === "message"), [
    ["message", "before"],
    ["message", "after"],
  ]);
});

Deno.test("Session belongs to a client id: to the session of another one, nothing of its state applies [MQTT-3.1.3-2]", () => {
  const rig = Rig.connected(KEPT);
  rig.publish(1, "a");
  rig.publish(2, "b");
  rig.receive({ type: "pubrec", packetId: 2 });
  rig.receive(incoming(9, 2, "to d1"));
  rig.session.lose();
  rig.session.open({ ...CONNECT, ...KEPT, clientId: "d2" }, 0);
  rig.sent = [];
  rig.events = [];
  rig.receive({ type: "connack", sessionPresent: true, returnCode: 0 });
  assertEquals(rig.sent.map(outline), [["publish", 1, false]]);
  assertEquals(rig.events, [["acknowledged", "b"], ["connected", false]]);
  rig.receive(incoming(9, 2, "to d2"));
  assertEquals(rig.events.at(-1), ["message", "to d2"]);
});

Deno.test("Session is told by CONNACK that the server has kept nothing, and counts on nothing there [MQTT-3.2.2-3]", () => {
  const rig = Rig.connected(KEPT);
  for (const [qos, token] of [[1, "a"], [2, "b"], [2, "c"]] as const) rig.publish(qos, token);
  rig.receive({ type: "pubrec", packetId: 2 });
  rig.receive(incoming(9, 2));
  reconnect(rig, false);
  assertEquals(rig.sent.map(outline), [["publish", 1, false], ["publish", 3, false]]);
  assertEquals(rig.events, [["acknowledged", "b"], ["connected", false]]);
  rig.receive(incoming(9, 2));
  assertEquals(rig.deliveries.length, 2, "the id means a new message");
});

Deno.test("Session lasts as long as its connection, clean or not: hours later it knows a message by its id [MQTT-4.1.0-2]", () => {
  for (const cleanSession of [true, false]) {
    const rig = Rig.connected({ cleanSession });
    rig.publish(1, "a");
    rig.receive(incoming(9, 2));
    rig.session.finish(rig.deliveries[0] as Delivery, 0);
    let now = 0;
    for (let ping = 0; ping < 100; ping++) {
      rig.session.tick(now = rig.session.deadline);
      rig.receive({ type: "pingresp" }, now);
    }
    rig.receive({ ...incoming(9, 2), dup: true }, now);
    rig.receive({ type: "puback", packetId: 1 }, now);
    assertEquals(rig.events, [["message", "t"], ["acknowledged", "a"]]);
    assertEquals(rig.sent.at(-1), { type: "pubrec", packetId: 9 });
  }
});

Deno.test("Session sends PUBREC in the order of the messages, whatever is finished first [MQTT-4.6.0-3]", () => {
  const rig = Rig.connected();
  for (const packetId of [5, 6, 7]) rig.receive(incoming(packetId, 2));
  const [first, second, third] = rig.deliveries as [Delivery, Delivery, Delivery];
  rig.session.finish(third, 0);
  rig.session.finish(first, 0);
  assertEquals(rig.sent, [{ type: "pubrec", packetId: 5 }]);
  rig.session.finish(second, 0);
  assertEquals(rig.sent, [5, 6, 7].map((packetId) => ({ type: "pubrec", packetId })));
});

Deno.test("Session keeps that order after another connection, too: what was finished before waits for what was not [MQTT-4.6.0-3]", () => {
  const rig = Rig.connected(KEPT);
  for (const packetId of [5, 6]) rig.receive(incoming(packetId, 2));
  rig.session.finish(rig.deliveries[1] as Delivery, 0);
  reconnect(rig, true);
  for (const packetId of [5, 6]) rig.receive({ ...incoming(packetId, 2), dup: true });
  assertEquals([rig.sent, rig.deliveries.length], [[], 2]);
  rig.session.finish(rig.deliveries[0] as Delivery, 0);
  assertEquals(rig.sent, [5, 6].map((packetId) => ({ type: "pubrec", packetId })));
});

Deno.test("Session waits for PINGRESP to each PINGREQ, and for no longer than its deadline [MQTT-3.12.4-1]", () => {
  const rig = Rig.connected();
  for (let ping = 0; ping < 3; ping++) {
    const now = rig.session.deadline;
    rig.session.tick(now);
    assertEquals(rig.session.deadline, now + 2000);
    rig.receive({ type: "pingresp" }, now + 1999);
  }
  rig.session.tick(rig.session.deadline);
  rig.session.tick(rig.session.deadline - 1);
  assertThrows(() => rig.session.tick(rig.session.deadline), KeepAliveTimeoutError);
});

Deno.test("Session never lets a server wait for one and a half intervals, whatever is sent when [MQTT-3.1.2-24] [MQTT-3.1.2-23]", () => {
  const rig = Rig.connected({ keepAliveSeconds: 10 });
  let lastSentAt = 0;
  let longest = 0;
  for (let now = 0; now < 3_600_000; now += 250) {
    rig.sent = [];
    // Bursts and pauses of every length.
    if (now / 250 % 997 < 40) rig.session.publish({ ...MESSAGE, token: "" }, now);
    rig.session.tick(now);
    if (rig.sent.length === 0) continue;
    longest = Math.max(longest, now - lastSentAt);
    lastSentAt = now;
    rig.receive({ type: "pingresp" }, now);
  }
  assertEquals(longest <= 10_000, true, `${longest} ms without a packet`);
});

// ── A message that is still worked on when its connection is lost ──────────────────────────────

for (const qos of [1, 2] as const) {
  const answer = qos === 1 ? "puback" : "pubrec";

  Deno.test(`Session delivers a message at QoS ${qos} once and answers it when the application is done, though its connection is lost meanwhile`, () => {
    const rig = Rig.connected(KEPT);
    rig.receive(incoming(5, qos));
    for (let lost = 0; lost < 3; lost++) {
      reconnect(rig, true);
      rig.receive({ ...incoming(5, qos), dup: true });
      assertEquals([rig.sent, rig.deliveries.length], [[], 1]);
    }
    rig.session.finish(rig.deliveries[0] as Delivery, 0);
    assertEquals(rig.sent, [{ type: answer, packetId: 5 }]);
  });

  Deno.test(`Session answers a copy at QoS ${qos} at once when the application was done while there was no connection`, () => {
    const rig = Rig.connected(KEPT);
    rig.receive(incoming(5, qos));
    rig.session.lose();
    rig.session.finish(rig.deliveries[0] as Delivery, 0);
    reconnect(rig, true);
    assertEquals(rig.sent, []);
    rig.receive({ ...incoming(5, qos), dup: true });
    assertEquals([rig.sent, rig.deliveries.length], [[{ type: answer, packetId: 5 }], 1]);
  });

  Deno.test(`Session delivers a message at QoS ${qos} again that the application failed on while there was no connection`, () => {
    const rig = Rig.connected(KEPT);
    rig.receive(incoming(5, qos));
    rig.session.lose();
    rig.session.fail(rig.deliveries[0] as Delivery, 0);
    reconnect(rig, true);
    rig.receive({ ...incoming(5, qos), dup: true });
    assertEquals([rig.sent, rig.deliveries.length], [[], 2]);
    rig.session.finish(rig.deliveries[1] as Delivery, 0);
    assertEquals(rig.sent, [{ type: answer, packetId: 5 }]);
  });
}

Deno.test("Session takes a message at QoS 1 under an id of before for a new one, unless it is marked as a copy", () => {
  const rig = Rig.connected(KEPT);
  rig.receive(incoming(5, 1, "old"));
  reconnect(rig, true);
  rig.receive(incoming(5, 1, "new"));
  assertEquals(rig.events.at(-1), ["message", "new"]);
  rig.receive({ ...incoming(5, 1, "new"), dup: true });
  assertEquals(rig.deliveries.length, 3, "what was before is no longer meant");
});

Deno.test("Session forgets for QoS 1 what the server did not send again on the next connection", () => {
  const rig = Rig.connected(KEPT);
  rig.receive(incoming(5, 1, "old"));
  reconnect(rig, true);
  reconnect(rig, true);
  rig.receive({ ...incoming(5, 1, "new"), dup: true });
  assertEquals(rig.events.at(-1), ["message", "new"]);
});

Deno.test("Session is not misled by who fails late on a message of an earlier session: its id means another one now", () => {
  const rig = Rig.connected(KEPT);
  rig.receive(incoming(5, 2, "old"));
  reconnect(rig, false);
  rig.receive(incoming(5, 2, "new"));
  rig.session.fail(rig.deliveries[0] as Delivery, 0);
  rig.receive({ ...incoming(5, 2, "new"), dup: true });
  assertEquals(rig.deliveries.length, 2);
});

Deno.test("Session.drop() waits no more for who had a message: a copy of it is answered, or delivered to another", () => {
  const rig = Rig.connected(KEPT);
  rig.receive(incoming(5, 1));
  rig.receive(incoming(6, 2));
  rig.session.drop();
  reconnect(rig, true);
  rig.receive({ ...incoming(6, 2), dup: true });
  rig.receive({ ...incoming(5, 1), dup: true });
  assertEquals(rig.sent, [{ type: "pubrec", packetId: 6 }]);
  rig.session.finish(rig.deliveries[2] as Delivery, 0);
  assertEquals(rig.sent.at(-1), { type: "puback", packetId: 5 });
});

Deno.test("Session waits for no message that the server does not send again", () => {
  const rig = Rig.connected(KEPT);
  for (const packetId of [5, 6]) rig.receive(incoming(packetId, 1));
  reconnect(rig, true);
  rig.receive({ ...incoming(5, 1), dup: true });
  rig.session.finish(rig.deliveries[0] as Delivery, 0);
  rig.receive(incoming(7, 1));
  rig.session.finish(rig.deliveries[2] as Delivery, 0);
  assertEquals(rig.sent, [5, 7].map((packetId) => ({ type: "puback", packetId })));
});
