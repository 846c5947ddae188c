import { assertEquals, assertMatch } from "@std/assert";
import { program } from "../../src/cli/program.ts";
import { PROGRAM, VERSION } from "../../src/cli/program_name.ts";
import { FakeIo } from "./_fake_io.ts";

async function run(...args: string[]) {
  const io = new FakeIo();
  const exitCode = await program.run(args, io);
  return { exitCode, stdout: io.stdout, stderr: io.stderr };
}

Deno.test("the program without arguments shows four example commands and fails", async () => {
  const { exitCode, stdout, stderr } = await run();
  assertEquals([exitCode, stdout], [2, ""]);
  assertEquals(stderr.split("\n").filter((line) => line.startsWith(`  ${PROGRAM} `)).length, 4);
});

Deno.test("the program tells its version", async () => {
  assertEquals(await run("--version"), { exitCode: 0, stdout: `hubwire ${VERSION}\n`, stderr: "" });
  assertEquals(JSON.parse((await run("--version", "--json")).stdout).version, VERSION);
});

Deno.test("every command helps, with examples first", async () => {
  for (
    const words of [
      "demo",
      "store add",
      "store list",
      "store remove",
      "send",
      "monitor",
      "pub",
      "sub",
    ]
  ) {
    const { exitCode, stdout } = await run(...words.split(" "), "--help");
    assertEquals(exitCode, 0, words);
    const [title, empty, example] = stdout.split("\n");
    assertEquals([title?.startsWith(`hubwire ${words}: `), empty], [true, ""], words);
    assertMatch(example ?? "", new RegExp(`^  ${RegExp.escape(PROGRAM)} ${words}`));
  }
});
