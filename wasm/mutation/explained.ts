import type { Mutant } from "./mutants.ts";

/**
 * The mutants that `docs/mutants.md` explains, by {@linkcode keyOf}. A row of its table names file and function, both
 * forms of the line as code, and why nobody can notice.
 */
export function explainedIn(page: string): Set<string> {
  const rows = page.matchAll(/^\| `(\S+?)(?: (\w+)\(\))?` \| `(.+?)` → `(.+?)` \|/gm);
  return new Set(
    Array.from(
      rows,
      ([, file, within = "", before, after]) =>
        [file, within, plain(before), plain(after)].join("\n"),
    ),
  );
}

/** What a row names of a mutant: its line may move. */
export function keyOf({ file, within, before, after }: Mutant): string {
  return [file.slice(file.lastIndexOf("/") + 1), within, before, after].join("\n");
}

/** A row of `docs/mutants.md` without its reason. */
export function rowOf(mutant: Mutant): string {
  const [file, within, before, after] = keyOf(mutant).replaceAll("|", "\\|").split("\n");
  return `| \`${file}${within && ` ${within}()`}\` | \`${before}\` → \`${after}\` | why |`;
}

function plain(code = ""): string {
  return code.replaceAll("\\|", "|");
}
