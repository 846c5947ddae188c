import type { FlagTable } from "./flags.ts";
import { PROGRAM } from "./program_name.ts";

/** What the help of a command is made of. */
export interface HelpParts {
  /** Its name, such as `store add`. */
  name: string;
  /** One line: what it does. */
  summary: string;
  /** Command lines without the program's name. */
  examples: readonly string[];
  /** Its flags, by the headings that they stand under. */
  sections: Readonly<Record<string, FlagTable>>;
  /** What else somebody should know, in lines. */
  remarks?: readonly string[];
}

/** The help of a command: examples first. */
export function renderHelp({ name, summary, examples, sections, remarks }: HelpParts): string {
  const flags = Object.entries(sections).flatMap(([heading, table]) => [
    "",
    heading,
    ...renderFlags(table),
  ]);
  return [
    `hubwire ${name}: ${summary}`,
    "",
    ...examples.map((example) => `  ${PROGRAM} ${example}`),
    ...flags,
    ...remarks ? ["", ...remarks] : [],
  ].join("\n");
}

function renderFlags(table: FlagTable): string[] {
  const lines = Object.entries(table).map(([name, { short, alias, value, about }]) => {
    const names = [`--${name}`, ...alias ? [`--${alias}`] : []].join(", ");
    const left = `${short ? `-${short},` : "   "} ${names}${value ? ` ${value}` : ""}`;
    return { left, about };
  });
  const width = Math.max(...lines.map(({ left }) => left.length));
  return lines.map(({ left, about }) => `  ${left.padEnd(width)}  ${about}`);
}
