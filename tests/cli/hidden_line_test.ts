import { assertEquals, assertRejects } from "@std/assert";
import { CliError } from "../../src/cli/cli_error.ts";
import { readHiddenLine } from "../../src/cli/hidden_line.ts";

/** What is read where somebody types that. */
function lineOf(typed: string): Promise<string> {
  const bytes = new TextEncoder().encode(typed).values();
  return readHiddenLine(() => Promise.resolve(bytes.next().value));
}

Deno.test("readHiddenLine() reads to the end of the line, and not beyond", async () => {
  assertEquals(await lineOf("pä🔑\rmore"), "pä🔑");
  assertEquals(await lineOf("a b\n"), "a b");
  assertEquals(await lineOf("\n"), "");
});

Deno.test("readHiddenLine() takes back a whole character, and none where there is none", async () => {
  assertEquals(await lineOf("\x7fa🔑\x7f\bb\n"), "b");
  assertEquals(await lineOf("é\x7f\x7f\x7fc\n"), "c");
});

Deno.test("readHiddenLine() ends at the end of the input and at Ctrl-D", async () => {
  assertEquals(await lineOf("ab"), "ab");
  assertEquals(await lineOf("ab\x04c"), "ab");
});

Deno.test("readHiddenLine() ends in an interruption at Ctrl-C", async () => {
  const error = await assertRejects(() => lineOf("secret\x03\n"), CliError);
  assertEquals(error.code, "INTERRUPTED");
});
