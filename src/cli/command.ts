import { usageError } from "./cli_error.ts";
import type { Flags, FlagTable } from "./flags.ts";
import { renderHelp } from "./help.ts";
import { type Io, OutputClosedError } from "./io.ts";
import { readFlags } from "./read_flags.ts";
import { reportError, reportOptions } from "./report_error.ts";

/** A command of the program. */
export interface Command {
  /** Such as `pub`, or `store add`. */
  name: string;
  /** What it does, in one line. */
  summary: string;
  /** Its help. */
  usage: string;
  /** Runs it; returns the exit code. A failure is told on standard error and not thrown. */
  run(args: readonly string[], io: Io): Promise<number>;
}

const GENERAL_FLAGS = {
  json: { about: "results and errors as JSON, one object a line" },
  quiet: { about: "no notes beside the results; errors are told all the same" },
  debug: { short: "d", about: "tell what lies underneath an error, and how the connection fares" },
  help: { about: "this text" },
} as const satisfies FlagTable;

/** Tables of flags, by the headings that they stand under in the help. */
type Sections = Readonly<Record<string, FlagTable>>;

/** The names of all flags of a command, those that every command has among them. */
type FlagName<S extends Sections> =
  | { [H in keyof S]: keyof S[H] & string }[keyof S]
  | keyof typeof GENERAL_FLAGS;

/** What a command is made of. */
export interface CommandParts<S extends Sections> {
  name: string;
  summary: string;
  /** Command lines without the program's name. */
  examples: readonly string[];
  /** Its flags. */
  sections: S;
  /** What else the help should say, in lines. */
  remarks?: readonly string[];
  /** What to call its one argument that is no flag; without a name it takes none. */
  operand?: string;
  /** Does the work. */
  action(flags: Flags<FlagName<S>>, io: Io): Promise<void>;
}

/** Makes a command: its arguments are read, its help given and its failures told as with every other. */
export function defineCommand<const S extends Sections>(parts: CommandParts<S>): Command {
  const sections: Sections = { ...parts.sections, General: GENERAL_FLAGS };
  const table: FlagTable = Object.assign({}, ...Object.values(sections));
  const usage = renderHelp({ ...parts, sections });

  async function run(args: readonly string[], io: Io): Promise<number> {
    try {
      const flags = readFlags(args, table);
      io.isQuiet = flags.has("quiet");
      if (flags.has("help")) {
        io.print(usage);
        return 0;
      }
      checkOperands(flags.rest, parts);
      await parts.action(flags, io);
      return 0;
    } catch (error) {
      if (error instanceof OutputClosedError) return 0;
      return reportError(error, io, reportOptions(args));
    }
  }

  return { name: parts.name, summary: parts.summary, usage, run };
}

function checkOperands(
  [first, second]: readonly string[],
  { name, operand }: { name: string; operand?: string },
): void {
  if (operand === undefined ? first === undefined : first !== undefined && second === undefined) {
    return;
  }
  if (operand !== undefined && first === undefined) {
    throw usageError({
      what: `${operand} is missing`,
      why: `${name} has to be told which one`,
      remedy: "Name it; --help shows examples.",
    });
  }
  throw usageError({
    what: `Cannot use ${JSON.stringify(second ?? first)}`,
    why: `${name} takes ${
      operand === undefined ? "no argument" : `only ${operand}`
    } without a flag`,
    remedy: "Leave it out, or put it in quotes with what it belongs to.",
  });
}
