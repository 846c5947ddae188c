/** Hubwire as a program uses it: `deno run -A hubwire.ts FOLDER`, with the PEM files of a device in the folder. */

import { readPem } from "../../../../src/credentials/read_pem.ts";
import { MqttClient, tlsTransport } from "../../../../src/mqtt.ts";
import { heldBytes } from "../../../_kit/held_bytes.ts";
import { makePayloads, PAYLOADS, Tally, TOPIC, WINDOW } from "./messages.mjs";
import { getOutOfStep } from "./pause.mjs";
import type { Answer, Order } from "../order.ts";
import { inParallel, serve, startWatch } from "./serve.ts";

const FOLDER = Deno.args[0] ?? ".";
const AUTHORITY = await Deno.readTextFile(`${FOLDER}/authority.pem`);
const DEVICE = readPem(
  await Deno.readTextFile(`${FOLDER}/device.pem`) +
    await Deno.readTextFile(`${FOLDER}/device.key`),
);

function makeClient({ port, clientId, noDelay = false }: Order): MqttClient {
  const transport = tlsTransport({
    hostname: "127.0.0.1",
    port,
    caCerts: [AUTHORITY],
    credentials: () => DEVICE,
    noDelay,
  });
  // A connection that is lost ends the run.
  return new MqttClient({ transport, clientId, maximumInFlight: WINDOW, reconnect: false });
}

async function connect(order: Order): Promise<MqttClient> {
  const client = makeClient(order);
  await client.connect();
  return client;
}

async function publish(order: Order): Promise<Answer> {
  const { qos, size, count } = order;
  const payloads = makePayloads(size);
  const last = payloads[count % PAYLOADS] ?? new Uint8Array();
  await using client = await connect(order);
  const stop = startWatch();
  if (qos === 0) {
    for (let index = 0; index < count; index++) {
      await client.publish(TOPIC, payloads[index % PAYLOADS] ?? last);
    }
    await client.publish(TOPIC, last, { qos: 1 });
  } else {
    const pending: Promise<void>[] = [];
    for (let index = 0; index < count; index++) {
      const place = index % WINDOW;
      await pending[place];
      pending[place] = client.publish(TOPIC, payloads[index % PAYLOADS] ?? last, { qos });
    }
    await Promise.all(pending);
  }
  return stop();
}

async function receive(order: Order): Promise<Answer> {
  const { qos } = order;
  const expected = order.count + (qos === 0 ? 1 : 0);
  await using client = await connect(order);
  const tally = new Tally();
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = startWatch();
  await client.subscribe(TOPIC, {
    qos: 1,
    handler({ topic, payload }) {
      tally.note(topic, payload);
      if (tally.count === expected) resolve();
    },
  });
  await promise;
  const { count, sum } = tally;
  return { ...stop(), count, sum };
}

async function roundTrips(order: Order): Promise<Answer> {
  const payloads = makePayloads(order.size);
  await using client = await connect(order);
  const milliseconds: number[] = [];
  const stop = startWatch();
  for (let index = 0; index < order.count; index++) {
    const begun = performance.now();
    await client.publish(TOPIC, payloads[index % PAYLOADS] ?? "", { qos: 1 });
    milliseconds.push(performance.now() - begun);
  }
  return { ...stop(), milliseconds };
}

async function connects(order: Order): Promise<Answer> {
  const milliseconds: number[] = [];
  const stop = startWatch();
  for (let index = 0; index < order.count; index++) {
    await getOutOfStep(index);
    const begun = performance.now();
    const client = await connect(order);
    milliseconds.push(performance.now() - begun);
    await client.close();
  }
  return { ...stop(), milliseconds };
}

async function parallel(order: Order): Promise<Answer> {
  const clients: MqttClient[] = [];
  const stop = startWatch();
  await inParallel({ count: order.count, most: 64 }, async () => {
    clients.push(await connect(order));
  });
  const spent = stop();
  await Promise.all(clients.map((client) => client.close()));
  return spent;
}

async function idle(order: Order): Promise<Answer> {
  const clients: MqttClient[] = [await connect(order)];
  heldBytes();
  const before = Deno.memoryUsage().rss;
  const stop = startWatch();
  await inParallel({ count: order.count, most: 64 }, async () => {
    clients.push(await connect(order));
  });
  heldBytes();
  const bytes = (Deno.memoryUsage().rss - before) / order.count;
  const spent = stop();
  await Promise.all(clients.map((client) => client.close()));
  return { ...spent, bytes };
}

const TASKS = { publish, receive, roundTrips, connects, parallel, idle };
await serve((order) => TASKS[order.task](order));
