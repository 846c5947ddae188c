import type { TestName } from "./test_names.ts";

/** A page made of tests, and what is wrong with them. */
export interface Page {
  /** Markdown. */
  page: string;
  /** What has no test, and tests of what nobody knows. */
  faults: string[];
}

/** Tests by what `keysIn` finds in their names. */
export function testsBy(
  names: readonly TestName[],
  keysIn: (name: string) => string[],
): Map<string, TestName[]> {
  const tests = new Map<string, TestName[]>();
  for (const test of names) {
    for (const key of new Set(keysIn(test.name))) {
      const known = tests.get(key);
      if (known) known.push(test);
      else tests.set(key, [test]);
    }
  }
  return tests;
}

/** A row of a table; the last cell lists tests, under what `title` makes of their names. */
export function tableRow(
  cells: readonly string[],
  { tests, title }: { tests: readonly TestName[]; title: (name: string) => string },
): string {
  const shown = tests.map(({ file, name }) =>
    `[${file.replace("tests/", "")}](../${file}): ${title(name)}`
  );
  return `| ${[...cells, shown.join("<br>") || "not yet"].map(escapeCell).join(" | ")} |`;
}

/** A bar would end the cell, and "<a>" would be taken for a tag; our own line breaks stay. */
function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/<(?!br>)/g, "&lt;");
}

/** Writes the page, or says that it is old; exits with 1 if anything is wrong. */
export async function publishPage(path: string, { page, faults }: Page): Promise<void> {
  if (Deno.args.includes("--write")) await Deno.writeTextFile(path, page);
  else if (await Deno.readTextFile(path) !== page) {
    faults.push(`${path} is old: run deno task build:conformance`);
  }
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) Deno.exit(1);
}
