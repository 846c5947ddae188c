import { CliError } from "./cli_error.ts";
import { exitCodeOf } from "./exit_code.ts";

/** What an interruption needs of the process; tests bring their own. */
export interface Process {
  addSignalListener(signal: Deno.Signal, listener: () => void): void;
  removeSignalListener(signal: Deno.Signal, listener: () => void): void;
  exit(code: number): void;
}

/**
 * The first Ctrl-C or SIGTERM aborts the signal, so that a command can say goodbye; the second ends the process.
 *
 * While there is none, the first ends it: so make one only where somebody heeds the signal.
 */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #process: Process;
  readonly #listeners: [signal: Deno.Signal, listener: () => void][] = [
    ["SIGINT", () => this.#stop(interrupted())],
  ];

  constructor(process: Process = Deno) {
    this.#process = process;
    // Windows has no SIGTERM.
    if (Deno.build.os !== "windows") {
      this.#listeners.push(["SIGTERM", () => this.#stop(terminated())]);
    }
    for (const [signal, listener] of this.#listeners) process.addSignalListener(signal, listener);
  }

  /** Its reason is a `CliError`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Signals end the process again. */
  [Symbol.dispose](): void {
    for (const [signal, listener] of this.#listeners) {
      this.#process.removeSignalListener(signal, listener);
    }
  }

  #stop(reason: CliError): void {
    if (this.#controller.signal.aborted) this.#process.exit(exitCodeOf(reason));
    else this.#controller.abort(reason);
  }
}

/** Ctrl-C was pressed. */
export function interrupted(): CliError {
  return new CliError("INTERRUPTED", {
    what: "Stopped",
    why: "Ctrl-C was pressed",
    remedy: "Start it again.",
  });
}

function terminated(): CliError {
  return new CliError("TERMINATED", {
    what: "Stopped",
    why: "the process was asked to end (SIGTERM)",
    remedy: "Start it again.",
  });
}
