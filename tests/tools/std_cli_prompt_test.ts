/** `promptSecret()` on a real terminal, which the `script` command of Linux lends us. */

import { assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PROGRAM = `import { promptSecret } from "@std/cli/prompt-secret";
  console.log("got", JSON.stringify(promptSecret("Passphrase of the store:")));`;

const noTerminal = Deno.build.os !== "linux" || !await commandExists("script");
if (noTerminal) {
  console.log("promptSecret() is not tried on a terminal: the command script is missing");
}

Deno.test("promptSecret() returns null where standard input is not a terminal", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", PROGRAM],
    cwd: ROOT,
    stdin: "null",
  }).output();
  assertEquals(new TextDecoder().decode(stdout), "got null\n");
});

Deno.test({
  name: "promptSecret() shows a mask and never the secret",
  ignore: noTerminal,
  async fn() {
    const shown = await atTerminal("geheim\r");
    assertStringIncludes(shown, "Passphrase of the store: ******\r\n");
    assertStringIncludes(shown, 'got "geheim"');
    assertFalse(shown.slice(0, shown.indexOf("got")).includes("geheim"));
  },
});

Deno.test({
  name: "promptSecret() gives the terminal back at Ctrl-C and exits with 130",
  ignore: noTerminal,
  async fn() {
    const shown = await atTerminal("geheim\x03");
    assertStringIncludes(shown, "exit 130");
    assertStringIncludes(shown, " icanon ");
    assertStringIncludes(shown, " echo ");
    assertFalse(shown.includes("got"));
  },
});

/** Runs the program on a terminal, types when it asks, and returns all that the terminal showed. */
async function atTerminal(typed: string): Promise<string> {
  const command = `"${Deno.execPath()}" eval '${PROGRAM}'; echo exit $?; stty -a`;
  await using child = new Deno.Command("script", {
    args: ["--quiet", "--command", command, "/dev/null"],
    cwd: ROOT,
    env: { NO_COLOR: "1", SHELL: "/bin/sh" },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const keyboard = child.stdin.getWriter();
  let shown = "";
  let asked = false;
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    shown += part;
    if (asked || !shown.includes("store: ")) continue;
    asked = true;
    await keyboard.write(new TextEncoder().encode(typed));
  }
  await keyboard.close();
  return shown;
}

async function commandExists(name: string): Promise<boolean> {
  const { success } = await new Deno.Command("sh", { args: ["-c", `command -v ${name}`] }).output();
  return success;
}
