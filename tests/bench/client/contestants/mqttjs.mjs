/** MQTT.js on Node: `node mqttjs.mjs FOLDER`, with the PEM files of a device in the folder, and `mqtt` installed. */

import { readFileSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";
import mqtt from "mqtt";
import { makePayloads, PAYLOADS, Tally, TOPIC, WINDOW } from "./messages.mjs";
import { getOutOfStep } from "./pause.mjs";

const FOLDER = process.argv[2] ?? ".";
const [ca, cert, key] = ["authority.pem", "device.pem", "device.key"]
  .map((name) => readFileSync(`${FOLDER}/${name}`));

function makeClient({ port, clientId }) {
  return mqtt.connect({
    protocol: "mqtts",
    host: "127.0.0.1",
    port,
    ca,
    cert,
    key,
    clientId,
    protocolVersion: 4,
    reconnectPeriod: 0,
  });
}

function connect(order) {
  const client = makeClient(order);
  return new Promise((resolve, reject) => {
    client.once("connect", () => resolve(client));
    client.once("error", reject);
  });
}

function startWatch() {
  const before = process.cpuUsage();
  const begun = performance.now();
  return () => {
    const milliseconds = [performance.now() - begun];
    const { user, system } = process.cpuUsage(before);
    return { milliseconds, cpu: (user + system) / 1000 };
  };
}

/** As many as the window lets, each time one is taken or acknowledged. */
function publishAll(client, { qos, count, payloads }) {
  let sent = 0;
  let done = 0;
  return new Promise((resolve, reject) => {
    const settled = (error) => {
      if (error) return reject(error);
      if (++done === count) return resolve();
      fill();
    };
    const fill = () => {
      while (sent < count && sent - done < WINDOW) {
        client.publish(TOPIC, payloads[sent++ % PAYLOADS], { qos }, settled);
      }
    };
    fill();
  });
}

async function publish(order) {
  const { qos, size, count } = order;
  const payloads = makePayloads(size).map((payload) => Buffer.from(payload));
  const client = await connect(order);
  const stop = startWatch();
  await publishAll(client, { qos, count, payloads });
  if (qos === 0) await client.publishAsync(TOPIC, payloads[count % PAYLOADS], { qos: 1 });
  const spent = stop();
  await client.endAsync();
  return spent;
}

async function receive(order) {
  const expected = order.count + (order.qos === 0 ? 1 : 0);
  const client = await connect(order);
  const tally = new Tally();
  const all = new Promise((resolve) => {
    client.on("message", (topic, payload) => {
      tally.note(topic, payload);
      if (tally.count === expected) resolve();
    });
  });
  const stop = startWatch();
  await client.subscribeAsync(TOPIC, { qos: 1 });
  await all;
  const spent = stop();
  await client.endAsync();
  return { ...spent, count: tally.count, sum: tally.sum };
}

async function roundTrips(order) {
  const payloads = makePayloads(order.size).map((payload) => Buffer.from(payload));
  const client = await connect(order);
  const milliseconds = [];
  const stop = startWatch();
  for (let index = 0; index < order.count; index++) {
    const begun = performance.now();
    await client.publishAsync(TOPIC, payloads[index % PAYLOADS], { qos: 1 });
    milliseconds.push(performance.now() - begun);
  }
  const spent = stop();
  await client.endAsync();
  return { ...spent, milliseconds };
}

async function connects(order) {
  const milliseconds = [];
  const stop = startWatch();
  for (let index = 0; index < order.count; index++) {
    await getOutOfStep(index);
    const begun = performance.now();
    const client = await connect(order);
    milliseconds.push(performance.now() - begun);
    await client.endAsync();
  }
  return { ...stop(), milliseconds };
}

async function parallel(order) {
  const clients = [];
  let begun = 0;
  const stop = startWatch();
  await Promise.all(Array.from({ length: 64 }, async () => {
    while (begun++ < order.count) clients.push(await connect(order));
  }));
  const spent = stop();
  await Promise.all(clients.map((client) => client.endAsync()));
  return spent;
}

const TASKS = { publish, receive, roundTrips, connects, parallel };
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  console.log(JSON.stringify(await TASKS[order.task](order)));
}
