import type { Args, Names, ParseOptions } from "./args.ts";

export type { Args, ParseOptions } from "./args.ts";

/**
 * Reads command line arguments: `--name value`, `--name=value`, `-n value`, `-n5`, `-abc`, and `--`
 * which ends the flags. A number becomes a number unless the flag is named under `string`.
 */
export function parseArgs(args: readonly string[], options: ParseOptions = {}): Args {
  return new Reader(options).read(args);
}

type Value = string | number | boolean;

/** What is known of a flag while one argument is read: the argument as it stands and the one behind it. */
interface At {
  arg: string;
  next: string | undefined;
}

class Reader {
  readonly #options: ParseOptions;
  readonly #aliases: Map<string, Set<string>>;
  readonly #booleans: Set<string>;
  readonly #strings: Set<string>;
  readonly #collected: Set<string>;
  readonly #negatable: Set<string>;
  /** Without a prototype: a flag may be called `__proto__`. */
  readonly #flags: Record<string, unknown> = Object.create(null);
  readonly #rest: (string | number)[] = [];

  constructor(options: ParseOptions) {
    this.#options = options;
    this.#aliases = aliasesOf(options.alias ?? {});
    this.#booleans = this.#withAliases(typeof options.boolean === "boolean" ? [] : options.boolean);
    this.#strings = this.#withAliases(options.string);
    this.#collected = this.#withAliases(options.collect);
    this.#negatable = this.#withAliases(options.negatable);
  }

  read(args: readonly string[]): Args {
    const end = args.indexOf("--");
    const after = end === -1 ? [] : args.slice(end + 1);
    this.#readFlags(end === -1 ? args : args.slice(0, end));
    this.#fillIn();
    if (!this.#options["--"]) this.#rest.push(...after);
    return { ...this.#flags, _: this.#rest, ...(this.#options["--"] ? { "--": after } : {}) };
  }

  #readFlags(args: readonly string[]): void {
    for (let i = 0; i < args.length;) {
      const arg = args[i] ?? "";
      const at = { arg, next: args[i + 1] };
      if (arg.length > 1 && arg.startsWith("-")) {
        i += arg.startsWith("--") ? this.#readLong(at) : this.#readShort(at);
        continue;
      }
      this.#readOther(arg);
      i += 1;
      if (this.#options.stopEarly) {
        this.#rest.push(...args.slice(i));
        return;
      }
    }
  }

  #readOther(arg: string): void {
    if (this.#options.unknown?.(arg) === false) return;
    this.#rest.push(this.#strings.has("_") ? arg : numberOr(arg));
  }

  /** Returns how many arguments it took, as the next two do. */
  #readLong(at: At): 1 | 2 {
    const [, name = "", value] = /^--(.+?)(?:=(.*))?$/s.exec(at.arg) ?? [];
    if (value !== undefined) {
      this.#set(name, this.#booleans.has(name) ? value !== "false" : value, at);
      return 1;
    }
    const positive = name.slice("no-".length);
    if (name.startsWith("no-") && this.#negatable.has(positive)) {
      this.#negate(positive, at);
      return 1;
    }
    return this.#readValue(name, at, this.#options.boolean === true ? /^/ : /^-/);
  }

  /** `-abc` is three flags; what stands behind a letter and is no letter is its value: `-n5`, `-n=5`, `-o/tmp`. */
  #readShort(at: At): 1 | 2 {
    const letters = at.arg.slice(1);
    for (let i = 0; i < letters.length - 1; i++) {
      const letter = letters.charAt(i);
      const value = attachedValue(letters.slice(i + 1));
      if (value !== undefined) {
        this.#set(letter, value, at);
        return 1;
      }
      this.#set(letter, this.#strings.has(letter) ? "" : true, at);
    }
    return this.#readValue(letters.slice(-1), at, /^--?[^-]/);
  }

  #readValue(name: string, at: At, notAValue: RegExp): 1 | 2 {
    if (at.next && !this.#booleans.has(name) && !notAValue.test(at.next)) {
      this.#set(name, at.next, at);
      return 2;
    }
    if (at.next === "true" || at.next === "false") {
      this.#set(name, at.next === "true", at);
      return 2;
    }
    this.#set(name, this.#strings.has(name) ? "" : true, at);
    return 1;
  }

  #negate(name: string, { arg }: At): void {
    const value = false;
    if (this.#isLeftOut(name, value, arg)) return;
    for (const spelling of this.#spellings(name)) this.#flags[spelling] = value;
  }

  #set(name: string, value: Value, { arg }: At): void {
    if (this.#isLeftOut(name, value, arg)) return;
    const read = typeof value === "string" && !this.#strings.has(name) ? numberOr(value) : value;
    for (const spelling of this.#spellings(name)) {
      const before = this.#flags[spelling];
      const list = Array.isArray(before) ? [...before, read] : [read];
      this.#flags[spelling] = this.#collected.has(spelling) ? list : read;
    }
  }

  /** What was not given takes its default; a boolean is `false`, a collected text `[]`. */
  #fillIn(): void {
    for (const [name, value] of Object.entries(this.#options.default ?? {})) {
      if (Object.hasOwn(this.#flags, name)) continue;
      for (const spelling of this.#spellings(name)) this.#flags[spelling] = value;
    }
    for (const name of [...this.#booleans, ...this.#strings]) {
      if (Object.hasOwn(this.#flags, name)) continue;
      if (this.#collected.has(name)) this.#flags[name] = [];
      else if (this.#booleans.has(name)) this.#flags[name] = false;
    }
  }

  /** Whether the caller does not want a flag that the options do not name. */
  #isLeftOut(name: string, value: Value, arg: string): boolean {
    const isKnown = this.#options.boolean === true && /^--[^=]+$/.test(arg) ||
      [this.#booleans, this.#strings, this.#collected, this.#aliases].some((of) => of.has(name));
    return !isKnown && this.#options.unknown?.(arg, name, value) === false;
  }

  #spellings(name: string): string[] {
    return [name, ...this.#aliases.get(name) ?? []];
  }

  #withAliases(names: Names = []): Set<string> {
    return new Set([names].flat().flatMap((name) => this.#spellings(name)));
  }
}

/** For each name and each alias, all the others. */
function aliasesOf(alias: Readonly<Record<string, Names>>): Map<string, Set<string>> {
  const aliases = new Map<string, Set<string>>();
  for (const [name, others] of Object.entries(alias)) {
    const all = [name, ...[others].flat()];
    for (const one of all) aliases.set(one, new Set(all.filter((other) => other !== one)));
  }
  return aliases;
}

/** What stands behind a short flag, if it is a value and not more flags. */
function attachedValue(behind: string): string | undefined {
  const assigned = /=(.*)/s.exec(behind)?.[1];
  return assigned ?? (/^\W|\d$/.test(behind) ? behind : undefined);
}

function numberOr(text: string): string | number {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
