/** Which flags there are and how they are read. */
export interface ParseOptions {
  /** Whether what follows `--` is kept apart, under `"--"`. */
  "--"?: boolean;
  /** Other names of a flag. */
  alias?: Record<string, Names>;
  /** Flags without a value, `false` unless given; `true` makes every long flag without `=` one. */
  boolean?: boolean | Names;
  /** Flags that may be given more than once; their value is an array. */
  collect?: Names;
  /** What a flag is when it is not given. */
  default?: Record<string, unknown>;
  /** Flags `x` that `--no-x` sets to `false`. */
  negatable?: Names;
  /** Whether the first argument that is no flag ends the flags. */
  stopEarly?: boolean;
  /** Flags whose value stays text, though it may look like a number. */
  string?: Names;
  /** Called with what the options do not name; what it answers `false` to is left out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** One name or several. */
export type Names = string | readonly string[];

/**
 * What the arguments say: the flags by name, `_` for the rest.
 *
 * This is what the original infers of options whose type is plainly `ParseOptions`. Of a literal it infers more,
 * by type parameters of its own: there are none here, so that nobody names them.
 */
export interface Args {
  // deno-lint-ignore no-explicit-any -- as in the original
  [name: string]: any;
  _: (string | number)[];
  "--"?: string[];
}
