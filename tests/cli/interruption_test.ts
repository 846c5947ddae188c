import { assertEquals, assertInstanceOf } from "@std/assert";
import { CliError } from "../../src/cli/cli_error.ts";
import { exitCodeOf } from "../../src/cli/exit_code.ts";
import { Interruption, type Process } from "../../src/cli/interruption.ts";

/** A process whose signals the test sends. */
class FakeProcess implements Process {
  readonly exits: number[] = [];
  readonly #listeners = new Map<Deno.Signal, () => void>();

  addSignalListener(signal: Deno.Signal, listener: () => void): void {
    this.#listeners.set(signal, listener);
  }

  removeSignalListener(signal: Deno.Signal, listener: () => void): void {
    if (this.#listeners.get(signal) === listener) this.#listeners.delete(signal);
  }

  exit(code: number): void {
    this.exits.push(code);
  }

  send(signal: Deno.Signal): void {
    this.#listeners.get(signal)?.();
  }
}

Deno.test("Interruption aborts at the first signal and ends the process at the second", () => {
  for (const [signal, exitCode] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    const process = new FakeProcess();
    const interruption = new Interruption(process);
    assertEquals(interruption.signal.aborted, false);
    process.send(signal);
    assertInstanceOf(interruption.signal.reason, CliError);
    assertEquals([exitCodeOf(interruption.signal.reason), process.exits], [exitCode, []]);
    process.send(signal);
    assertEquals(process.exits, [exitCode]);
  }
});

Deno.test("Interruption, disposed of, leaves signals to the system again", () => {
  const process = new FakeProcess();
  const interruption = new Interruption(process);
  interruption[Symbol.dispose]();
  process.send("SIGINT");
  process.send("SIGTERM");
  assertEquals([interruption.signal.aborted, process.exits], [false, []]);
});
