import type { ErrorText } from "../errors.ts";

/** The failures that only a command line has. */
export type CliErrorCode =
  /** The arguments say nothing that can be done. */
  | "USAGE"
  /** A file that an argument names does not exist. */
  | "FILE_NOT_FOUND"
  /** A file that an argument names cannot be read, or is not what it should be. */
  | "FILE_UNREADABLE"
  /** Ctrl-C. */
  | "INTERRUPTED"
  /** SIGTERM. */
  | "TERMINATED";

/** A failure of a command; like every error of Hubwire it says what, why and what to do. */
export class CliError extends Error {
  readonly code: CliErrorCode;
  readonly what: string;
  readonly why: string;
  readonly remedy: string;

  constructor(code: CliErrorCode, text: ErrorText) {
    super(`${text.what}: ${text.why}`, text.cause === undefined ? {} : { cause: text.cause });
    this.name = "CliError";
    this.code = code;
    this.what = text.what;
    this.why = text.why;
    this.remedy = text.remedy;
  }
}

/** The arguments are wrong. */
export function usageError(text: ErrorText): CliError {
  return new CliError("USAGE", text);
}

/** Runs a check of the library's: where it throws, it was the user who was mistaken. */
export function checkArgument<T>(what: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw asUsageError(what, error);
  }
}

/** What the library takes for a mistake of the program, told as one of the user; other errors as they are. */
export function asUsageError(what: string, error: unknown): unknown {
  if (!(error instanceof TypeError || error instanceof RangeError)) return error;
  const why = error.message.replace(/^Cannot [^:]*: /, "");
  return usageError({ what, why, remedy: "Correct it; --help shows what is taken.", cause: error });
}
