/**
 * A program that uses an outbox from a process of its own.
 *
 *     fill PATH SEED FROM    adds messages numbered from FROM on and removes some, until it is killed; prints
 *                            "+ NUMBER SEQUENCE" once one is stored, "? SEQUENCE" before one is removed, and "- SEQUENCE" after
 *     hold PATH              opens it, prints "holding" and waits for the end of standard input
 *     full PATH              adds messages until one fails; prints how many were stored, the error's code, how many
 *                            can be read then, and how many it counts
 *     open PATH              opens it; prints how many messages it has
 *
 * It prints an error that was thrown as JSON.
 */
import { HubwireError, PermissionError } from "../../src/errors.ts";
import { kvOutbox } from "../../src/outbox/mod.ts";
import { randomFrom } from "../_kit/random.ts";
import { message } from "./_outboxes.ts";

const [command, path = "", ...rest] = Deno.args;

/** Whole lines at once: a killed program leaves no half of one that counts. */
function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

async function fill(seed: number, from: number): Promise<never> {
  const random = randomFrom(seed);
  const outbox = kvOutbox({ path });
  await outbox.open();
  for (let number = from;;) {
    const adding = Array.from({ length: 1 + Math.floor(random() * 300) }, async () => {
      const mine = number++;
      const size = random() < 0.005 ? 200_000 * random() : 100 * random();
      const sequence = await outbox.add(message(mine, Math.floor(size)));
      print(`+ ${mine} ${sequence}`);
    });
    const oldest = await outbox.read(0, Math.floor(random() * 250));
    const removing = oldest.filter(() => random() < 0.8).map(async ({ sequence }) => {
      print(`? ${sequence}`);
      await outbox.remove(sequence);
      print(`- ${sequence}`);
    });
    await Promise.all([...adding, ...removing]);
  }
}

async function hold(): Promise<void> {
  await using outbox = kvOutbox({ path });
  await outbox.open();
  print("holding");
  await new Response(Deno.stdin.readable).text();
}

async function full(): Promise<void> {
  await using outbox = kvOutbox({ path });
  await outbox.open();
  let stored = 0;
  try {
    for (;; stored++) await outbox.add(message(stored, 20_000));
  } catch (error) {
    if (!(error instanceof HubwireError)) throw error;
    const read = await outbox.read(0, 10_000);
    print(JSON.stringify({ stored, code: error.code, read: read.length, count: outbox.count }));
  }
}

try {
  if (command === "fill") await fill(Number(rest[0]), Number(rest[1]));
  else if (command === "hold") await hold();
  else if (command === "full") await full();
  else {
    await using outbox = kvOutbox({ path });
    await outbox.open();
    print(String(outbox.count));
  }
} catch (error) {
  if (!(error instanceof HubwireError)) throw error;
  const flag = error instanceof PermissionError ? error.flag : undefined;
  print(JSON.stringify({ code: error.code, why: error.why, remedy: error.remedy, flag }));
}
