import { assertEquals, assertStringIncludes } from "@std/assert";
import { defineCommand } from "../../src/cli/command.ts";
import { OutputClosedError } from "../../src/cli/io.ts";
import { StoreError } from "../../src/errors.ts";
import { FakeIo } from "./_fake_io.ts";

const echo = defineCommand({
  name: "echo",
  summary: "print it",
  examples: ["echo hello"],
  operand: "WORD",
  sections: { What: { loud: { about: "in capitals" } } },
  action(flags, io) {
    const [word = ""] = flags.rest;
    if (word === "locked") {
      throw new StoreError("STORE_LOCKED", { what: "Locked", why: "b", remedy: "c" });
    }
    if (word === "closed") throw new OutputClosedError();
    io.note("about to print");
    io.print(flags.has("loud") ? word.toUpperCase() : word);
    return Promise.resolve();
  },
});

async function run(...args: string[]) {
  const io = new FakeIo();
  const exitCode = await echo.run(args, io);
  return { exitCode, stdout: io.stdout, stderr: io.stderr };
}

Deno.test("a command runs its action with flags and operand", async () => {
  const stderr = "hubwire: about to print\n";
  assertEquals(await run("hello", "--loud"), { exitCode: 0, stdout: "HELLO\n", stderr });
});

Deno.test("--help prints the help and does nothing else", async () => {
  const { exitCode, stdout, stderr } = await run("hello", "--help");
  assertEquals([exitCode, stdout, stderr], [0, `${echo.usage}\n`, ""]);
  assertStringIncludes(stdout, "--loud");
});

Deno.test("--quiet leaves notes out, and no error", async () => {
  assertEquals(await run("hello", "--quiet"), { exitCode: 0, stdout: "hello\n", stderr: "" });
  assertStringIncludes((await run("locked", "--quiet")).stderr, "Locked");
});

Deno.test("a command turns what its action throws into an exit code and a report", async () => {
  const { exitCode, stdout, stderr } = await run("locked");
  assertEquals([exitCode, stdout, stderr.split("\n").length], [7, "", 4]);
  const json = await run("locked", "--json");
  assertEquals(JSON.parse(json.stderr).error.code, "STORE_LOCKED");
});

Deno.test("a command whose output nobody reads any more ends without a word", async () => {
  assertEquals(await run("closed"), { exitCode: 0, stdout: "", stderr: "" });
});

Deno.test("a command takes exactly its one operand", async () => {
  assertEquals([(await run()).exitCode, (await run("a", "b")).exitCode], [2, 2]);
  assertStringIncludes((await run()).stderr, "WORD is missing");
  assertStringIncludes((await run("a", "b")).stderr, 'Cannot use "b"');
});
