/**
 * The command line: `deno run -A mod.ts`, or with fewer permissions
 * `deno run --no-prompt --allow-net=HOST:8883 --allow-read=STORE --allow-write=STORE src/cli/main.ts`.
 *
 * It knows how to ask a human and how to print; what is asked and printed is the business of `commands/`.
 *
 * @example The credential of a device, and a first message
 * ```sh
 * deno run -A mod.ts store add device.pfx --host contoso.azure-devices.net
 * deno run -A mod.ts send -h contoso.azure-devices.net -m '{"temperature":21.5}'
 * ```
 *
 * @module
 */

import { TerminalIo } from "./io.ts";
import { reportError, reportOptions } from "./report_error.ts";
import { program } from "./program.ts";

/** Runs a command, the one that this process was started with unless told otherwise, and ends the process. */
export async function main(args: readonly string[] = Deno.args): Promise<void> {
  const io = new TerminalIo();
  // A failure that nobody waited for: told like the others, and not with a stack.
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    Deno.exit(reportError(event.reason, io, reportOptions(args)));
  });
  Deno.exit(await program.run(args, io));
}

if (import.meta.main) await main();
