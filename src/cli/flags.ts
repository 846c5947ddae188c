/** Flags as they are declared, in tables, and as the arguments gave them. */

import { usageError } from "./cli_error.ts";

/** One flag; its long name is its key in the table. */
export interface Flag {
  /** One letter, for `-x`. */
  short?: string;
  /** Another long name. */
  alias?: string;
  /** What to call its value in the help; without one it is a switch. */
  value?: string;
  /** Whether it may be given more than once. */
  repeatable?: boolean;
  /** One line of help. */
  about: string;
}

/** Flags by their long names. */
export type FlagTable = Readonly<Record<string, Flag>>;

/** What the arguments said. */
export class Flags<N extends string = string> {
  readonly #switches: ReadonlySet<string>;
  readonly #values: ReadonlyMap<string, readonly string[]>;
  /** The arguments that belong to no flag. */
  readonly rest: readonly string[];

  constructor(
    { switches, values, rest }: {
      switches: ReadonlySet<string>;
      values: ReadonlyMap<string, readonly string[]>;
      rest: readonly string[];
    },
  ) {
    this.#switches = switches;
    this.#values = values;
    this.rest = rest;
  }

  /** Whether it was given. */
  has(name: N): boolean {
    return this.#switches.has(name) || this.#values.has(name);
  }

  /** Its value. */
  text(name: N): string | undefined {
    return this.#values.get(name)?.[0];
  }

  /** The value of one that cannot be left out. */
  required(name: N): string {
    const value = this.text(name);
    if (value !== undefined && value !== "") return value;
    throw usageError({
      what: `--${name} is missing`,
      why: "this command cannot do without it",
      remedy: "Give it; --help shows examples.",
    });
  }

  /** All its values. */
  all(name: N): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** Its value as a number in that range. */
  number(
    name: N,
    { from, to, isWhole = true }: { from: number; to: number; isWhole?: boolean },
  ): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = /^[0-9.]+$/.test(text) ? Number(text) : NaN;
    if (number >= from && number <= to && (!isWhole || Number.isInteger(number))) return number;
    const kind = isWhole ? "a whole number" : "a number";
    throw usageError({
      what: `Cannot use --${name} ${JSON.stringify(text)}`,
      why: `it must be ${kind} from ${from} to ${to}`,
      remedy: "Correct it; --help shows what is taken.",
    });
  }

  /** @throws {CliError} If two of these were given. */
  refuseTogether(...names: readonly N[]): void {
    const [one, other] = names.filter((name) => this.has(name));
    if (one === undefined || other === undefined) return;
    throw usageError({
      what: `--${one} and --${other} exclude each other`,
      why: "only one of them can be meant",
      remedy: "Leave one of them out.",
    });
  }
}
