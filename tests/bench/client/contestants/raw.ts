/** The same bytes on a bare `Deno.connectTls`: what nobody on Deno can be faster than. */

import { encodePacket } from "../../../../src/codec/mod.ts";
import { heldBytes } from "../../../_kit/held_bytes.ts";
import { makePayloads, PAYLOADS, TOPIC } from "./messages.mjs";
import { getOutOfStep } from "./pause.mjs";
import type { Answer, Order } from "../order.ts";
import { inParallel, serve, startWatch } from "./serve.ts";

const FOLDER = Deno.args[0] ?? ".";
const [AUTHORITY, CERT, KEY] = await Promise.all(
  ["authority.pem", "device.pem", "device.key"].map((name) =>
    Deno.readTextFile(`${FOLDER}/${name}`)
  ),
);
const CONNACK_SIZE = 4;
const SUBACK_SIZE = 5;
const PUBACK_SIZE = 4;
/** What Hubwire writes at once, and reads at most. */
const BATCH_SIZE = 64 * 1024;
const DISCONNECT = encodePacket({ type: "disconnect" });

async function connect({ port, clientId }: Order): Promise<Deno.TlsConn> {
  const socket = await Deno.connectTls({
    hostname: "127.0.0.1",
    port,
    caCerts: [AUTHORITY ?? ""],
    cert: CERT ?? "",
    key: KEY ?? "",
  });
  await socket.write(
    encodePacket({ type: "connect", clientId, cleanSession: true, keepAliveSeconds: 60 }),
  );
  await readExactly(socket, CONNACK_SIZE);
  return socket;
}

async function readExactly(socket: Deno.TlsConn, count: number): Promise<void> {
  const buffer = new Uint8Array(count);
  for (let at = 0; at < count;) {
    const read = await socket.read(buffer.subarray(at));
    if (read === null) throw new Error("The peer closed");
    at += read;
  }
}

async function writeAll(socket: Deno.TlsConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await socket.write(bytes.subarray(at));
}

function packet({ size, qos }: { size: number; qos: 0 | 1 }, index: number): Uint8Array {
  const payload = makePayloads(size)[index % PAYLOADS] ?? new Uint8Array();
  const packetId = qos === 1 ? { packetId: 1 } : {};
  return encodePacket({
    type: "publish",
    topic: TOPIC,
    payload,
    qos,
    retain: false,
    dup: false,
    ...packetId,
  });
}

async function publish(order: Order): Promise<Answer> {
  const { size, count } = order;
  const all = Array.from({ length: PAYLOADS }, (_, index) => packet({ size, qos: 0 }, index));
  const period = all.reduce((sum, { length }) => sum + length, 0);
  const times = 1 + Math.ceil(BATCH_SIZE / period);
  const pattern = new Uint8Array(times * period);
  for (let at = 0; at < pattern.length;) {
    for (const bytes of all) {
      pattern.set(bytes, at);
      at += bytes.length;
    }
  }
  const total = period / PAYLOADS * count;
  const last = packet({ size, qos: 1 }, count);
  using socket = await connect(order);
  const stop = startWatch();
  for (let at = 0; at < total; at += BATCH_SIZE) {
    const from = at % period;
    await writeAll(socket, pattern.subarray(from, from + Math.min(BATCH_SIZE, total - at)));
  }
  await writeAll(socket, last);
  await readExactly(socket, PUBACK_SIZE);
  const spent = stop();
  await socket.write(DISCONNECT);
  return spent;
}

/** It looks at no message: how many there were is a matter of bytes. */
async function receive(order: Order): Promise<Answer> {
  const { size, count } = order;
  const total = SUBACK_SIZE + packet({ size, qos: 0 }, 0).length * count +
    packet({ size, qos: 1 }, 0).length;
  const buffer = new Uint8Array(BATCH_SIZE);
  using socket = await connect(order);
  const stop = startWatch();
  await socket.write(
    encodePacket({
      type: "subscribe",
      packetId: 1,
      subscriptions: [{ topicFilter: TOPIC, qos: 1 }],
    }),
  );
  for (let at = 0; at < total;) {
    const read = await socket.read(buffer);
    if (read === null) throw new Error("The peer closed");
    at += read;
  }
  const spent = stop();
  await socket.write(encodePacket({ type: "puback", packetId: 1 }));
  await socket.write(DISCONNECT);
  return spent;
}

async function connects(order: Order): Promise<Answer> {
  const milliseconds: number[] = [];
  const stop = startWatch();
  for (let index = 0; index < order.count; index++) {
    await getOutOfStep(index);
    const begun = performance.now();
    using _socket = await connect(order);
    milliseconds.push(performance.now() - begun);
  }
  return { ...stop(), milliseconds };
}

async function idle(order: Order): Promise<Answer> {
  const sockets = [await connect(order)];
  heldBytes();
  const before = Deno.memoryUsage().rss;
  const stop = startWatch();
  await inParallel({ count: order.count, most: 64 }, async () => {
    sockets.push(await connect(order));
  });
  heldBytes();
  const bytes = (Deno.memoryUsage().rss - before) / order.count;
  const spent = stop();
  for (const socket of sockets) socket.close();
  return { ...spent, bytes };
}

async function parallel(order: Order): Promise<Answer> {
  const sockets: Deno.TlsConn[] = [];
  const stop = startWatch();
  await inParallel({ count: order.count, most: 64 }, async () => {
    sockets.push(await connect(order));
  });
  const spent = stop();
  for (const socket of sockets) socket.close();
  return spent;
}

const TASKS: Partial<Record<Order["task"], (order: Order) => Promise<Answer>>> = {
  publish,
  receive,
  connects,
  parallel,
  idle,
};
await serve((order) => {
  const perform = TASKS[order.task];
  if (!perform) throw new TypeError(`Nobody asks raw sockets for ${order.task}`);
  return perform(order);
});
