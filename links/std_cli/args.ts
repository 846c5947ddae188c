/** Which flags there are and how they are read. */
export interface ParseOptions {
  /** Whether what follows `--` is kept apart, under `"--"`. */
  readonly "--"?: boolean;
  /** Other names of a flag. */
  readonly alias?: Readonly<Record<string, Names>>;
  /** Flags without a value, `false` unless given; `true` makes every long flag without `=` one. */
  readonly boolean?: boolean | Names;
  /** Flags that may be given more than once; their value is an array. */
  readonly collect?: Names;
  /** What a flag is when it is not given. */
  readonly default?: Readonly<Record<string, unknown>>;
  /** Flags `x` that `--no-x` sets to `false`. */
  readonly negatable?: Names;
  /** Whether the first argument that is no flag ends the flags. */
  readonly stopEarly?: boolean;
  /** Flags whose value stays text, though it may look like a number. */
  readonly string?: Names;
  /** Called with what the options do not name; what it answers `false` to is left out. */
  readonly unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** One name or several. */
export type Names = string | readonly string[];

/** What the arguments say: the flags by name, `_` for the rest. */
export type Args<O extends ParseOptions = Record<never, never>> =
  & Flags<O>
  & { _: (string | number)[] }
  & (O extends { "--": true } ? { "--": string[] } : unknown);

type Flags<O extends ParseOptions> = [Known<O>] extends [never]
  // deno-lint-ignore no-explicit-any -- with no flag named, nothing is known of any
  ? Record<string, any>
  :
    & Record<string, unknown>
    & { [N in Present<O> as Spellings<O, N>]: Value<O, N> }
    & { [N in Exclude<Known<O>, Present<O>> as Spellings<O, N>]?: Value<O, N> };

type Known<O extends ParseOptions> = In<O, "string"> | In<O, "boolean"> | In<O, "collect">;

/** Flags that have a value in every case. */
type Present<O extends ParseOptions> =
  | In<O, "boolean">
  | In<O, "collect">
  | Extract<Known<O>, keyof O["default"]>;

type Value<O extends ParseOptions, N extends string> =
  | (N extends In<O, "collect"> ? Single<O, N>[] : Single<O, N>)
  | (N extends In<O, "negatable"> ? false : never)
  | (N extends keyof O["default"] ? Widened<O["default"][N]> : never);

type Single<O extends ParseOptions, N extends string> =
  | (N extends In<O, "string"> ? string : never)
  | (N extends In<O, "boolean"> ? boolean : never)
  | (N extends In<O, "string"> | In<O, "boolean"> ? never : unknown);

/** The names listed under one of the options. */
type In<O extends ParseOptions, K extends keyof ParseOptions> = Listed<O[K]>;

type Listed<T> = T extends string ? T : T extends readonly (infer N extends string)[] ? N : never;

type Spellings<O extends ParseOptions, N extends string> =
  | N
  | (N extends keyof O["alias"] ? Listed<O["alias"][N]> : never);

type Widened<T> = T extends string ? string
  : T extends number ? number
  : T extends boolean ? boolean
  : T extends readonly (infer E)[] ? Widened<E>[]
  : T;
