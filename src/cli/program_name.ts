/** How this program is started, for examples that can be copied. */
export const PROGRAM: string = import.meta.url.startsWith("file:")
  ? "deno run -A mod.ts"
  : "deno run -A jsr:@hubwire/hubwire/cli";

/** The release; a test compares it with `deno.json`. */
export const VERSION = "0.1.0";
