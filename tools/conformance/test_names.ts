/**
 * The names of tests as they stand in the sources. A name must be a literal at the call, which begins a
 * line: what is skipped (`Deno.test.ignore`), commented out or put together at run time is no test here.
 * `${…}` in a template is shown as "…", so an id has to stand outside of it.
 */

import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** One test or step. */
export interface TestName {
  /** Path from the root of the repository. */
  file: string;
  name: string;
}

const TEST =
  /^[ \t]*(?:Deno\.test|await \w+\.step)\(\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)/gm;

/** Every named test below `tests/`, sorted by file and in the order of the sources. */
export async function readTestNames(root: string): Promise<TestName[]> {
  const files = await readdir(join(root, "tests"), { recursive: true });
  const names: TestName[] = [];
  for (const path of files.filter((file) => file.endsWith("_test.ts")).sort()) {
    const file = `tests/${path.replaceAll("\\", "/")}`;
    const source = await Deno.readTextFile(join(root, file));
    for (const name of namesIn(source)) names.push({ file, name });
  }
  return names;
}

function* namesIn(source: string): Generator<string> {
  for (const [, literal = ""] of source.matchAll(TEST)) {
    yield literal.slice(1, -1).replaceAll(/\$\{[^}]*\}/g, "…").replaceAll(/\\(.)/g, "$1");
  }
}

const ID = /\s*\[(MQTT-[\d.-]+)\]/g;

/** The ids in a name: `[MQTT-3.1.2-18] [MQTT-3.1.2-19]`. */
export function idsIn(name: string): string[] {
  return Array.from(name.matchAll(ID), ([, id = ""]) => id);
}

/** The rest of a name. */
export function withoutIds(name: string): string {
  return name.replaceAll(ID, "").trim();
}
