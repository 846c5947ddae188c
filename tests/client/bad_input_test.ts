/**
 * What a client makes of packets that are wrong: the P cases of the list of faults, by number. A violation closes the socket
 * without DISCONNECT and names its rule; what is in flight is kept, and another connection is tried.
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { encodePacket, type Packet } from "../../src/codec/mod.ts";
import {
  ConnectRefusedError,
  type HubwireError,
  MalformedPacketError,
  ProtocolError,
} from "../../src/errors.ts";
import { fromHex } from "../_kit/hex.ts";
import { settled } from "../_kit/virtual_clock.ts";
import { outcomes, Rig } from "./_rig.ts";

/** Comes back, and the delays are as long as they may be. */
const KEPT = { cleanSession: false, reconnect: { random: () => 1 } } as const;

const CONNACK: Packet = { type: "connack", sessionPresent: false, returnCode: 0 };

/** The rule that a violation broke. */
function ruleOf(error: HubwireError | undefined): string {
  assert(error instanceof MalformedPacketError || error instanceof ProtocolError, `${error}`);
  return error.statement;
}

/** Sends the bytes instead of CONNACK; the rule that they break. */
async function firstBytesBreak(hex: string): Promise<string> {
  await using rig = new Rig();
  const connecting = assertRejects(() => rig.client.connect());
  await settled();
  await rig.peer.expect("connect");
  await rig.peer.sendBytes(fromHex(hex));
  const error = await connecting;
  assertEquals(await rig.peer.receive(), undefined, "no DISCONNECT, the socket is closed");
  assertEquals([rig.client.state, rig.clock.pending], ["disconnected", 0]);
  return ruleOf(error as HubwireError);
}

/** Sends the bytes to a client that has a message in flight at QoS 1; the rule that they break. */
async function bytesBreak(hex: string): Promise<string> {
  await using rig = await Rig.connected(KEPT);
  const publishing = rig.client.publish("t", "x", { qos: 1 });
  const { packetId = 0 } = await rig.peer.expect("publish");
  await rig.peer.sendBytes(fromHex(hex));
  assertEquals(await rig.peer.receive(), undefined, "no DISCONNECT, the socket is closed");
  assertEquals([rig.client.state, rig.transport.peers.length], ["reconnecting", 1]);
  const rule = ruleOf(rig.cause);
  await rig.clock.advance(1000);
  await rig.peer.accept({ sessionPresent: true });
  const { dup, packetId: again } = await rig.peer.expect("publish");
  assertEquals([dup, again], [true, packetId]);
  await rig.peer.send({ type: "puback", packetId });
  await publishing;
  return rule;
}

/** Sends the bytes to a client; the topics of what it delivered, after which it is still connected. */
async function topicsOf(hex: string): Promise<string[]> {
  await using rig = await Rig.connected();
  const topics: string[] = [];
  const iterating = (async () => {
    for await (const { topic } of rig.client.messages()) topics.push(topic);
  })();
  await rig.peer.sendBytes(fromHex(hex));
  assertEquals(rig.client.state, "connected");
  await rig.client.close();
  await iterating;
  return topics;
}

// ── CONNACK ────────────────────────────────────────────────────────────────────────────────────

Deno.test("P1: a reserved flag of CONNACK", async () => {
  assertEquals(await firstBytesBreak("20 02 02 00"), "3.2.2.1");
});

Deno.test("P2: CONNACK of another length", async () => {
  assertEquals(await firstBytesBreak("20 01 00"), "2.2.3");
  assertEquals(await firstBytesBreak("20 03 00 00 00"), "2.2.3");
});

Deno.test("P3: flag bits of CONNACK", async () => {
  assertEquals(await firstBytesBreak("21 02 00 00"), "MQTT-2.2.2-2");
});

Deno.test("P4: a reserved return code is a refusal, after which nothing is tried again", async () => {
  await using rig = await Rig.connected(KEPT);
  rig.peer.close();
  await rig.clock.advance(1000);
  await rig.peer.expect("connect");
  await rig.peer.sendBytes(fromHex("20 02 00 06"));
  assert(rig.cause instanceof ConnectRefusedError);
  assertEquals([rig.cause.returnCode, rig.cause.retryable], [6, false]);
  assert(rig.cause.message.includes("unknown code 6"));
  await rig.clock.advance(3_600_000);
  assertEquals([rig.transport.peers.length, rig.client.state], [2, "disconnected"]);
});

Deno.test("P5: a refusal that claims a session is a refusal", async () => {
  await using rig = new Rig({ cleanSession: false });
  const connecting = assertRejects(() => rig.client.connect(), ConnectRefusedError, "MQTT-3.2.2-4");
  await settled();
  await rig.peer.expect("connect");
  await rig.peer.sendBytes(fromHex("20 02 01 05"));
  assertEquals((await connecting).returnCode, 5);
});

Deno.test("P6: a kept session that was to be clean", async () => {
  assertEquals(await firstBytesBreak("20 02 01 00"), "MQTT-3.2.2-1");
});

Deno.test("P7: a second CONNACK", async () => {
  assertEquals(await bytesBreak("20 02 00 00"), "MQTT-3.2.0-1");
});

Deno.test("P8: a message before CONNACK", async () => {
  assertEquals(await firstBytesBreak("30 05 00 01 61 62 63"), "MQTT-3.2.0-1");
});

// ── Lengths ────────────────────────────────────────────────────────────────────────────────────

Deno.test("P9: a length of five bytes", async () => {
  assertEquals(await bytesBreak("30 80 80 80 80 01"), "2.2.3");
  assertEquals(await bytesBreak("30 80 80 80 80"), "2.2.3", "at the fourth byte already");
});

Deno.test("P10: more bytes are announced than a packet may have", async () => {
  assertEquals(await bytesBreak("30 FF FF FF 7F"), "2.2.3");
});

Deno.test("P11: a length in more bytes than it needs", async () => {
  assertEquals(await topicsOf("D0 80 00"), []);
});

// ── PUBLISH ────────────────────────────────────────────────────────────────────────────────────

Deno.test("P12: QoS 3", async () => {
  assertEquals(await bytesBreak("36 07 00 01 61 00 01 68 69"), "MQTT-3.3.1-4");
});

Deno.test("P13: an empty topic", async () => {
  assertEquals(await bytesBreak("30 04 00 00 68 69"), "MQTT-4.7.3-1");
});

Deno.test("P14: a string longer than its packet", async () => {
  assertEquals(await bytesBreak("30 04 00 09 61 62"), "1.5.3");
});

Deno.test("P15: a wildcard in a topic name", async () => {
  assertEquals(await bytesBreak("30 05 00 03 61 2F 23"), "MQTT-3.3.2-2");
});

Deno.test("P16: NUL, a surrogate, an overlong form, more than U+10FFFF", async () => {
  assertEquals(await bytesBreak("30 05 00 03 61 00 62"), "MQTT-1.5.3-2");
  for (const hex of ["30 05 00 03 ED A0 80", "30 04 00 02 C0 AF", "30 06 00 04 F4 90 80 80"]) {
    assertEquals(await bytesBreak(hex), "MQTT-1.5.3-1");
  }
});

Deno.test("P17: a topic that begins with U+FEFF keeps it", async () => {
  assertEquals(await topicsOf("30 05 00 03 EF BB BF"), ["\uFEFF"]);
});

Deno.test("P18: identifier 0, or none", async () => {
  assertEquals(await bytesBreak("32 05 00 01 61 00 00"), "MQTT-2.3.1-1");
  assertEquals(await bytesBreak("32 03 00 01 61"), "MQTT-2.3.1-1");
});

Deno.test("P19: DUP at QoS 0", async () => {
  assertEquals(await topicsOf("38 03 00 01 61"), ["a"]);
});

// ── Acknowledgements ───────────────────────────────────────────────────────────────────────────

Deno.test("P20: PUBACK of nothing, and PUBACK twice", async () => {
  await using rig = await Rig.connected();
  await rig.peer.sendBytes(fromHex("40 02 7F FF"));
  const publishing = rig.client.publish("t", "x", { qos: 1 });
  await rig.peer.expect("publish");
  await rig.peer.sendBytes(fromHex("40 02 00 01 40 02 00 01"));
  await publishing;
  assertEquals([rig.client.state, rig.peer.waiting], ["connected", 0]);
});

Deno.test("P21: PUBACK misshapen", async () => {
  assertEquals(await bytesBreak("42 02 00 01"), "MQTT-2.2.2-2");
  assertEquals(await bytesBreak("40 03 00 01 00"), "2.2.3");
  assertEquals(await bytesBreak("40 02 00 00"), "MQTT-2.3.1-1");
});

Deno.test("P22: PUBREL without its flags, and of an unknown identifier", async () => {
  assertEquals(await bytesBreak("60 02 00 01"), "MQTT-2.2.2-2");
  await using rig = await Rig.connected();
  await rig.peer.sendBytes(fromHex("62 02 00 09"));
  assertEquals(await rig.peer.receive(), { type: "pubcomp", packetId: 9 });
});

Deno.test("P23: PUBREC for a message at QoS 1", async () => {
  assertEquals(await bytesBreak("50 02 00 01"), "MQTT-4.3.2-1");
});

Deno.test("P24: SUBACK with code 3, with too many codes, with code 128", async () => {
  assertEquals(await bytesBreak("90 03 00 01 03"), "MQTT-3.9.3-2");
  await using rig = await Rig.connected({ maximumInFlight: 5 });
  const refused = outcomes([rig.client.subscribe("a"), rig.client.subscribe("b")]);
  await rig.peer.expect("subscribe");
  await rig.peer.sendBytes(fromHex("90 03 00 01 80"));
  await rig.peer.sendBytes(fromHex("90 04 00 02 00 00"));
  assertEquals(await refused, ["MQTT_SUBSCRIPTION_REFUSED", "MQTT_PROTOCOL_VIOLATION"]);
  assertEquals(ruleOf(rig.cause), "MQTT-3.8.4-5");
});

Deno.test("P25: UNSUBACK and PINGRESP misshapen", async () => {
  assertEquals(await bytesBreak("B0 03 00 01 00"), "2.2.3");
  assertEquals(await bytesBreak("D0 01 00"), "2.2.3");
  assertEquals(await bytesBreak("D1 00"), "MQTT-2.2.2-2");
});

Deno.test("P26: what only clients send, and types that do not exist", async () => {
  for (const first of ["10", "82", "A2", "C0", "E0", "00", "F0"]) {
    assertEquals(await bytesBreak(`${first} 00`), "2.2.1", first);
  }
});

// ── The stream ─────────────────────────────────────────────────────────────────────────────────

Deno.test("P27: one byte at a time, a thousand packets at once, a cut in a length", async () => {
  const one = encodePacket({
    type: "publish",
    topic: "t",
    payload: new Uint8Array(200),
    qos: 1,
    retain: false,
    dup: false,
    packetId: 7,
  });
  for (
    const [count, size] of [
      [50, 1],
      [50, 2],
      [1000, one.length],
      [1000, one.length + 2],
      [1000, one.length * 1000],
    ] as const
  ) {
    await using rig = await Rig.connected();
    const stream = new Uint8Array(one.length * count);
    for (let at = 0; at < stream.length; at += one.length) stream.set(one, at);
    for (let at = 0; at < stream.length; at += size) {
      await rig.peer.sendBytes(stream.subarray(at, at + size));
    }
    for (let n = 0; n < count; n++) {
      assertEquals(await rig.peer.receive(), { type: "puback", packetId: 7 });
    }
  }
});

Deno.test("P28: control characters and non-characters in a topic are delivered, and refused on the way out", async () => {
  for (const character of ["\u0001", "\u001F", "\u007F", "\u009F", "\uFFFE", "\u{1FFFF}"]) {
    const topic = new TextEncoder().encode(character);
    const bytes = new Uint8Array([0x30, 2 + topic.length, 0, topic.length, ...topic]);
    assertEquals(await topicsOf(bytes.toHex()), [character]);
    await using rig = await Rig.connected();
    for (const qos of [0, 1, 2] as const) {
      await assertRejects(() => rig.client.publish(character, "x", { qos }), TypeError, "[1.5.3]");
    }
    assertEquals([rig.client.state, rig.peer.waiting], ["connected", 0]);
  }
});

Deno.test("P29: what this program may not send is rejected before a byte of it is sent", async () => {
  const long = "t".repeat(65_536);
  await using rig = await Rig.connected();
  for (const qos of [0, 1, 2] as const) {
    for (const topic of [long, "\uD800", "a/#", "a/+", "", "a\0"]) {
      await assertRejects(() => rig.client.publish(topic, "x", { qos }));
    }
  }
  for (const filter of [long, "\uD800", "a#", "a/#/b", "a+", "", "a\0"]) {
    await assertRejects(() => rig.client.subscribe(filter));
    await assertRejects(() => rig.client.unsubscribe(filter));
  }
  assertEquals([rig.client.state, rig.peer.waiting], ["connected", 0]);
  const publishing = rig.client.publish("t", "x", { qos: 1 });
  const { packetId = 0 } = await rig.peer.expect("publish");
  await rig.peer.send({ type: "puback", packetId });
  await publishing;
  for (
    const options of [
      { clientId: "", cleanSession: false },
      { password: new Uint8Array(1) },
      { clientId: "\uD800" },
      { will: { topic: "a/#", payload: new Uint8Array(0), qos: 0, retain: false } },
    ] as const
  ) {
    await using rig = new Rig(options);
    await assertRejects(() => rig.client.connect(), TypeError);
    assertEquals(await rig.peer.receive(), undefined);
  }
});

// ── Again and again ────────────────────────────────────────────────────────────────────────────

Deno.test("MqttClient gives a server up that breaks the protocol again and again, with the violation", async () => {
  await using rig = await Rig.connected(KEPT);
  const publishing = outcomes([rig.client.publish("t", "x", { qos: 1 })]);
  for (let second = 0; rig.client.state !== "disconnected"; second++) {
    assert(second < 100);
    if (rig.client.state !== "reconnecting") await rig.peer.send(CONNACK, CONNACK);
    await rig.clock.advance(1000);
  }
  assertEquals(await publishing, ["MQTT_PROTOCOL_VIOLATION"]);
  assertEquals(rig.transport.peers.length, 5, "four more attempts");
});
