/**
 * The terminal: the one place of the program that prints. Results go to standard output, everything else to
 * standard error, behind a prefix.
 */

import { askSecret, type Terminal } from "./ask_secret.ts";
import { Interruption } from "./interruption.ts";
import { printable } from "./printable.ts";

/** What a command may ask of the world around it; tests bring their own. */
export interface Io {
  /** Prints a result: one line, or several. */
  print(text: string): void;
  /** Says something to whoever watches, behind the prefix. */
  note(text: string): void;
  /** Whether notes are left out. */
  isQuiet: boolean;
  /** Writes a line to standard error as it is. */
  report(line: string): void;
  /** Standard input. */
  input(): ReadableStream<Uint8Array>;
  /** Asks for a secret that is not shown; `undefined` where nobody can be asked. */
  askSecret(question: string): Promise<string | undefined>;
  /** A variable of the environment, if it may be read and is set. */
  variable(name: string): Promise<string | undefined>;
  /** Aborts at the first Ctrl-C or SIGTERM, with a `CliError`. Before somebody asks for it, these end the process. */
  readonly interrupted: AbortSignal;
  /** Whether a person reads the results as they come. */
  readonly outputIsTerminal: boolean;
  /** Whether a person reads the notes. */
  readonly errorIsTerminal: boolean;
  /** The time. */
  now(): Date;
}

/** Nobody reads the results any more. */
export class OutputClosedError extends Error {
  override readonly name: string = "OutputClosedError";
}

const PREFIX = "hubwire:";
const ENCODER = new TextEncoder();

/** Lines behind the prefix. What they quote may come from anybody, and must not move the cursor or begin a line. */
export function prefixed(...lines: string[]): string {
  return lines.map((line) => `${PREFIX} ${printable(line)}`).join("\n");
}

/** Standard input, output and error of this process. */
export class TerminalIo implements Io {
  isQuiet = false;
  readonly outputIsTerminal: boolean = Deno.stdout.isTerminal();
  readonly errorIsTerminal: boolean = Deno.stderr.isTerminal();
  #interruption: Interruption | undefined;

  get interrupted(): AbortSignal {
    this.#interruption ??= new Interruption();
    return this.#interruption.signal;
  }

  print(text: string): void {
    try {
      writeAll(Deno.stdout, `${text}\n`);
    } catch (cause) {
      if (!(cause instanceof Deno.errors.BrokenPipe)) throw cause;
      throw new OutputClosedError("Nobody reads standard output", { cause });
    }
  }

  note(text: string): void {
    if (!this.isQuiet) this.report(prefixed(text));
  }

  report(line: string): void {
    try {
      writeAll(Deno.stderr, `${line}\n`);
    } catch (error) {
      // Nobody reads what is said beside the results: that changes nothing about them.
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    }
  }

  input(): ReadableStream<Uint8Array> {
    return Deno.stdin.readable;
  }

  async askSecret(question: string): Promise<string | undefined> {
    if (!Deno.stdin.isTerminal() || !this.errorIsTerminal) return undefined;
    using interruption = new Interruption();
    return await askSecret(printable(question), { terminal, signal: interruption.signal });
  }

  async variable(name: string): Promise<string | undefined> {
    const { state } = await Deno.permissions.query({ name: "env", variable: name });
    return state === "granted" ? Deno.env.get(name) : undefined;
  }

  now(): Date {
    return new Date();
  }
}

/** Standard error: results may go to a file meanwhile. */
const terminal: Terminal = {
  setRaw: (isRaw) => Deno.stdin.setRaw(isRaw),
  read: (bytes) => Deno.stdin.read(bytes),
  write: (text) => writeAll(Deno.stderr, text),
};

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = ENCODER.encode(text);
  for (let at = 0; at < bytes.length;) at += stream.writeSync(bytes.subarray(at));
}
