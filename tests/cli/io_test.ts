import { assertEquals } from "@std/assert";
import { prefixed } from "../../src/cli/io.ts";
import { type ProcessResult, run } from "../_kit/processes.ts";

const MODULE = new URL("../../src/cli/io.ts", import.meta.url).href;

/** The command that runs such a program, which has an `io`, without a terminal and with these permissions only. */
function command(program: string, flags: string[] = []): string[] {
  const source = `import { TerminalIo } from ${JSON.stringify(MODULE)};
    const io = new TerminalIo();
    ${program}`;
  const url = `data:application/javascript,${encodeURIComponent(source)}`;
  return [Deno.execPath(), "run", "--no-prompt", "--quiet", ...flags, url];
}

function withIo(program: string, flags?: string[]): Promise<ProcessResult> {
  return run(command(program, flags), { env: { HUBWIRE_TEST: "value" } });
}

Deno.test("prefixed() puts the name of the program before every line", () => {
  assertEquals(prefixed("a", "  b"), "hubwire: a\nhubwire:   b");
});

Deno.test("prefixed() lets nobody's text move the cursor or begin a line", () => {
  assertEquals(prefixed("a\x1b[2J\nhubwire: b"), "hubwire: a\\u001b[2J\\u000ahubwire: b");
});

Deno.test("TerminalIo prints results to standard output, and notes beside it unless it is quiet", async () => {
  const program = `io.print("result"); io.note("a\\x1b[2J"); io.isQuiet = true; io.note("b");
    io.report("as it is");`;
  assertEquals(await withIo(program), {
    code: 0,
    stdout: "result\n",
    stderr: "hubwire: a\\u001b[2J\nas it is\n",
  });
});

Deno.test("TerminalIo.askSecret() asks nobody where there is no terminal", async () => {
  const { stdout, stderr } = await withIo(`console.log(await io.askSecret("Passphrase"));`);
  assertEquals([stdout, stderr], ["undefined\n", ""]);
});

Deno.test("TerminalIo.variable() reads what may be read, and asks for no permission", async () => {
  const program = `console.log(await io.variable("HUBWIRE_TEST"));`;
  assertEquals((await withIo(program, ["--allow-env=HUBWIRE_TEST"])).stdout, "value\n");
  assertEquals(await withIo(program), { code: 0, stdout: "undefined\n", stderr: "" });
});

/** Sends a signal to such a program as soon as it says something; returns what ended it. */
async function signalled(program: string, signal: Deno.Signal): Promise<Deno.CommandStatus> {
  const [name = "", ...args] = command(program);
  const child = new Deno.Command(name, { args, stdin: "null", stdout: "piped" }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  child.kill(signal);
  await reader.cancel();
  return await child.status;
}

Deno.test("TerminalIo leaves signals to the system until somebody heeds them", async () => {
  const wait = `io.print("ready"); setTimeout(() => Deno.exit(7), 20_000);`;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    assertEquals((await signalled(wait, signal)).signal, signal);
  }
  const heed = `io.interrupted.addEventListener("abort", () => Deno.exit(5));`;
  assertEquals((await signalled(`${heed} ${wait}`, "SIGINT")).code, 5);
});
