/**
 * A device with a durable outbox, in a process of its own.
 *
 *     fill PATH PORT SEED FROM    publishes messages numbered from FROM on until it is killed; prints "+ NUMBER" once one
 *                                 is stored, and "= NUMBER" once one is delivered
 *     drain PATH PORT             sends what is left; ends when all of it is delivered
 */
import { kvOutbox, MqttClient, tcpTransport } from "../../src/mqtt.ts";
import { randomFrom } from "../_kit/random.ts";

const [command, path = "", port, seed, from] = Deno.args;

const client = new MqttClient({
  transport: tcpTransport({ hostname: "127.0.0.1", port: Number(port) }),
  clientId: "device",
  cleanSession: false,
  outbox: kvOutbox({ path }),
});

/** Whole lines at once: a killed program leaves no half of one that counts. */
function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

async function publish(number: number, until: "stored" | "delivered"): Promise<void> {
  await client.publish("numbers", String(number), { qos: 1, until });
  print(`${until === "stored" ? "+" : "="} ${number}`);
}

async function fill(random: () => number): Promise<never> {
  // Some runs have no connection at all.
  const isOnline = random() < 0.7;
  if (isOnline) await client.connect();
  for (let number = Number(from);;) {
    const group = Array.from(
      { length: 1 + Math.floor(random() * 200) },
      () => publish(number++, isOnline && random() < 0.3 ? "delivered" : "stored"),
    );
    await Promise.all(group);
  }
}

if (command === "fill") await fill(randomFrom(Number(seed)));
else {
  await client.connect();
  await client.publish("numbers", "end", { qos: 1 });
  await client.close();
}
