/** `deno task bench:codec`: everybody does everything, in rounds that are interleaved, and has to find the same. */

import { dirname } from "node:path";
import { decodeWorkloads } from "./decode.ts";
import { encodeWorkloads } from "./encode.ts";
import { type Flags, ownFlags, USAGE } from "./flags.ts";
import { measureFootprint } from "./footprint.ts";
import { describeMachine, versionsOf } from "./machine.ts";
import { describeFootprint, describeRun, figuresTable, goalsTable } from "./report.ts";
import { printResults, resultOf, type Results, type WorkloadResult } from "./results.ts";
import { matchWorkloads } from "./match.ts";
import { runRounds } from "./rounds.ts";
import type { Workload } from "./workload.ts";

/** Enough for the optimizing compiler to be done with it. */
const WARM_UPS = 4;
/** A quick run passes this much less often over everything. */
const QUICK_SHARE = 1 / 4;
const CONFIGURATION = new URL("../../deno.json", import.meta.url);
const PACKAGES = ["mqtt-packet", "@sap/xb-msg-mqtt-v311", "qlobber"];

async function main(flags: Flags): Promise<void> {
  const isTold = flags.json !== true;
  if (typeof flags.json === "string") await Deno.mkdir(dirname(flags.json), { recursive: true });
  const results = await emptyResults(flags);
  if (isTold) console.log(describeRun(results));
  for (const workload of workloadsOf(flags)) {
    const result = resultOf(workload, await runRounds(workload, results));
    results.workloads.push(result);
    if (isTold) printWorkload(result);
  }
  if (results.workloads.length === 0) throw new TypeError(`There is no workload ${flags.only}`);
  if (isTold) console.log(`${goalsTable(results.workloads)}\n${describeFootprint(results)}`);
  else console.log(printResults(results));
  if (typeof flags.json === "string") await Deno.writeTextFile(flags.json, printResults(results));
}

function workloadsOf({ seed, quick, only = "" }: Flags): Workload[] {
  const options = { seed, share: quick ? QUICK_SHARE : 1 };
  return [...decodeWorkloads(options), ...encodeWorkloads(options), ...matchWorkloads(options)]
    .filter(({ group, name }) => `${group} ${name}`.includes(only));
}

async function emptyResults({ seed, rounds }: Flags): Promise<Results> {
  const { imports } = JSON.parse(await Deno.readTextFile(CONFIGURATION));
  return {
    date: new Date().toISOString().slice(0, 10),
    command: ["deno task bench:codec", ...Deno.args].join(" "),
    seed,
    rounds,
    warmUps: WARM_UPS,
    machine: await describeMachine(),
    versions: versionsOf(imports, PACKAGES),
    footprint: measureFootprint(),
    workloads: [],
  };
}

function printWorkload(result: WorkloadResult): void {
  console.log(`${result.group}, ${result.count} packets or topics, ${result.bytes} bytes a run`);
  console.log(figuresTable([result]));
}

if (import.meta.main) await main(ownFlags(USAGE));
