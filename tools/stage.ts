/**
 * Lays the package out as `deno publish` takes it: what `publish.include` ships, in a folder of its
 * own, with the stand-ins of `links/` beside it. A linked package inside the package but outside
 * `publish.include` is refused.
 *
 * @module
 */

import { cp } from "node:fs/promises";
import { basename, join } from "node:path";

/** A copy of what is published, in a temporary folder that goes when it is disposed of. */
export interface Stage extends AsyncDisposable {
  /** The folder of the package. */
  packageFolder: string;
  /** The folders of the linked packages. */
  linkFolders: string[];
}

/** The part of `deno.json` that says what is published; each path is a file or a folder. */
interface Config {
  links?: string[];
  publish: { include: string[] };
}

/** Copies what the package at `root` ships, its lockfile and its links. */
export async function stagePackage(root: string): Promise<Stage> {
  const config: Config = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const folder = await Deno.makeTempDir({ prefix: "hubwire_publish_" });
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => Deno.remove(folder, { recursive: true }));
  const packageFolder = join(folder, "package");
  const linkFolders: string[] = [];
  for (const path of [...config.publish.include, "deno.lock"]) {
    await cp(join(root, path), join(packageFolder, path), { recursive: true });
  }
  for (const link of config.links ?? []) {
    const linkFolder = join(folder, basename(link));
    await cp(join(root, link), linkFolder, { recursive: true });
    linkFolders.push(linkFolder);
  }
  const staged = { ...config, links: linkFolders.map((link) => `../${basename(link)}`) };
  await Deno.writeTextFile(join(packageFolder, "deno.json"), JSON.stringify(staged, null, 2));
  const kept = cleanUp.move();
  return { packageFolder, linkFolders, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
