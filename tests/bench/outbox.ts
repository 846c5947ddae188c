/**
 * `deno task bench:outbox`: how fast a client with a durable outbox stores, what a million messages cost, how soon the
 * first of many leaves after a restart.
 */

import { kvOutbox, MqttClient } from "../../src/mqtt.ts";
import { heldBytes } from "../_kit/held_bytes.ts";
import { PeerTransport } from "../_kit/scripted_peer.ts";
import { tempFolder } from "../_kit/temp.ts";
import { type Flags, ownFlags } from "./flags.ts";
import { describeMachine, versionsOf } from "./machine.ts";
import { type OutboxResults, outboxTable } from "./outbox_report.ts";
import { printResults, type Run } from "./results.ts";

const USAGE = `Usage: deno task bench:outbox [--json [FILE]] [--rounds N] [--quick]

  --json [FILE]  print the results as JSON, or write them into a file
  --rounds N     how often everything is done (default 7; 3 with --quick)
  --quick        a tenth of the messages, for a first look; nothing to quote
`;

const RULES = { rounds: 7, hasSeed: false };
/** So many calls are awaited together. */
const GROUP = 1000;
const TOPIC = "devices/thermometer/messages/events/";
const PAYLOAD = crypto.getRandomValues(new Uint8Array(64));

type Box = ReturnType<typeof kvOutbox>;

/** A client that keeps all it is given there, and the server that it may connect to. */
function clientOf(outbox: Box): { client: MqttClient; transport: PeerTransport } {
  const transport = new PeerTransport();
  return { client: new MqttClient({ transport, clientId: "thermometer", outbox }), transport };
}

async function storeAll(outbox: Box, count: number): Promise<void> {
  const { client } = clientOf(outbox);
  for (let i = 0; i < count; i += GROUP) {
    const publish = () => client.publish(TOPIC, PAYLOAD, { qos: 1, until: "stored" });
    await Promise.all(Array.from({ length: GROUP }, publish));
  }
  await client.close();
}

/** From a closed file to the first message at the server, in milliseconds. */
async function restart(path: string): Promise<number> {
  const begun = performance.now();
  const { client, transport } = clientOf(kvOutbox({ path }));
  const connecting = client.connect();
  while (transport.peers.length === 0) await new Promise((resolve) => setTimeout(resolve));
  await transport.peer.accept();
  await connecting;
  await transport.peer.expect("publish");
  const ms = performance.now() - begun;
  await client.close();
  return Number(ms.toFixed(1));
}

/** As the client does: a window of messages is read, then all of them are acknowledged. */
async function drain(outbox: Box, count: number): Promise<void> {
  let after = 0;
  for (let done = 0; done < count;) {
    const messages = await outbox.read(after, GROUP);
    await Promise.all(messages.map(({ sequence }) => outbox.remove(sequence)));
    after = messages.at(-1)?.sequence ?? after;
    done += messages.length;
  }
}

async function perSecond(count: number, action: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await action();
  return Math.round(1000 * count / (performance.now() - begun));
}

/** Measures everything, round by round. */
async function measure({ rounds, quick }: Flags): Promise<OutboxResults> {
  await using folder = await tempFolder();
  const path = folder.file("outbox.db");
  const few = quick ? 10_000 : 100_000;
  const figures: OutboxResults["figures"] = {
    storedPerSecond: [],
    deliveredPerSecond: [],
    restartMilliseconds: [],
  };
  const run = await describeOutboxRun(rounds);
  for (let round = 0; round < rounds; round++) {
    figures.storedPerSecond.push(
      await perSecond(few, () => storeAll(kvOutbox({ path }), few)),
    );
    figures.restartMilliseconds.push(await restart(path));
    await using outbox = kvOutbox({ path });
    await outbox.open();
    figures.deliveredPerSecond.push(await perSecond(few, () => drain(outbox, few)));
  }
  const many = 10 * few;
  const before = { heap: heldBytes(), resident: Deno.memoryUsage().rss };
  await storeAll(kvOutbox({ path }), many);
  const heapGrownBy = heldBytes() - before.heap;
  const residentGrownBy = Deno.memoryUsage().rss - before.resident;
  await using outbox = kvOutbox({ path });
  await outbox.open();
  const { size: file } = await Deno.stat(path);
  const queued = { messages: outbox.count, heapGrownBy, residentGrownBy, file };
  return { ...run, messages: few, figures, queued };
}

async function describeOutboxRun(rounds: number): Promise<Run> {
  return {
    date: new Date().toISOString().slice(0, 10),
    command: ["deno task bench:outbox", ...Deno.args].join(" "),
    rounds,
    warmUps: 0,
    machine: await describeMachine(),
    versions: versionsOf({}, []),
  };
}

async function main(flags: Flags): Promise<void> {
  const results = await measure(flags);
  const text = printResults(results);
  if (typeof flags.json === "string") await Deno.writeTextFile(flags.json, text);
  console.log(flags.json === true ? text : outboxTable(results));
}

if (import.meta.main) await main(ownFlags(USAGE, RULES));
