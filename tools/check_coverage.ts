/**
 * Shows how much of each source file the tests ran, and fails unless all lines and branches of the pure
 * rooms were run. A file that no test imports is not in the report of V8; here it counts as never run.
 *
 *     deno test --coverage=DIR --coverage-raw-data-only ... && deno run -A tools/check_coverage.ts DIR
 *
 * @module
 */

import { join, resolve } from "node:path";
import { type FileCoverage, lineRanges, parseLcov, percentage } from "./coverage.ts";
import { isUnder } from "./is_under.ts";
import { emitsCode, sourceFiles } from "./source_files.ts";

/** Where every line and branch must be run: these rooms compute, so it costs little. */
const GATED = ["src/codec/", "src/session/", "src/hub/topics.ts", "src/hub/properties.ts"];

/** Generated; `check:wasm` compares it to the byte. */
const GENERATED = "src/codec/wasm_bytes.ts";

/** What is known of one file, and whether that is enough. */
export interface Verdict {
  /** Its path from the root of the repository. */
  file: string;
  /** Absent where no test imports it. */
  coverage?: FileCoverage;
  /** Whether lines or branches are missing that must not be. */
  passes: boolean;
}

/** Judges each source file of the repository by what `deno test --coverage` left in a folder. */
export async function coverageVerdicts(root: string, profileFolder: string): Promise<Verdict[]> {
  const covered = parseLcov(await lcovReport(root, profileFolder));
  const verdicts: Verdict[] = [];
  for (const file of await sourceFiles(root)) {
    const path = join(root, file);
    if (file === GENERATED || !emitsCode(await Deno.readTextFile(path))) continue;
    const coverage = covered.get(path);
    const passes = isComplete(coverage) || !GATED.some((gated) => isUnder(file, gated));
    verdicts.push(coverage === undefined ? { file, passes } : { file, coverage, passes });
  }
  return verdicts;
}

/** One line a file: the shares of lines and branches, and where they are missing if they must not be. */
export function describeVerdict({ file, coverage, passes }: Verdict): string {
  if (coverage === undefined) {
    return `  0.0    0.0  ${file}${passes ? "" : "  <- no test imports it"}`;
  }
  const { lines, branches } = coverage;
  const shares = [lines, branches].map((tally) => percentage(tally).toFixed(1).padStart(5));
  const missed = lineRanges([...lines.missed, ...branches.missed]);
  return `${shares.join("  ")}  ${file}${passes ? "" : `  <- lines ${missed}`}`;
}

async function lcovReport(root: string, profileFolder: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["coverage", "--lcov", profileFolder],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) throw new Error(`deno coverage failed: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

function isComplete(coverage: FileCoverage | undefined): boolean {
  return coverage?.lines.missed.length === 0 && coverage.branches.missed.length === 0;
}

if (import.meta.main) {
  const verdicts = await coverageVerdicts(Deno.cwd(), resolve(Deno.args[0] ?? "coverage"));
  console.log("lines branches (per cent run)");
  for (const verdict of verdicts) console.log(describeVerdict(verdict));
  const failing = verdicts.filter(({ passes }) => !passes);
  if (failing.length > 0) {
    console.error(`\nNot all of ${GATED.join(", ")} was run. Missing:`);
    for (const verdict of failing) console.error(describeVerdict(verdict));
    Deno.exit(1);
  }
}
