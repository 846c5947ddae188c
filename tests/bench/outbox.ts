/**
 * `deno task bench:outbox`: how fast a client with a durable outbox stores, what a million messages cost, how soon the
 * first of many leaves after a restart.
 */

import { kvOutbox, MqttClient } from "../../src/mqtt.ts";
import { heldBytes } from "../_kit/held_bytes.ts";
import { PeerTransport } from "../_kit/scripted_peer.ts";
import { tempFolder } from "../_kit/temp.ts";
import { describeMachine } from "./machine.ts";
import { spread } from "./median.ts";

const USAGE = `Usage: deno task bench:outbox [--json] [--quick]

  --json   print the results as JSON
  --quick  a tenth of the messages: for a first look; nothing to quote
`;

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

async function measure({ share }: { share: number }) {
  await using folder = await tempFolder();
  const path = folder.file("outbox.db");
  const stored: number[] = [];
  const delivered: number[] = [];
  const restartMs: number[] = [];
  const few = 100_000 * share;
  for (let round = 0; round < 5; round++) {
    stored.push(await perSecond(few, () => storeAll(kvOutbox({ path }), few)));
    restartMs.push(await restart(path));
    await using outbox = kvOutbox({ path });
    await outbox.open();
    delivered.push(await perSecond(few, () => drain(outbox, few)));
  }
  const many = 1_000_000 * share;
  const before = { heap: heldBytes(), resident: Deno.memoryUsage().rss };
  await storeAll(kvOutbox({ path }), many);
  const heapGrownBy = heldBytes() - before.heap;
  const residentGrownBy = Deno.memoryUsage().rss - before.resident;
  await using outbox = kvOutbox({ path });
  await outbox.open();
  return {
    machine: await describeMachine(),
    deno: Deno.version.deno,
    storedPerSecond: { goal: 60_000, ...spread(stored), rounds: stored },
    deliveredPerSecond: { ...spread(delivered), rounds: delivered },
    restart: { goal: 1000, messages: few, ...spread(restartMs), rounds: restartMs },
    queued: {
      messages: outbox.count,
      heapGrownBy,
      residentGrownBy,
      file: (await Deno.stat(path)).size,
    },
  };
}

if (import.meta.main) {
  const unknown = Deno.args.filter((flag) => flag !== "--json" && flag !== "--quick");
  if (unknown.length > 0) {
    console.error(`There is no ${unknown[0]}\n\n${USAGE}`);
    Deno.exit(2);
  }
  const results = await measure({ share: Deno.args.includes("--quick") ? 0.1 : 1 });
  if (Deno.args.includes("--json")) console.log(JSON.stringify(results, null, 2));
  else {
    const { storedPerSecond, deliveredPerSecond, restart, queued } = results;
    console.log(`64-byte messages, ${GROUP} awaited together
stored             ${storedPerSecond.median} a second (goal ${storedPerSecond.goal})
read and removed   ${deliveredPerSecond.median} a second
first publish      ${restart.median} ms after a restart with ${restart.messages} queued (goal ${restart.goal})
queued             ${queued.messages}: the heap grew by ${queued.heapGrownBy} bytes, resident memory by
                   ${queued.residentGrownBy}; the file has ${queued.file}`);
  }
}
