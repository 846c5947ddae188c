/** What a client that comes back makes of a network that fails: the N cases of the list of faults, by number. */

import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import type { Packet, PublishPacket } from "../../src/codec/mod.ts";
import {
  ConnectionLostError,
  ConnectRefusedError,
  DuplicateIdentityError,
  KeepAliveTimeoutError,
} from "../../src/errors.ts";
import { memoryOutbox } from "../../src/outbox/mod.ts";
import { randomFrom, SEED } from "../_kit/seed.ts";
import { settled } from "../_kit/virtual_clock.ts";
import { outcomes } from "./_rig.ts";
import { ReturningRig } from "./_returning_rig.ts";

/** The next so many packets, each as its type, its identifier and, of a PUBLISH, DUP. */
async function outlines(rig: ReturningRig, count: number): Promise<unknown[][]> {
  const packets: Packet[] = [];
  while (packets.length < count) {
    const packet = await rig.peer.receive();
    assert(packet, "the connection ended");
    packets.push(packet);
  }
  return packets.map((packet) => {
    const { type } = packet;
    const id = "packetId" in packet ? packet.packetId : undefined;
    return type === "publish" ? [type, id, packet.dup] : [type, id];
  });
}

/** Subscribes, and the server grants it. */
async function subscribe(rig: ReturningRig, topicFilter: string, topics: string[]): Promise<void> {
  const handler = ({ topic }: PublishPacket) => void topics.push(topic);
  const subscribing = rig.client.subscribe(topicFilter, { qos: 1, handler });
  const { packetId } = await rig.peer.expect("subscribe");
  await rig.peer.send({ type: "suback", packetId, returnCodes: [1] });
  await subscribing;
}

function incoming(topic: string): PublishPacket {
  return { type: "publish", topic, payload: new Uint8Array(), qos: 0, retain: false, dup: false };
}

// ── N5 to N7: what was under way ───────────────────────────────────────────────────────────────

Deno.test("N5: a server that drops before it acknowledges is sent everything again, as copies, by the same ids, in order; each promise settles once", async () => {
  await using rig = await ReturningRig.connected();
  let settledOnes = 0;
  const publishing = [1, 2, 1, 2, 1].map((qos, n) =>
    rig.client.publish(`t/${n}`, "x", { qos: qos as 1 | 2 }).then(() => settledOnes++)
  );
  const first = [1, 2, 3, 4, 5].map((id) => ["publish", id, false]);
  assertEquals(await outlines(rig, 5), first);
  for (let lost = 0; lost < 3; lost++) {
    await rig.lose();
    await rig.comeBack({ afterMs: 1000 * 2 ** lost });
    // Only the first two losses come within 30 s of success.
    await rig.clock.advance(lost === 1 ? 31_000 : 0);
    assertEquals(await outlines(rig, 5), first.map(([type, id]) => [type, id, true]));
  }
  for (const packetId of [1, 3, 5]) await rig.peer.send({ type: "puback", packetId });
  for (const packetId of [2, 4]) await rig.peer.send({ type: "pubrec", packetId });
  assertEquals(await outlines(rig, 2), [["pubrel", 2], ["pubrel", 4]]);
  assertEquals(settledOnes, 3);
  for (const packetId of [2, 4, 2, 4]) await rig.peer.send({ type: "pubcomp", packetId });
  await Promise.all(publishing);
  assertEquals([settledOnes, rig.peer.waiting], [5, 0]);
});

Deno.test("N5: what was sent behind it goes behind it again, and what is published meanwhile behind all that", async () => {
  await using rig = await ReturningRig.connected({ maximumInFlight: 3 });
  const publishing = ["a", "b", "c", "d"].map((topic) => rig.client.publish(topic, "", { qos: 1 }));
  await outlines(rig, 3);
  await rig.lose();
  publishing.push(rig.client.publish("e", "", { qos: 1 }));
  await rig.comeBack();
  const topics: string[] = [];
  for (let n = 0; n < 5; n++) {
    const { topic, packetId = 0 } = await rig.peer.expect("publish");
    topics.push(topic);
    await rig.peer.send({ type: "puback", packetId });
  }
  assertEquals(topics, ["a", "b", "c", "d", "e"]);
  await Promise.all(publishing);
});

Deno.test("N6: PUBACK that was lost: the server gets a second copy, marked as one, and the promise resolves once", async () => {
  await using rig = await ReturningRig.connected();
  let resolved = 0;
  const publishing = rig.client.publish("t", "x", { qos: 1 }).then(() => resolved++);
  const copies = await outlines(rig, 1);
  // Its PUBACK never arrives.
  await rig.lose();
  await rig.comeBack();
  copies.push(...await outlines(rig, 1));
  assertEquals(copies, [["publish", 1, false], ["publish", 1, true]]);
  await rig.peer.send({ type: "puback", packetId: 1 }, { type: "puback", packetId: 1 });
  await publishing;
  assertEquals([resolved, rig.client.state, rig.peer.waiting], [1, "connected", 0]);
  const next = rig.client.publish("t", "y", { qos: 1 });
  assertEquals(await outlines(rig, 1), [["publish", 2, false]]);
  await rig.peer.send({ type: "puback", packetId: 2 });
  await next;
});

Deno.test("N7: a server that has kept no session gets what it has not acknowledged as new, then every subscription, then what waited", async () => {
  await using rig = await ReturningRig.connected();
  const topics: string[] = [];
  await subscribe(rig, "a/#", topics);
  const publishing = [rig.client.publish("1", "x", { qos: 1 })];
  publishing.push(rig.client.publish("2", "x", { qos: 2 }));
  await outlines(rig, 2);
  await rig.lose();
  publishing.push(rig.client.publish("3", "x", { qos: 1 }));
  await rig.comeBack({ sessionPresent: false });
  const again = await outlines(rig, 4);
  assertEquals(again.map(([type, , dup]) => [type, dup]), [
    ["publish", false],
    ["publish", false],
    ["subscribe", undefined],
    ["publish", false],
  ]);
  const [one = 0, two = 0, subscribed = 0, three = 0] = again.map(([, id]) => Number(id));
  await rig.peer.send({ type: "suback", packetId: subscribed, returnCodes: [1] }, incoming("a/b"));
  await rig.peer.send({ type: "puback", packetId: one }, { type: "puback", packetId: three });
  await rig.peer.send({ type: "pubrec", packetId: two }, { type: "pubcomp", packetId: two });
  await Promise.all(publishing);
  assertEquals(topics, ["a/b"]);
});

Deno.test("N7: of a QoS 2 message that the server had received, nothing is sent any more to a server that has forgotten it", async () => {
  await using rig = await ReturningRig.connected();
  const publishing = rig.client.publish("t", "x", { qos: 2 });
  await outlines(rig, 1);
  await rig.peer.send({ type: "pubrec", packetId: 1 });
  await outlines(rig, 1);
  await rig.lose();
  await rig.comeBack({ sessionPresent: false });
  await publishing;
  assertEquals(rig.peer.waiting, 0);
});

// ── N8 and N9: how it is lost, and when it comes back ──────────────────────────────────────────

Deno.test("N8: a black hole is noticed within one and a half keep-alives; what waited is delivered by the next connection", async () => {
  await using rig = await ReturningRig.connected({ keepAliveSeconds: 60, maximumInFlight: 2 });
  const publishing = ["a", "b", "c"].map((topic) => rig.client.publish(topic, "", { qos: 1 }));
  const subscribing = rig.client.subscribe("s");
  await rig.clock.advance(53_999 + 10_000);
  assertEquals(rig.client.state, "connected");
  await rig.clock.advance(1);
  assertEquals(rig.states, ["reconnecting"]);
  assertInstanceOf(rig.cause, KeepAliveTimeoutError);
  await rig.comeBack({ afterMs: 1000 });
  const topics: string[] = [];
  for (let n = 0; n < 4; n++) {
    const packet = await rig.peer.receive();
    assert(packet?.type === "publish" || packet?.type === "subscribe");
    topics.push(packet.type === "publish" ? packet.topic : "subscribe");
    const { packetId = 0 } = packet;
    await rig.peer.send(
      packet.type === "publish"
        ? { type: "puback", packetId }
        : { type: "suback", packetId, returnCodes: [0] },
    );
  }
  assertEquals(topics, ["a", "b", "subscribe", "c"]);
  await Promise.all([...publishing, subscribing]);
});

Deno.test("N9: delays lie anywhere below a bound that doubles up to its limit, and begin anew after a minute of connection", async () => {
  const random = randomFrom(SEED);
  const chances: number[] = [];
  const chance = () => {
    chances.push(random());
    return chances.at(-1) ?? 0;
  };
  await using rig = await ReturningRig.connected({ reconnect: { random: chance } });
  rig.transport.isDown = true;
  const { attempts } = rig.transport;
  await rig.lose();
  for (let failure = 0; failure < 12; failure++) {
    assertEquals([attempts.length, chances.length], [failure + 1, failure + 1]);
    const delay = (chances.at(-1) ?? 0) * Math.min(100_000, 1000 * 2 ** failure);
    const at = rig.clock.now() + delay;
    await rig.clock.advance(delay);
    assertEquals(attempts.at(-1), at);
  }
  rig.transport.isDown = false;
  await rig.clock.advance((chances.at(-1) ?? 0) * 100_000);
  await rig.peer.accept({ sessionPresent: true });
  await rig.clock.advance(54_000);
  await rig.peer.send({ type: "pingresp" });
  await rig.clock.advance(6000);
  const count = attempts.length;
  await rig.lose();
  await rig.clock.advance(1000);
  assertEquals(attempts.length, count + 1, "within a second again");
});

Deno.test("N9: each way in which a connection ends is told as the cause, and the client comes back from it", async () => {
  await using rig = await ReturningRig.connected({ keepAliveSeconds: 60 });
  await rig.lose();
  assertEquals([rig.cause?.code, rig.client.state], ["CONNECTION_LOST", "reconnecting"]);
  await rig.comeBack();
  await rig.clock.advance(64_000);
  assertEquals([rig.cause?.code, rig.client.state], ["KEEP_ALIVE_TIMEOUT", "reconnecting"]);
  await rig.comeBack();
  await rig.peer.sendBytes(new Uint8Array([0xF0, 0]));
  assertEquals([rig.cause?.code, rig.client.state], ["MQTT_MALFORMED_PACKET", "reconnecting"]);
  await rig.comeBack({ afterMs: 2000 });
  assertEquals(rig.client.state, "connected");
});

// ── N10 and N12: servers that do not want us ───────────────────────────────────────────────────

Deno.test("N10: what counts is three losses in a row, each within 30 s of success", async () => {
  await using rig = await ReturningRig.connected();
  for (const [loss, ms] of [29_999, 29_999, 30_000, 29_999, 29_999].entries()) {
    await rig.clock.advance(ms);
    await rig.lose();
    assertEquals(rig.client.state, "reconnecting");
    await rig.comeBack({ afterMs: 1000 * 2 ** loss });
  }
  await rig.lose();
  assertInstanceOf(rig.cause, DuplicateIdentityError);
});

Deno.test("N10: two clients of one id that throw each other out do not storm: both stop, and say why", async () => {
  const rigs = [await ReturningRig.connected(), await ReturningRig.connected()] as const;
  const [a, b] = rigs;
  // Whoever connects last, stays; the other one is closed by the server.
  let attempts = 2;
  for (let turn = 0; turn < 100; turn++) {
    const [winner, loser] = turn % 2 === 0 ? [a, b] : [b, a];
    await loser.lose();
    if (loser.client.state === "disconnected") break;
    attempts++;
    await loser.clock.advance(5000);
    await loser.peer.accept({ sessionPresent: true });
    await winner.clock.advance(5000);
  }
  assertInstanceOf(b.cause ?? a.cause, DuplicateIdentityError);
  assert(attempts <= 7, `${attempts} connections`);
  for (const rig of rigs) await rig[Symbol.asyncDispose]();
});

Deno.test("N12: a server that closes at every CONNECT is asked less and less often, and as often as the program says", async () => {
  await using rig = await ReturningRig.connected({
    reconnect: { random: () => 1, shouldRetry: (_error, failures) => failures <= 40 },
  });
  const publishing = outcomes([rig.client.publish("t", "x", { qos: 1 })]);
  await rig.peer.expect("publish");
  await rig.lose();
  const HOUR = 3_600_000;
  for (let peers = 1; rig.clock.now() < HOUR && rig.client.state !== "disconnected";) {
    await rig.clock.advance(1000);
    if (rig.transport.peers.length === peers) continue;
    peers = rig.transport.peers.length;
    await rig.peer.expect("connect");
    await rig.lose();
  }
  assertEquals(rig.transport.attempts.length, 41);
  assertInstanceOf(rig.cause, ConnectionLostError);
  assertEquals(await publishing, ["CONNECTION_LOST"]);
  const gaps = rig.transport.attempts.slice(2).map((at, n) =>
    at - (rig.transport.attempts[n + 1] ?? 0)
  );
  assertEquals(gaps.every((gap, n) => n === 0 || gap >= (gaps[n - 1] ?? 0)), true, `${gaps}`);
});

Deno.test("N12: a server that is unavailable at every CONNECT, too", async () => {
  await using rig = await ReturningRig.connected();
  await rig.lose();
  for (let refusals = 0; refusals < 8; refusals++) {
    await rig.clock.advance(Math.min(100_000, 1000 * 2 ** refusals));
    await rig.peer.expect("connect");
    await rig.peer.send({ type: "connack", sessionPresent: false, returnCode: 3 });
    assertInstanceOf(rig.cause, ConnectRefusedError);
    assertEquals(rig.client.state, "reconnecting");
  }
  assertEquals(rig.transport.attempts.length, 9);
  await rig.client.close();
  await assertRejects(() => rig.client.publish("t", "x"), ConnectionLostError);
});

// ── N14: no room left while there is no connection ─────────────────────────────────────────────

const POLICIES = {
  wait: ["done", "done", "done", "done"],
  reject: ["done", "done", "OUTBOX_FULL", "OUTBOX_FULL"],
  "drop-oldest": ["OUTBOX_FULL", "OUTBOX_FULL", "done", "done"],
} as const;

for (const whenFull of ["wait", "reject", "drop-oldest"] as const) {
  Deno.test(`N14: the outbox is full while there is no connection: ${whenFull}`, async () => {
    const outbox = memoryOutbox({ maximumCount: 2, whenFull });
    await using rig = await ReturningRig.connected({ outbox });
    await rig.lose();
    const publishing: Promise<void>[] = [];
    for (let n = 0; n < 4; n++) {
      publishing.push(rig.client.publish(`${n}`, "x", { qos: 1 }));
      await settled();
      assert(outbox.count <= 2);
    }
    const outcome = outcomes(publishing);
    await rig.comeBack();
    const topics: string[] = [];
    const expected = publishing.map((_, n) => `${n}`).filter((_, n) => {
      return POLICIES[whenFull][n] === "done";
    });
    while (topics.length < expected.length) {
      const { topic, packetId = 0 } = await rig.peer.expect("publish");
      topics.push(topic);
      await rig.peer.send({ type: "puback", packetId });
    }
    assertEquals([topics, await outcome], [expected, [...POLICIES[whenFull]]]);
    assertEquals([outbox.count, outbox.bytes], [0, 0]);
  });
}
