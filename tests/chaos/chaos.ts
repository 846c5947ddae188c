/**
 * Many clients in a bad network against a real broker: is every promise kept?
 *
 *     deno task chaos [--minutes N] [--seed S] [--clients N] [--broker auto|mosquitto|aedes] [--tls]
 *                     [--promises settle,arrive,once,order] [--patience SECONDS]
 *
 * The operations of each client are the same for the same seed; when a connection breaks in between is up to the
 * machine. It ends with 1 and the first promise that was broken, and what its client did last.
 *
 * @module
 */

import { parseArgs } from "node:util";
import type { BrokerKind } from "./broker.ts";
import { type PromiseName, PROMISES } from "./ledger.ts";
import { runChaos } from "./run_chaos.ts";

const NAMES = Object.keys(PROMISES) as PromiseName[];

const text = (value: string) => ({ type: "string", default: value }) as const;
const { values: flags } = parseArgs({
  args: Deno.args,
  options: {
    minutes: text("1"),
    seed: text(`${Date.now() % 0x7fffffff}`),
    clients: text("20"),
    broker: text("auto"),
    tls: { type: "boolean", default: false },
    promises: text(NAMES.join(",")),
    patience: text("30"),
  },
});

const asked = flags.promises.split(",");
const unknown = asked.find((name) => !NAMES.includes(name as PromiseName));
if (unknown !== undefined) {
  console.error(`There is no promise "${unknown}"; there are ${NAMES.join(", ")}`);
  Deno.exit(2);
}

console.log(
  `seed ${flags.seed}, ${flags.clients} clients, ${flags.minutes} minutes, TLS ${flags.tls}`,
);
const { breaches, trace, broker, counts } = await runChaos({
  ms: Number(flags.minutes) * 60_000,
  seed: Number(flags.seed),
  clients: Number(flags.clients),
  broker: flags.broker as BrokerKind,
  isTls: flags.tls,
  promises: new Set(asked as PromiseName[]),
  patienceMs: Number(flags.patience) * 1000,
});
console.log(`broker ${broker}`);
for (const [name, count] of Object.entries(counts)) {
  console.log(`${String(count).padStart(9)} ${name}`);
}
for (const name of asked as PromiseName[]) {
  const broken = breaches.filter(({ promise }) => promise === name).length;
  console.log(
    `${broken === 0 ? "kept  " : "BROKEN"} ${name}: ${PROMISES[name]}${
      broken ? ` (${broken})` : ""
    }`,
  );
}
const [first] = breaches;
if (first) {
  for (const { promise, text } of breaches.slice(1, 10)) console.error(`${promise}: ${text}`);
  console.error(`\nThe first: ${first.promise}: ${first.text}\nIts client did last:`);
  for (const line of trace) console.error(`  ${line}`);
}
Deno.exit(first ? 1 : 0);
