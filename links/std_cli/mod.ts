/**
 * A stand-in for `jsr:@std/cli`, used inside this repository only. See `links/README.md`.
 *
 * @module
 */

export { parseArgs } from "./parse_args.ts";
export type { Args, ParseOptions } from "./args.ts";
