/**
 * Reads arguments by a table of flags; whatever the table does not allow is refused.
 *
 * A flag that takes a value takes the argument behind it, whatever that looks like: `-m -5` and `-m ""` say what
 * they seem to say.
 */

import { parseArgs, type ParseOptions } from "@std/cli/parse-args";
import { usageError } from "./cli_error.ts";
import { nearest } from "./did_you_mean.ts";
import { type Flag, Flags, type FlagTable } from "./flags.ts";

/** @throws {CliError} If the arguments are not what the table allows. */
export function readFlags<T extends FlagTable>(
  args: readonly string[],
  table: T,
): Flags<keyof T & string> {
  const names = Object.keys(table);
  const isSwitch = (name: string) => table[name]?.value === undefined;
  const takers = names.filter((name) => !isSwitch(name));
  const parsed: Record<string, unknown> = parseArgs<ParseOptions>(joinValues(args, table), {
    string: [...takers, "_"],
    boolean: names.filter(isSwitch),
    collect: takers,
    alias: Object.fromEntries(names.map((name) => [name, otherNames(table[name])])),
    unknown: (arg, key) => {
      if (key !== undefined) throw unknownFlag(arg, table);
    },
  });
  const switches = new Set(names.filter((name) => parsed[name] === true));
  const values = new Map<string, string[]>();
  for (const name of names) {
    const given = parsed[name];
    if (!Array.isArray(given) || given.length === 0) continue;
    values.set(name, oneUnlessRepeatable(name, { given: given.map(String), flag: table[name] }));
  }
  const rest = Array.isArray(parsed._) ? parsed._.map(String) : [];
  return new Flags({ switches, values, rest });
}

/** `-m text` becomes `--message=text`, so that no text is taken for a flag, and none for missing. */
function joinValues(args: readonly string[], table: FlagTable): string[] {
  const takers = new Map(
    Object.entries(table).filter(([, { value }]) => value !== undefined)
      .flatMap(([name, flag]) => spellings(name, flag).map((spelling) => [spelling, name])),
  );
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (arg === "--") return [...joined, ...args.slice(i)];
    const name = takers.get(arg);
    if (name === undefined) joined.push(arg);
    else joined.push(`--${name}=${args[++i] ?? missingValue(arg, table[name]?.value)}`);
  }
  return joined;
}

function otherNames(flag: Flag | undefined): string[] {
  return [flag?.short, flag?.alias].filter((name) => name !== undefined);
}

function spellings(name: string, flag: Flag): string[] {
  return [name, ...otherNames(flag)].map((each) => each.length === 1 ? `-${each}` : `--${each}`);
}

/** The same value twice says nothing wrong. */
function oneUnlessRepeatable(
  name: string,
  { given, flag }: { given: string[]; flag: Flag | undefined },
): string[] {
  if (flag?.repeatable || new Set(given).size === 1) return given;
  throw usageError({
    what: `--${name} was given ${given.length} times`,
    why: `it has one value, and these differ: ${given.join(", ")}`,
    remedy: "Give it once.",
  });
}

function missingValue(spelling: string, value = "value"): never {
  throw usageError({
    what: `${spelling} needs a value`,
    why: `nothing follows it, and ${value} should`,
    remedy: spelling === "-h"
      ? "Name a host; for help it is --help."
      : `Write ${spelling} ${value}`,
  });
}

function unknownFlag(arg: string, table: FlagTable): Error {
  const [spelling = arg] = arg.split("=");
  const long = Object.entries(table).flatMap(([name, { alias }]) => alias ? [name, alias] : [name]);
  const meant = spelling.startsWith("--") ? nearest(spelling.slice(2), long) : undefined;
  return usageError({
    what: `Unknown flag ${spelling}`,
    why: "this command does not have it",
    remedy: meant === undefined ? "--help shows all flags." : `Did you mean --${meant}?`,
  });
}
