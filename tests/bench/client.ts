/** `deno task bench:client`: Hubwire, MQTT.js and bare TLS do the same, in rounds that are interleaved. */

import { dirname } from "node:path";
import { Laboratory } from "./client/laboratory.ts";
import { measureRow } from "./client/measure.ts";
import { clientFiguresTable, clientGoalsTable } from "./client/report.ts";
import { type ClientResults, rowResultOf } from "./client/results.ts";
import { rowsOf } from "./client/rows.ts";
import { type Flags, ownFlags } from "./flags.ts";
import { describeMachine, versionsOf } from "./machine.ts";
import { describeRun } from "./report.ts";
import { printResults } from "./results.ts";

const USAGE = `Usage: deno task bench:client [--json [FILE]] [--only NAME] [--rounds N] [--quick]

  --json [FILE]  print the results as JSON, or write them into a file
  --only NAME    only the rows whose names contain this, e.g. "publish QoS 1"
  --rounds N     how often everybody does everything (default 9; 3 with --quick)
  --quick        a tenth of all messages and connections, for a first look; nothing to quote

Wanted besides Deno: Node (for MQTT.js), OpenSSL 3 as libssl.so.3 (for the peer), and mosquitto for its own rows.
`;

const RULES = { rounds: 9, hasSeed: false };
/** Enough for the optimizing compilers. */
const WARM_UPS = 2;
const QUICK_SHARE = 0.1;
const CONFIGURATION = new URL("../../deno.json", import.meta.url);

/** Measures, and tells what it found as soon as it has. */
export async function main(flags: Flags, print: (text: string) => void): Promise<void> {
  const isTold = flags.json !== true;
  if (typeof flags.json === "string") await Deno.mkdir(dirname(flags.json), { recursive: true });
  const rows = rowsOf({ share: flags.quick ? QUICK_SHARE : 1 })
    .filter(({ name }) => name.includes(flags.only ?? ""));
  if (rows.length === 0) throw new TypeError(`There is no row ${flags.only}`);
  await using laboratory = await Laboratory.open();
  const results = await emptyResults(flags, await laboratory.versions());
  if (isTold) print(describeRun(results));
  for (const row of rows) {
    const measured = await measureRow(row, laboratory, results);
    if (!measured) {
      print(`Left out, mosquitto is not installed: ${row.name}`);
      continue;
    }
    const result = rowResultOf(row.name, measured);
    results.rows.push(result);
    if (isTold) print(clientFiguresTable([result]));
  }
  print(isTold ? clientGoalsTable(results.rows) : printResults(results));
  if (typeof flags.json === "string") await Deno.writeTextFile(flags.json, printResults(results));
}

async function emptyResults(
  { rounds }: Flags,
  versions: Record<string, string>,
): Promise<ClientResults> {
  const { imports } = JSON.parse(await Deno.readTextFile(CONFIGURATION));
  return {
    date: new Date().toISOString().slice(0, 10),
    command: ["deno task bench:client", ...Deno.args].join(" "),
    rounds,
    warmUps: WARM_UPS,
    machine: await describeMachine(),
    versions: { ...versionsOf(imports, ["mqtt"]), ...versions },
    rows: [],
  };
}

if (import.meta.main) await main(ownFlags(USAGE, RULES), console.log);
