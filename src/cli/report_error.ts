import { HubwireError } from "../errors.ts";
import { CliError } from "./cli_error.ts";
import { exitCodeOf } from "./exit_code.ts";
import { type Io, prefixed } from "./io.ts";
import { printable } from "./printable.ts";

/** In which form an error is told. */
export interface ReportOptions {
  /** As one JSON object. */
  isJson: boolean;
  /** With its code and everything that lies underneath. */
  isDebug: boolean;
}

/** The form that the arguments of a command ask for, even where they are wrong otherwise. */
export function reportOptions(args: readonly string[]): ReportOptions {
  const isDebug = args.includes("--debug") || args.includes("-d");
  return { isJson: args.includes("--json"), isDebug };
}

interface Report {
  code: string;
  what: string;
  why: string;
  remedy: string;
}

/** Tells an error on standard error: what, why, what to do. Returns the exit code. */
export function reportError(error: unknown, io: Io, { isJson, isDebug }: ReportOptions): number {
  const exitCode = exitCodeOf(error);
  if (isStop(error)) return exitCode;
  const { code, what, why, remedy } = describe(error);
  if (isJson) {
    // JSON leaves some control characters as they are: escaped, they are the same JSON.
    io.report(printable(JSON.stringify({ error: { code, what, why, remedy, exitCode } })));
    return exitCode;
  }
  const lines = [`error: ${what}`, `  why: ${why}`, `   do: ${remedy}`];
  if (isDebug) lines.push(` code: ${code} (exit ${exitCode})`, ...causes(error));
  io.report(prefixed(...lines));
  return exitCode;
}

/** Whoever stopped the program knows that it stopped. */
function isStop(error: unknown): boolean {
  return error instanceof CliError && (error.code === "INTERRUPTED" || error.code === "TERMINATED");
}

function describe(error: unknown): Report {
  if (error instanceof HubwireError || error instanceof CliError) return error;
  if (error instanceof Deno.errors.NotCapable) return missingPermission(error.message);
  return {
    code: "UNEXPECTED",
    what: "Something failed that nobody foresaw",
    why: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    remedy: "Report it, please, with what --debug shows.",
  };
}

/** Where Deno itself said no; its message names the flag behind the comma. */
function missingPermission(message: string): Report {
  const [why, flag = "the flag for it"] = message.split(/, run again with (?:the )?/);
  return {
    code: "PERMISSION_MISSING",
    what: "A permission is missing",
    why: why ?? message,
    remedy: `Run again with ${flag.replace(/ flag$/, "")}`,
  };
}

/** One line for each error underneath; no stack, unless nobody foresaw the error. */
function causes(error: unknown): string[] {
  const isForeseen = error instanceof HubwireError || error instanceof CliError;
  if (!isForeseen) return error instanceof Error && error.stack ? error.stack.split("\n") : [];
  const lines: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    lines.push(`cause: ${cause.name}: ${cause.message}`);
  }
  return lines;
}
