/**
 * Publishes the package without publishing it: shows what would be shipped and fails on whatever JSR
 * would refuse, such as an exported name without an explicit type. Needs no network.
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import { stagePackage } from "./stage.ts";

/** What `deno publish --dry-run` says of a package. */
export interface DryRun {
  /** Whether it would be taken. */
  success: boolean;
  /** All that it says, with paths from the package's folder on. */
  report: string;
}

/** Tries to publish the package in that folder. */
export async function publishDryRun(root: string): Promise<DryRun> {
  await using stage = await stagePackage(root);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", "--dry-run", "--allow-dirty"],
    cwd: stage.packageFolder,
    env: { NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  const report = said
    .replaceAll(`${pathToFileURL(stage.packageFolder)}/`, "")
    .replaceAll(`${stage.packageFolder}/`, "");
  return { success, report };
}

if (import.meta.main) {
  const { success, report } = await publishDryRun(Deno.cwd());
  console.log(report.trim());
  if (!success) Deno.exit(1);
}
