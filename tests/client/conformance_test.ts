/**
 * The statements of MQTT 3.1.1 about the conversation of a client and a server, each by its id; those about the state of a
 * session are in `tests/session/conformance_test.ts`.
 */

import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { Debug } from "../../src/client/debug.ts";
import { DebugTarget } from "../../src/client/debug_target.ts";
import { Link } from "../../src/client/link.ts";
import type { Message } from "../../src/client/mod.ts";
import { encodePacket, type Packet, type PublishPacket } from "../../src/codec/mod.ts";
import { ConnectRefusedError, type HubwireError, KeepAliveTimeoutError } from "../../src/errors.ts";
import { Session } from "../../src/session/mod.ts";
import { type Connection, memoryPair } from "../../src/transport/mod.ts";
import { PlainDecoder } from "../_kit/plain_codec/mod.ts";
import { PeerTransport, type ScriptedPeer } from "../_kit/scripted_peer.ts";
import { randomFrom, SEED } from "../_kit/seed.ts";
import { settled, VirtualClock } from "../_kit/virtual_clock.ts";
import { outcomes, Rig } from "./_rig.ts";

const KEPT = { cleanSession: false, reconnect: { random: () => 1 } } as const;

function incoming(topic: string, packet: Partial<PublishPacket> = {}): PublishPacket {
  const payload = new Uint8Array([1]);
  return { type: "publish", topic, payload, qos: 0, retain: false, dup: false, ...packet };
}

/** Takes SUBSCRIBE and grants these. */
async function grant(peer: ScriptedPeer, returnCodes: number[]): Promise<void> {
  const { packetId } = await peer.expect("subscribe");
  await peer.send({ type: "suback", packetId, returnCodes });
}

// ── Beginning and end ──────────────────────────────────────────────────────────────────────────

Deno.test("MqttClient sends one CONNECT on each connection, first, always for the same client id [MQTT-3.1.0-1] [MQTT-3.1.0-2] [MQTT-3.1.3-2]", async () => {
  await using rig = await Rig.connected(KEPT);
  for (let lost = 0; lost < 2; lost++) {
    const publishing = outcomes([rig.client.publish("t", "x", { qos: 1 })]);
    await assertRejects(() => rig.client.connect(), TypeError, "connected");
    const { packetId = 0 } = await rig.peer.expect("publish");
    await rig.peer.send({ type: "puback", packetId });
    await publishing;
    assertEquals(rig.peer.waiting, 0);
    rig.peer.close();
    await rig.clock.advance(1000 * 2 ** lost);
    const { clientId, cleanSession } = await rig.peer.accept({ sessionPresent: true });
    assertEquals([clientId, cleanSession], ["d1", false]);
  }
});

Deno.test("MqttClient closes a connection that CONNACK refuses, and sends nothing more on it [MQTT-3.2.2-5]", async () => {
  for (const returnCode of [1, 2, 3, 4, 5, 6, 255]) {
    await using rig = new Rig();
    const connecting = assertRejects(() => rig.client.connect(), ConnectRefusedError);
    await settled();
    await rig.peer.expect("connect");
    await rig.peer.sendBytes(new Uint8Array([0x20, 2, 0, returnCode]));
    assertEquals((await connecting).returnCode, returnCode);
    assertEquals(await rig.peer.receive(), undefined);
    assertEquals([rig.client.state, rig.clock.pending], ["disconnected", 0]);
  }
});

Deno.test("MqttClient ends the connection at whatever breaks the protocol, takes nothing in that comes behind it, and sends nothing [MQTT-4.8.0-1]", async () => {
  const wrong: Packet[] = [
    { type: "connack", sessionPresent: false, returnCode: 0 },
    { type: "pingreq" },
    { type: "disconnect" },
    { type: "unsubscribe", packetId: 1, topicFilters: ["a"] },
    { type: "subscribe", packetId: 1, subscriptions: [{ topicFilter: "a", qos: 0 }] },
  ];
  for (const packet of wrong) {
    await using rig = await Rig.connected();
    const topics: string[] = [];
    const subscribing = rig.client.subscribe("#", {
      qos: 1,
      handler: ({ topic }) => void topics.push(topic),
    });
    await grant(rig.peer, [1]);
    await subscribing;
    const behind = incoming("behind", { qos: 1, packetId: 1 });
    const bytes = [incoming("before"), packet, behind].flatMap((each) => [...encodePacket(each)]);
    await rig.peer.sendBytes(new Uint8Array(bytes));
    assertEquals(topics, ["before"]);
    assertEquals(await rig.peer.receive(), undefined, "neither PUBACK nor DISCONNECT");
    assertEquals([rig.client.state, rig.cause?.code], [
      "disconnected",
      packet.type === "connack" ? "MQTT_PROTOCOL_VIOLATION" : "MQTT_MALFORMED_PACKET",
    ]);
  }
});

Deno.test("Link closes the connection when something fails while a packet is taken in, which is then not acknowledged [MQTT-4.8.0-2]", async () => {
  const [near, far] = memoryPair();
  const sent: Packet[] = [];
  const failure = new Error("out of memory");
  const session = new Session<string>({ connackDeadlineMs: 1000, pingDeadlineMs: 1000 }, {
    send: (packet) => (sent.push(packet), link.send(packet)),
    connected() {},
    message() {
      throw failure;
    },
    acknowledged() {},
    subscribed() {},
  });
  const { promise, resolve } = Promise.withResolvers<HubwireError>();
  const clock = new VirtualClock();
  const link = new Link({
    connection: near,
    session,
    clock,
    address: "peer:1883",
    maximumPacketSize: 1000,
    debug: new Debug(new DebugTarget(), clock),
  }, { room: () => undefined, drained() {}, ended: resolve });
  link.open({ type: "connect", clientId: "d1", cleanSession: true, keepAliveSeconds: 60 });
  await far.write(encodePacket({ type: "connack", sessionPresent: false, returnCode: 0 }));
  await far.write(encodePacket(incoming("t", { qos: 1, packetId: 1 })));
  const error = await promise;
  assertEquals([error.code, error.cause === failure], ["CONNECTION_LOST", true]);
  assertEquals(sent.map(({ type }) => type), ["connect"]);
  const buffer = new Uint8Array(1000);
  while (await far.read(buffer) !== null);
  assertEquals(clock.pending, 0);
});

// ── Messages ───────────────────────────────────────────────────────────────────────────────────

Deno.test("MqttClient calls no handler with a message that matches no filter, answers it, and carries on [MQTT-3.3.2-3] [MQTT-4.5.0-2]", async () => {
  await using rig = await Rig.connected();
  const handled: string[] = [];
  const subscribing = rig.client.subscribe("a/+", {
    qos: 2,
    handler: ({ topic }) => void handled.push(topic),
  });
  await grant(rig.peer, [2]);
  await subscribing;
  await rig.peer.send(
    incoming("b", { qos: 1, packetId: 5 }),
    incoming("a/b/c", { qos: 2, packetId: 6 }),
    incoming("a/b", { qos: 1, packetId: 7 }),
  );
  assertEquals(handled, ["a/b"]);
  assertEquals([await rig.peer.receive(), await rig.peer.receive(), await rig.peer.receive()], [
    { type: "puback", packetId: 5 },
    { type: "pubrec", packetId: 6 },
    { type: "puback", packetId: 7 },
  ]);
  assertEquals(rig.client.state, "connected");
});

Deno.test("MqttClient.subscribe() says what was granted; a message above that is answered as its own QoS demands, and not lost [MQTT-3.8.4-6]", async () => {
  await using rig = await Rig.connected();
  const got: [string, number][] = [];
  const handler = ({ topic, qos }: Message) => void got.push([topic, qos]);
  const subscribing = [
    rig.client.subscribe("a", { qos: 2, handler }),
    rig.client.subscribe("b", { qos: 2, handler }),
  ];
  await grant(rig.peer, [0]);
  await grant(rig.peer, [1]);
  assertEquals((await Promise.all(subscribing)).map(({ qos }) => qos), [0, 1]);
  await rig.peer.send(
    incoming("a", { qos: 1, packetId: 1 }),
    incoming("b", { qos: 2, packetId: 2 }),
    incoming("a"),
  );
  assertEquals(got, [["a", 1], ["b", 2], ["a", 0]]);
  assertEquals([await rig.peer.receive(), await rig.peer.receive()], [
    { type: "puback", packetId: 1 },
    { type: "pubrec", packetId: 2 },
  ]);
});

Deno.test("MqttClient hands RETAIN on as it came, so that what was kept can be told from what is new [MQTT-3.3.1-8] [MQTT-3.3.1-9]", async () => {
  await using rig = await Rig.connected();
  const retained: boolean[] = [];
  const subscribing = rig.client.subscribe("t", {
    handler: ({ retain }) => void retained.push(retain),
  });
  const { packetId } = await rig.peer.expect("subscribe");
  // A server may send what it has kept before SUBACK.
  await rig.peer.send(incoming("t", { retain: true }));
  await rig.peer.send({ type: "suback", packetId, returnCodes: [0] });
  await subscribing;
  await rig.peer.send(incoming("t", { retain: true }), incoming("t"));
  assertEquals(retained, [true, true, false]);
});

// ── The server and the network ─────────────────────────────────────────────────────────────────

Deno.test("MqttClient notices a connection on which nothing gets through no later than the server does, after one and a half keep-alives [MQTT-3.1.2-24]", async () => {
  for (const keepAliveSeconds of [1, 2, 10, 19, 20, 60, 1177, 65_535]) {
    await using rig = await Rig.connected({ keepAliveSeconds });
    // The last that the server heard was CONNECT.
    await rig.clock.advance(keepAliveSeconds * 1500);
    assertInstanceOf(rig.cause, KeepAliveTimeoutError, `${keepAliveSeconds} s`);
  }
});

Deno.test("MqttClient comes back when the server has given it up after one and a half keep-alives [MQTT-3.1.2-24]", async () => {
  await using rig = await Rig.connected({ ...KEPT, keepAliveSeconds: 10 });
  await rig.clock.advance(9000);
  await rig.peer.expect("pingreq");
  rig.peer.close();
  await rig.clock.advance(1000);
  await rig.peer.accept();
  await settled();
  assertEquals(rig.client.state, "connected");
});

/** Reads in pieces as small as `pieceSize` says, and keeps what was written. */
class TappedTransport extends PeerTransport {
  readonly decoder = new PlainDecoder({ role: "server" });
  readonly #pieceSize: () => number;

  constructor(pieceSize = () => 64 * 1024) {
    super();
    this.#pieceSize = pieceSize;
  }

  override async connect(): Promise<Connection> {
    const connection = await super.connect();
    return {
      read: (buffer) => connection.read(buffer.subarray(0, this.#pieceSize())),
      write: (bytes) => {
        this.decoder.push(bytes.slice());
        return connection.write(bytes);
      },
      close: () => connection.close(),
    };
  }

  /** The packets that were written until now, as another codec reads them. */
  *taken(): Generator<Packet> {
    for (let packet = this.decoder.next(); packet; packet = this.decoder.next()) yield packet;
  }
}

Deno.test("MqttClient asks nothing of a server that is not in MQTT 3.1.1: another codec reads all that it sends [MQTT-7.0.0-2]", async () => {
  const transport = new TappedTransport();
  await using rig = await Rig.connected({ keepAliveSeconds: 10 }, transport);
  const got: string[] = [];
  const work = outcomes([
    rig.client.subscribe("#", { qos: 2, handler: ({ topic }) => void got.push(topic) }),
    ...[0, 1, 2].map((qos) => rig.client.publish(`t/${qos}`, "x", { qos: qos as 0 | 1 | 2 })),
    rig.client.unsubscribe("other"),
  ]);
  // The least that a server of MQTT 3.1.1 does.
  await grant(rig.peer, [2]);
  await rig.peer.expect("publish");
  await rig.peer.send({
    type: "puback",
    packetId: (await rig.peer.expect("publish")).packetId ?? 0,
  });
  const { packetId = 0 } = await rig.peer.expect("publish");
  await rig.peer.send({ type: "pubrec", packetId });
  const unsubscribe = await rig.peer.expect("unsubscribe");
  await rig.peer.expect("pubrel");
  await rig.peer.send({ type: "pubcomp", packetId });
  await rig.peer.send({ type: "unsuback", packetId: unsubscribe.packetId });
  assertEquals(await work, Array(5).fill("done"));
  await rig.clock.advance(9000);
  await rig.peer.expect("pingreq");
  await rig.peer.send({ type: "pingresp" }, incoming("m", { qos: 2, packetId: 9 }));
  await rig.peer.expect("pubrec");
  await rig.peer.send({ type: "pubrel", packetId: 9 });
  await rig.client.close();
  assertEquals(got, ["m"]);
  assertEquals(Array.from(transport.taken(), ({ type }) => type), [
    "connect",
    "subscribe",
    "publish",
    "publish",
    "publish",
    "unsubscribe",
    "pubrel",
    "pingreq",
    "pubrec",
    "pubcomp",
    "disconnect",
  ]);
});

Deno.test("MqttClient takes its transport for a stream of bytes, whole and in order both ways, in pieces of any size [MQTT-7.1.2-1]", async () => {
  const random = randomFrom(SEED);
  const transport = new TappedTransport(() => 1 + Math.floor(random() * 9));
  await using rig = await Rig.connected({}, transport);
  const sizes = Array.from({ length: 60 }, () => Math.floor(random() * 300));
  const got: number[] = [];
  const subscribing = rig.client.subscribe("#", {
    handler: ({ payload }) => {
      assert(payload.every((byte) => byte === got.length % 256));
      got.push(payload.length);
    },
  });
  await grant(rig.peer, [0]);
  await subscribing;
  for (const [n, size] of sizes.entries()) {
    const payload = new Uint8Array(size).fill(n);
    void rig.client.publish("up", payload);
    const bytes = encodePacket(incoming("down", { payload }));
    const cut = Math.floor(random() * bytes.length);
    await rig.peer.sendBytes(bytes.subarray(0, cut));
    await rig.peer.sendBytes(bytes.subarray(cut));
  }
  while (got.length < sizes.length && rig.client.state === "connected") await settled();
  assertEquals(got, sizes);
  for (const [n, size] of sizes.entries()) {
    assertEquals((await rig.peer.expect("publish")).payload, new Uint8Array(size).fill(n));
  }
});
