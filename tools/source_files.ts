import { readdir } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";

/** The TypeScript files of the package, from its root on: `src/errors.ts`. Sorted. */
export async function sourceFiles(root: string): Promise<string[]> {
  const files = await readdir(join(root, "src"), { recursive: true });
  return files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `src/${file.replaceAll("\\", "/")}`)
    .sort();
}

/** Types that come with npm packages do not know this mode; Deno does. */
const TRANSFORM = { mode: "transform" as "strip" };

/** Whether anything is left to run of a source when types, comments, imports and re-exports are gone. */
export function emitsCode(source: string): boolean {
  const rest = stripTypeScriptTypes(source, TRANSFORM)
    .replaceAll(COMMENT, "")
    .replaceAll(PASSED_ON, "");
  return rest.trim() !== "";
}

const COMMENT = /\/\*.*?\*\/|\/\/.*$/gms;
const PASSED_ON =
  /\bimport\s*(?:[\w\s{},*$]+\bfrom\s*)?(["'])[^"']*\1;?|\bexport\s*(?:\*(?:\s*as\s+[\w$]+)?|\{[^}]*\})(?:\s*from\s*(["'])[^"']*\2)?;?/g;
