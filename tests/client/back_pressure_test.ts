/** Memory stays bounded, whoever is slow: counted in bytes that were read and bytes that are held, both ways. */

import { assert, assertEquals } from "@std/assert";
import { Debug } from "../../src/client/debug.ts";
import { DebugTarget } from "../../src/client/debug_target.ts";
import { Link } from "../../src/client/link.ts";
import type { Message } from "../../src/client/mod.ts";
import { encodePacket, type PublishPacket } from "../../src/codec/mod.ts";
import { Session } from "../../src/session/mod.ts";
import { type Connection, memoryPair } from "../../src/transport/mod.ts";
import { PeerTransport } from "../_kit/scripted_peer.ts";
import { settled, VirtualClock } from "../_kit/virtual_clock.ts";
import { Rig } from "./_rig.ts";

const MIB = 1024 * 1024;

/** Counts what is read, and takes what is written only while it is `isOpen`. */
class CountingTransport extends PeerTransport {
  bytesRead = 0;
  bytesWritten = 0;
  #open = Promise.withResolvers<void>();
  #isOpen = true;

  /** From now on writes wait. */
  block(): void {
    this.#isOpen = false;
  }

  unblock(): void {
    this.#isOpen = true;
    this.#open.resolve();
    this.#open = Promise.withResolvers();
  }

  override async connect(): Promise<Connection> {
    const connection = await super.connect();
    return {
      read: async (buffer) => {
        const count = await connection.read(buffer);
        this.bytesRead += count ?? 0;
        return count;
      },
      write: async (bytes) => {
        this.bytesWritten += bytes.length;
        while (!this.#isOpen) await this.#open.promise;
        await connection.write(bytes);
      },
      close: () => {
        connection.close();
        this.unblock();
      },
    };
  }
}

function incoming(size: number, packet: Partial<PublishPacket> = {}): PublishPacket {
  const payload = new Uint8Array(size);
  return { type: "publish", topic: "t", payload, qos: 0, retain: false, dup: false, ...packet };
}

/** A client with a handler for everything. */
async function handling(
  transport: CountingTransport,
  handler: (message: Message) => Promise<void>,
): Promise<Rig> {
  const rig = await Rig.connected({}, transport);
  const subscribing = rig.client.subscribe("#", { qos: 1, handler });
  const { packetId } = await rig.peer.expect("subscribe");
  await rig.peer.send({ type: "suback", packetId, returnCodes: [1] });
  await subscribing;
  return rig;
}

// ── A program that is slow ─────────────────────────────────────────────────────────────────────

for (
  const [size, mostBytes] of [[10, MIB], [64 * 1024, 18 * MIB], [MIB - 100, 18 * MIB]] as const
) {
  Deno.test(`MqttClient reads no more than it has room for while a handler is slow: messages of ${size} bytes`, async () => {
    const transport = new CountingTransport();
    const work = Promise.withResolvers<void>();
    let held = 0;
    await using rig = await handling(transport, ({ payload }) => {
      held += payload.length;
      return work.promise;
    });
    const flood = encodePacket(incoming(size));
    const count = Math.min(20_000, Math.ceil(64 * MIB / flood.length));
    for (let n = 0; n < count; n++) await rig.peer.sendBytes(flood);
    assert(held <= mostBytes, `${held} bytes in the hands of handlers`);
    assert(transport.bytesRead <= mostBytes, `${transport.bytesRead} bytes read`);
    work.resolve();
    while (held < size * count) await settled();
    assertEquals(held, size * count, "nothing was lost");
  });

  Deno.test(`MqttClient reads no more than it has room for while nobody iterates: messages of ${size} bytes`, async () => {
    const transport = new CountingTransport();
    await using rig = await Rig.connected({}, transport);
    const messages = rig.client.messages();
    const flood = encodePacket(incoming(size));
    const count = Math.min(20_000, Math.ceil(64 * MIB / flood.length));
    for (let n = 0; n < count; n++) await rig.peer.sendBytes(flood);
    assert(transport.bytesRead <= mostBytes, `${transport.bytesRead} bytes read`);
    for (let n = 0; n < count; n++) await messages.next();
    await messages.return?.();
  });
}

Deno.test("MqttClient counts a message as it came, though its handler gives the payload away", async () => {
  const transport = new CountingTransport();
  let handled = 0;
  await using rig = await handling(transport, async ({ payload }) => {
    await settled();
    structuredClone(payload, { transfer: [payload.buffer as ArrayBuffer] });
    handled++;
  });
  const flood = encodePacket(incoming(MIB - 100));
  for (let n = 0; n < 40; n++) await rig.peer.sendBytes(flood);
  for (let turn = 0; turn < 100; turn++) await settled();
  assertEquals(handled, 40);
});

Deno.test("MqttClient lets messages at QoS 0 go, and no others, when it has to read on for an answer and a handler is slow", async () => {
  const transport = new CountingTransport();
  const work = Promise.withResolvers<void>();
  const held: Message[] = [];
  await using rig = await handling(transport, (message) => {
    held.push(message);
    return work.promise;
  });
  const publishing = rig.client.publish("t", "x", { qos: 1 });
  const { packetId = 0 } = await rig.peer.expect("publish");
  const flood = encodePacket(incoming(64 * 1024));
  for (let n = 0; n < 1500; n++) await rig.peer.sendBytes(flood);
  const bytes = held.reduce((sum, { payload }) => sum + payload.length, 0);
  assert(bytes <= 65 * MIB, `${bytes} bytes in the hands of handlers`);
  const count = held.length;
  await rig.peer.send(incoming(10, { qos: 1, packetId: 7 }));
  assertEquals([held.length, held.at(-1)?.qos], [count + 1, 1]);
  await rig.peer.send({ type: "puback", packetId });
  await publishing;
  work.resolve();
});

Deno.test("MqttClient holds no message twice while a handler is slow and the connection flaps", async () => {
  const transport = new CountingTransport();
  const work = Promise.withResolvers<void>();
  let calls = 0;
  await using rig = await Rig.connected({
    cleanSession: false,
    reconnect: { random: () => 0.001, shouldRetry: () => true },
  }, transport);
  const handler = () => (calls++, work.promise);
  const subscribing = rig.client.subscribe("#", { qos: 1, handler });
  const { packetId } = await rig.peer.expect("subscribe");
  await rig.peer.send({ type: "suback", packetId, returnCodes: [1] });
  await subscribing;
  for (let connection = 0; connection < 20; connection++) {
    for (let id = 1; id <= 50; id++) {
      await rig.peer.send(incoming(10, { qos: 1, packetId: id, dup: connection > 0 }));
    }
    rig.peer.close();
    await rig.clock.advance(200);
    await rig.peer.accept({ sessionPresent: true });
  }
  assertEquals(calls, 50);
  work.resolve();
});

Deno.test("Link waits once for room, however much is sent meanwhile", async () => {
  const [near, far] = memoryPair();
  const clock = new VirtualClock();
  const session = new Session<string>({ connackDeadlineMs: 1000, pingDeadlineMs: 1000 }, {
    send: (packet) => link.send(packet),
    connected() {},
    message() {},
    acknowledged() {},
    subscribed() {},
  });
  const room = new Promise<void>(() => {});
  let waits = 0;
  const { then } = room;
  Object.defineProperty(room, "then", {
    value: (...listeners: Parameters<typeof then>) => {
      waits++;
      return then.apply(room, listeners);
    },
  });
  const link = new Link({
    connection: near,
    session,
    clock,
    address: "peer:1883",
    maximumPacketSize: 1000,
    debug: new Debug(new DebugTarget(), clock),
  }, { room: () => room, drained() {}, ended() {} });
  link.open({ type: "connect", clientId: "d1", cleanSession: true, keepAliveSeconds: 60 });
  await far.write(encodePacket({ type: "connack", sessionPresent: false, returnCode: 0 }));
  for (let n = 0; n < 100; n++) {
    const qos = n % 2 as 0 | 1;
    session.publish({ topic: "t", payload: new Uint8Array(1), qos, retain: false, token: "" }, 0);
    await settled();
    // It reads on for that, then waits for room again.
    if (qos === 1) await far.write(encodePacket({ type: "puback", packetId: (n + 1) / 2 }));
    await settled();
  }
  assertEquals(session.inFlight, 0);
  assertEquals(waits, 1);
  far.close();
  link.end(new Error("over") as never);
});

// ── A server that is slow, or dead ─────────────────────────────────────────────────────────────

for (const qos of [0, 1, 2] as const) {
  Deno.test(`MqttClient takes no more than it has room for while the network takes nothing: QoS ${qos}`, async () => {
    const transport = new CountingTransport();
    await using rig = await Rig.connected({ maximumInFlight: 65_000 }, transport);
    transport.block();
    const before = transport.bytesWritten;
    let settledOnes = 0;
    const payload = new Uint8Array(1000);
    const publishing = Array.from(
      { length: 5000 },
      () => rig.client.publish("t", payload, { qos }).then(() => settledOnes++),
    );
    await settled();
    const handedOver = transport.bytesWritten - before;
    assert(handedOver <= 300 * 1024, `${handedOver} bytes given to the network`);
    if (qos === 0) assert(settledOnes * 1000 <= 600 * 1024, `${settledOnes} taken`);
    transport.unblock();
    for (let packets = 0; packets < (qos === 2 ? 10_000 : 5000); packets++) {
      const packet = await rig.peer.receive();
      assert(packet?.type === "publish" || packet?.type === "pubrel");
      const { packetId = 0 } = packet;
      if (packet.type === "pubrel") await rig.peer.send({ type: "pubcomp", packetId });
      else if (qos > 0) await rig.peer.send({ type: qos === 1 ? "puback" : "pubrec", packetId });
    }
    await Promise.all(publishing);
    assertEquals(settledOnes, 5000);
  });
}

Deno.test("MqttClient holds no more of a message window than it may while a server acknowledges nothing", async () => {
  const transport = new CountingTransport();
  await using rig = await Rig.connected({ maximumInFlight: 10 }, transport);
  const before = transport.bytesWritten;
  const payload = new Uint8Array(1000);
  const publishing = Array.from(
    { length: 100 },
    () => rig.client.publish("t", payload, { qos: 1 }),
  );
  await settled();
  assert(transport.bytesWritten - before < 11 * 1010);
  for (let n = 0; n < 100; n++) {
    assert(rig.peer.waiting <= 10);
    const { packetId = 0 } = await rig.peer.expect("publish");
    await rig.peer.send({ type: "puback", packetId });
  }
  await Promise.all(publishing);
});

Deno.test("MqttClient gives up a server that takes nothing any more, with everything that waited", async () => {
  const transport = new CountingTransport();
  await using rig = await Rig.connected({ keepAliveSeconds: 60 }, transport);
  transport.block();
  const publishing = Promise.allSettled(
    Array.from({ length: 2000 }, () => rig.client.publish("t", new Uint8Array(1000))),
  );
  await rig.clock.advance(90_000);
  const outcomes = await publishing;
  const rejected = outcomes.filter(({ status }) => status === "rejected").length;
  assert(rejected > 1000, `${rejected}`);
  assertEquals([rig.client.state, rig.cause?.code], ["disconnected", "KEEP_ALIVE_TIMEOUT"]);
});
