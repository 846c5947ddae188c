/** The question, at a terminal of the test's and, in a process of its own, at a real one. */

import {
  assertEquals,
  assertFalse,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { askSecret, type Terminal } from "../../src/cli/ask_secret.ts";
import { CliError } from "../../src/cli/cli_error.ts";
import { findTool } from "../_kit/processes.ts";
import { PASSPHRASE, Stage } from "./_stage.ts";

/** A terminal that keeps what happens to it; whoever sits there types that and then does nothing. */
class FakeTerminal implements Terminal {
  readonly events: string[] = [];
  readonly #typed: Uint8Array;
  #at = 0;

  constructor(typed: string) {
    this.#typed = new TextEncoder().encode(typed);
  }

  setRaw(isRaw: boolean): void {
    this.events.push(isRaw ? "raw" : "cooked");
  }

  read(bytes: Uint8Array): Promise<number | null> {
    const byte = this.#typed[this.#at++];
    if (byte === undefined) return new Promise(() => {});
    bytes[0] = byte;
    return Promise.resolve(1);
  }

  write(text: string): void {
    this.events.push(text);
  }
}

const calm = new AbortController().signal;

Deno.test("askSecret() shows the question and nothing of the answer", async () => {
  const terminal = new FakeTerminal("low tide\r");
  assertEquals(await askSecret("Passphrase", { terminal, signal: calm }), "low tide");
  assertEquals(terminal.events, ["raw", "Passphrase: ", "cooked", "\n"]);
});

Deno.test("askSecret() gives the terminal back at Ctrl-C", async () => {
  const terminal = new FakeTerminal("low\x03");
  const ask = () => askSecret("Passphrase", { terminal, signal: calm });
  assertEquals((await assertRejects(ask, CliError)).code, "INTERRUPTED");
  assertEquals(terminal.events.slice(-2), ["cooked", "\n"]);
});

Deno.test("askSecret() gives the terminal back when a signal comes while nobody types", async () => {
  const terminal = new FakeTerminal("low");
  const controller = new AbortController();
  const answer = askSecret("Passphrase", { terminal, signal: controller.signal });
  controller.abort(new Error("SIGTERM"));
  await assertRejects(() => answer, Error, "SIGTERM");
  assertEquals(terminal.events.slice(-2), ["cooked", "\n"]);
});

const MAIN = new URL("../../src/cli/main.ts", import.meta.url).pathname;
const ROOT = new URL("../..", import.meta.url).pathname;

const script = Deno.build.os === "linux" ? await findTool("script") : undefined;
if (script === undefined) {
  console.log("askSecret() is not tried at a real terminal: util-linux's `script` is missing");
}

/** What to do when the question stands there. */
type Answer = (person: { type(text: string): Promise<void>; pid: number }) => unknown;

/** Runs `store list` at a real terminal; returns all that this showed, and at last how it was left. */
async function listAtTerminal(stage: Stage, answer: Answer): Promise<string> {
  const [store, results] = [await stage.value("STORE"), `${await stage.value("DIR")}/results`];
  const program = `${Deno.execPath()} run -A --no-lock ${MAIN} store list --store ${store}`;
  const command = `sh -c 'echo pid $$; exec ${program} >${results}'; echo exit $?; stty -a`;
  const child = new Deno.Command(script ?? "", {
    args: ["--quiet", "--command", command, "/dev/null"],
    cwd: ROOT,
    env: { NO_COLOR: "1", SHELL: "/bin/sh", HUBWIRE_STORE_PASSPHRASE: "" },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  // Without the question it would wait for ever.
  const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
  const keyboard = child.stdin.getWriter();
  const type = (text: string) => keyboard.write(new TextEncoder().encode(text));
  let [shown, isAsked] = ["", false];
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    shown += part;
    if (isAsked || !shown.includes("store.db: ")) continue;
    isAsked = true;
    await answer({ type, pid: Number(/pid (\d+)/.exec(shown)?.[1]) });
  }
  clearTimeout(timer);
  await Promise.allSettled([keyboard.close(), child.status]);
  return shown;
}

function assertRestored(shown: string): void {
  const [, settings = ""] = shown.split(/exit \d+/);
  for (const flag of ["icanon", "echo", "isig"]) assertMatch(settings, new RegExp(`\\s${flag}\\s`));
}

Deno.test({
  name: "at a real terminal the question is seen though results go to a file, the answer never",
  ignore: script === undefined,
  async fn() {
    await using stage = await Stage.open();
    const shown = await listAtTerminal(stage, ({ type }) => type(`${PASSPHRASE}\r`));
    assertStringIncludes(shown, `Passphrase of the store ${await stage.value("STORE")}: `);
    assertStringIncludes(shown, "exit 0");
    assertFalse(shown.includes(PASSPHRASE));
    assertStringIncludes(await Deno.readTextFile(`${await stage.value("DIR")}/results`), "dev-1");
    assertRestored(shown);
  },
});

Deno.test({
  name: "at a real terminal Ctrl-C ends the program at the question, and the terminal is as it was",
  ignore: script === undefined,
  async fn() {
    await using stage = await Stage.open();
    const shown = await listAtTerminal(stage, ({ type }) => type("low\x03"));
    assertStringIncludes(shown, "exit 130");
    assertRestored(shown);
  },
});

Deno.test({
  name:
    "at a real terminal SIGTERM ends the program at the question, and the terminal is as it was",
  ignore: script === undefined,
  async fn() {
    await using stage = await Stage.open();
    const shown = await listAtTerminal(stage, ({ pid }) => Deno.kill(pid, "SIGTERM"));
    assertStringIncludes(shown, "exit 143");
    assertRestored(shown);
  },
});
