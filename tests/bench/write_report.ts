/** `deno task bench:report`: what is said about the newest results, wherever it is said. */

import { clientFiguresTable, clientGoalsTable } from "./client/report.ts";
import type { ClientResults } from "./client/results.ts";
import { drawChart } from "./chart.ts";
import { replaceBetween } from "./markdown.ts";
import { newestResults } from "./newest_results.ts";
import { type OutboxResults, outboxTable } from "./outbox_report.ts";
import { readmeClientFigures, readmeFigures } from "./readme_figures.ts";
import { describeFootprint, describeRun, figuresTable, goalsTable } from "./report.ts";
import type { Results } from "./results.ts";
import type { Group } from "./workload.ts";

const ROOT = new URL("../../", import.meta.url);

/** The documents that quote results, by their paths, as they should be. */
export async function reportFiles(root: URL = ROOT): Promise<Map<string, string>> {
  const folder = new URL("docs/benchmarks/", root);
  const { name, results } = await newestResults(folder, "codec");
  const client = await newestResults(folder, "client");
  const outbox = await newestResults(folder, "outbox");
  const report = await Deno.readTextFile(new URL("docs/benchmarks.md", root));
  const readme = await Deno.readTextFile(new URL("README.md", root));
  const withCodec = replaceBetween(report, "codec", codecReport(results, name));
  const withBoth = replaceBetween(withCodec, "client", clientReport(client.results, client.name));
  const withAll = replaceBetween(withBoth, "outbox", outboxReport(outbox.results, outbox.name));
  return new Map([
    ["docs/benchmarks.md", withAll],
    ["docs/benchmarks/codec.svg", drawChart(results)],
    ["README.md", readmeWith({ readme, results, client: client.results })],
  ]);
}

function readmeWith(
  { readme, results, client }: { readme: string; results: Results; client: ClientResults },
): string {
  const withCodec = replaceBetween(readme, "figures", readmeFigures(results));
  return replaceBetween(withCodec, "client figures", readmeClientFigures(client));
}

function codecReport(results: Results, file: string): string {
  const { workloads } = results;
  const parts = [
    `All of it is in [${file}](benchmarks/${file}).\n`,
    describeRun(results),
    "### Goals\n",
    goalsTable(workloads),
    describeFootprint(results),
  ];
  for (const group of new Set(workloads.map((workload) => workload.group))) {
    parts.push(`### ${HEADINGS[group]}\n`);
    parts.push(figuresTable(workloads.filter((workload) => workload.group === group)));
  }
  return parts.join("\n");
}

function clientReport(results: ClientResults, file: string): string {
  return [
    `All of it is in [${file}](benchmarks/${file}).\n`,
    describeRun(results),
    "### Goals of the client\n",
    clientGoalsTable(results.rows),
    "### Figures of the client\n",
    clientFiguresTable(results.rows),
  ].join("\n");
}

function outboxReport(results: OutboxResults, file: string): string {
  return [
    `All of it is in [${file}](benchmarks/${file}).\n`,
    describeRun(results),
    outboxTable(results),
  ].join("\n");
}

const HEADINGS: Record<Group, string> = {
  decode: "Decode",
  encode: "Encode",
  match: "Match topics with filters",
};

if (import.meta.main) {
  for (const [path, text] of await reportFiles()) {
    await Deno.writeTextFile(new URL(path, ROOT), text);
  }
}
