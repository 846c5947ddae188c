/** `deno task bench:report`: what is said about the newest results, wherever it is said. */

import { drawChart } from "./chart.ts";
import { replaceBetween } from "./markdown.ts";
import { newestResults } from "./newest_results.ts";
import { readmeFigures } from "./readme_figures.ts";
import { describeFootprint, describeRun, figuresTable, goalsTable } from "./report.ts";
import type { Results } from "./results.ts";
import type { Group } from "./workload.ts";

const ROOT = new URL("../../", import.meta.url);

/** The documents that quote results, by their paths, as they should be. */
export async function reportFiles(root: URL = ROOT): Promise<Map<string, string>> {
  const { name, results } = await newestResults(new URL("docs/benchmarks/", root));
  const report = await Deno.readTextFile(new URL("docs/benchmarks.md", root));
  const readme = await Deno.readTextFile(new URL("README.md", root));
  return new Map([
    ["docs/benchmarks.md", replaceBetween(report, "codec", codecReport(results, name))],
    ["docs/benchmarks/codec.svg", drawChart(results)],
    ["README.md", replaceBetween(readme, "figures", readmeFigures(results))],
  ]);
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
