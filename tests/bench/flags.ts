export interface Flags {
  /** Print JSON instead of tables; into a file, and the tables too, when it has a name. */
  json: true | string | undefined;
  /** Only workloads with this in their names. */
  only: string | undefined;
  rounds: number;
  quick: boolean;
  seed: number;
}

export const USAGE =
  `Usage: deno task bench:codec [--json [FILE]] [--only NAME] [--rounds N] [--quick] [--seed N]

  --json [FILE]  print the results as JSON, or write them into a file
  --only NAME    only the workloads whose names contain this, e.g. "decode QoS 1"
  --rounds N     how often everybody does everything (default 11; 3 with --quick)
  --quick        a few seconds for a first look; nothing to quote
  --seed N       other topics, payloads and fragments (default 1)
`;

/** What differs from bench to bench. */
export interface FlagRules {
  /** How many rounds there are if nothing else is said. */
  rounds: number;
  /** Whether chance takes part. */
  hasSeed: boolean;
}

/**
 * Reads the command line.
 *
 * @throws {TypeError} If it is not as the usage says.
 */
export function parseFlags(
  args: readonly string[],
  { rounds, hasSeed }: FlagRules = { rounds: 11, hasSeed: true },
): Flags {
  const rest = [...args];
  const flags: Partial<Flags> = {};
  for (let flag = rest.shift(); flag !== undefined; flag = rest.shift()) {
    if (flag === "--json") flags.json = isValue(rest[0]) ? rest.shift() : true;
    else if (flag === "--only") flags.only = valueOf(flag, rest.shift());
    else if (flag === "--rounds") flags.rounds = numberOf(flag, rest.shift());
    else if (flag === "--seed" && hasSeed) flags.seed = numberOf(flag, rest.shift());
    else if (flag === "--quick") flags.quick = true;
    else throw new TypeError(`There is no ${flag}`);
  }
  const { json, only, quick = false, seed = 1 } = flags;
  return { json, only, quick, seed, rounds: flags.rounds ?? (quick ? 3 : rounds) };
}

/** Those of this program; tells what is wrong with them and ends it otherwise. */
export function ownFlags(usage: string, rules?: FlagRules): Flags {
  try {
    return parseFlags(Deno.args, rules);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    Deno.exit(2);
  }
}

function isValue(word: string | undefined): word is string {
  return word !== undefined && !word.startsWith("--");
}

function valueOf(flag: string, word: string | undefined): string {
  if (!isValue(word)) throw new TypeError(`${flag} wants a value`);
  return word;
}

function numberOf(flag: string, word: string | undefined): number {
  const value = Number(valueOf(flag, word));
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new TypeError(`${flag} wants a whole number of at least 1`);
  }
  return value;
}
