import { usageError } from "./cli_error.ts";
import type { Command } from "./command.ts";
import { nearest } from "./did_you_mean.ts";
import { WRONG_USAGE } from "./exit_code.ts";
import type { Io } from "./io.ts";
import { PROGRAM } from "./program_name.ts";
import { reportError, reportOptions } from "./report_error.ts";

/** What a group of commands is made of. */
export interface GroupParts {
  /** Such as `store`; empty for all of them. */
  name: string;
  summary: string;
  /** Command lines without the program's name. */
  examples: readonly string[];
  /** By the argument that picks them. */
  commands: Readonly<Record<string, Command>>;
}

/** Makes a command whose first argument picks another one; without any it shows what there is. */
export function commandGroup(parts: GroupParts): Command {
  const { name, summary, commands } = parts;
  const usage = renderUsage(parts);

  async function run([picked, ...args]: readonly string[], io: Io): Promise<number> {
    if (picked === undefined) {
      io.report(usage);
      return WRONG_USAGE;
    }
    if (picked === "--help") {
      io.print(usage);
      return 0;
    }
    const command = Object.hasOwn(commands, picked) ? commands[picked] : undefined;
    return command
      ? await command.run(args, io)
      : reportError(unknownCommand(picked, parts), io, reportOptions([picked, ...args]));
  }

  return { name, summary, usage, run };
}

function renderUsage({ name, summary, examples, commands }: GroupParts): string {
  const width = Math.max(...Object.keys(commands).map((each) => each.length));
  return [
    `${titleOf(name)}: ${summary}`,
    "",
    ...examples.map((example) => `  ${PROGRAM} ${example}`),
    "",
    "Commands",
    ...Object.entries(commands).map(([key, each]) => `  ${key.padEnd(width)}  ${each.summary}`),
    "",
    "Every command tells its flags with --help.",
  ].join("\n");
}

function unknownCommand(picked: string, { name, commands }: GroupParts): Error {
  if (picked.startsWith("-")) {
    return usageError({
      what: `Cannot use ${picked} here`,
      why: "a command comes first, and its flags behind it",
      remedy: "For help it is --help.",
    });
  }
  const meant = nearest(picked, Object.keys(commands));
  return usageError({
    what: `Unknown command ${JSON.stringify(picked)}`,
    why: `${titleOf(name)} does not have it`,
    remedy: meant === undefined
      ? `Take one of ${Object.keys(commands).join(", ")}`
      : `Did you mean ${meant}?`,
  });
}

function titleOf(name: string): string {
  return `hubwire ${name}`.trim();
}
