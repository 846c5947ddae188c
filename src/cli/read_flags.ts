/**
 * Reads arguments by a table of flags; whatever the table does not allow is refused.
 *
 * A flag that takes a value takes what stands behind it, whatever that looks like: `-m -5` and `-m ""` say what
 * they seem to say. Short flags may share a dash, and the last of them may take a value: `-rq1`, `-rq 1`, `-q=1`.
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
  const takers = names.filter((name) => !isSwitch(table[name]));
  const options: ParseOptions = {
    string: takers,
    boolean: names.filter((name) => isSwitch(table[name])),
    collect: takers,
  };
  const parsed = parseArgs(spellOut(args, table), options);
  const switches = new Set(names.filter((name) => parsed[name] === true));
  const values = new Map<string, string[]>();
  for (const name of takers) {
    const given: string[] = parsed[name];
    if (given.length === 0) continue;
    values.set(name, oneUnlessRepeatable(name, { given, flag: table[name] }));
  }
  return new Flags({ switches, values, rest: parsed._.map(String) });
}

const FLAG = /^(--[^=]+|-[^-])(?:=(.*)|(.*))$/s;

/**
 * Spells every flag with its long name and its value, and puts the other arguments behind `--`, so that nothing is
 * left to guess of what belongs to what.
 */
function spellOut(args: readonly string[], table: FlagTable): string[] {
  const names = namesBySpelling(table);
  const [flags, rest, left]: [string[], string[], string[]] = [[], [], [...args]];
  for (let arg = left.shift(); arg !== undefined && arg !== "--"; arg = left.shift()) {
    if (!arg.startsWith("-") || arg === "-") {
      rest.push(arg);
      continue;
    }
    const [, spelling = arg, assigned, behind = ""] = FLAG.exec(arg) ?? [];
    const name = names.get(spelling);
    if (name === undefined) throw unknownFlag(spelling, table);
    const flag = table[name];
    if (!isSwitch(flag)) {
      const value = assigned ?? (behind || left.shift()) ?? missingValue(spelling, flag?.value);
      flags.push(`--${name}=${value}`);
      continue;
    }
    if (assigned !== undefined || behind.startsWith("-")) throw noValueWanted(spelling, arg);
    // More short flags behind the same dash.
    if (behind !== "") left.unshift(`-${behind}`);
    flags.push(`--${name}`);
  }
  return [...flags, "--", ...rest, ...left];
}

function isSwitch(flag: Flag | undefined): boolean {
  return flag?.value === undefined;
}

function namesBySpelling(table: FlagTable): Map<string, string> {
  return new Map(
    Object.entries(table).flatMap(([name, { short, alias }]) => [
      [`--${name}`, name] as const,
      ...alias === undefined ? [] : [[`--${alias}`, name] as const],
      ...short === undefined ? [] : [[`-${short}`, name] as const],
    ]),
  );
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

function noValueWanted(spelling: string, arg: string): Error {
  return usageError({
    what: `Cannot use ${arg}`,
    why: `${spelling} takes no value`,
    remedy: `Write ${spelling}`,
  });
}

function unknownFlag(spelling: string, table: FlagTable): Error {
  const long = Object.entries(table).flatMap(([name, { alias }]) => alias ? [name, alias] : [name]);
  const meant = spelling.startsWith("--") ? nearest(spelling.slice(2), long) : undefined;
  return usageError({
    what: `Unknown flag ${spelling}`,
    why: "this command does not have it",
    remedy: meant === undefined ? "--help shows all flags." : `Did you mean --${meant}?`,
  });
}
