import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Command } from "../../src/cli/command.ts";
import { commandGroup } from "../../src/cli/command_group.ts";
import { FakeIo } from "./_fake_io.ts";

const list: Command = {
  name: "store list",
  summary: "show it",
  usage: "",
  run(args, io) {
    io.print(args.join("|"));
    return Promise.resolve(5);
  },
};
const group = commandGroup({ name: "store", summary: "keep", examples: [], commands: { list } });

async function run(...args: string[]) {
  const io = new FakeIo();
  const exitCode = await group.run(args, io);
  return { exitCode, stdout: io.stdout, stderr: io.stderr };
}

Deno.test("commandGroup() hands the other arguments to the command that the first one names", async () => {
  assertEquals(await run("list", "a", "--json"), { exitCode: 5, stdout: "a|--json\n", stderr: "" });
});

Deno.test("commandGroup() shows what there is: as a mistake without arguments, as a result with --help", async () => {
  assertEquals(await run(), { exitCode: 2, stdout: "", stderr: `${group.usage}\n` });
  assertEquals(await run("--help"), { exitCode: 0, stdout: `${group.usage}\n`, stderr: "" });
  assertStringIncludes(group.usage, "list  show it");
});

Deno.test("commandGroup() names --help to whoever begins with another flag", async () => {
  for (const flag of ["-h", "--hlep", "--version"]) {
    const { exitCode, stderr } = await run(flag, "list");
    assertEquals(exitCode, 2);
    assertStringIncludes(stderr, `Cannot use ${flag} here`);
    assertStringIncludes(stderr, "--help");
  }
  assertEquals((await run("--json", "list")).stderr.startsWith('{"error":'), true);
});

Deno.test("commandGroup() refuses what it does not have, even what every object has", async () => {
  const { exitCode, stderr } = await run("lsit");
  assertEquals(exitCode, 2);
  assertStringIncludes(stderr, "Did you mean list?");
  assertEquals((await run("constructor")).exitCode, 2);
  assertEquals((await run("toString", "--json")).stderr.startsWith('{"error":'), true);
});
