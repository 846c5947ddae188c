import type { Mutant } from "./mutants.ts";

/**
 * The mutants that `docs/mutants.md` explains, by {@linkcode keyOf}. A row of its tables names the file, both forms of
 * the line as code, and why nobody can notice.
 */
export function explainedIn(page: string): Set<string> {
  const rows = page.matchAll(/^\| `([^`]+)` \| `(.+?)` → `(.+?)` \|/gm);
  return new Set(
    Array.from(rows, ([, file, before, after]) => `${file}\n${plain(before)}\n${plain(after)}`),
  );
}

/** What a row names of a mutant: its line may move. */
export function keyOf({ file, before, after }: Mutant): string {
  return `${file.slice(file.lastIndexOf("/") + 1)}\n${before}\n${after}`;
}

/** A row of `docs/mutants.md` without its reason. */
export function rowOf(mutant: Mutant): string {
  const [file, before, after] = keyOf(mutant).replaceAll("|", "\\|").split("\n");
  return `| \`${file}\` | \`${before}\` → \`${after}\` | why |`;
}

function plain(code = ""): string {
  return code.replaceAll("\\|", "|");
}
