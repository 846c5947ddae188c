import { assertEquals, assertRejects } from "@std/assert";
import { CliError } from "../../src/cli/cli_error.ts";
import { readInputFile, readInputText, readSecretFile } from "../../src/cli/read_input_file.ts";
import { tempFolder } from "../_kit/temp.ts";
import { FakeIo } from "./_fake_io.ts";

Deno.test("readInputFile() says what is wrong with a file", async () => {
  await using folder = await tempFolder();
  const small = await folder.write("small", "1234");
  assertEquals(await readInputFile(small, { largest: 4 }), new TextEncoder().encode("1234"));
  const cases = [
    [folder.file("missing"), "FILE_NOT_FOUND", "there is no such file"],
    [folder.path, "FILE_UNREADABLE", "it is a folder"],
    [await folder.write("large", "12345"), "FILE_UNREADABLE", "it is larger than 4 bytes"],
  ] as const;
  for (const [path, code, why] of cases) {
    const error = await assertRejects(() => readInputFile(path, { largest: 4 }), CliError);
    assertEquals([error.code, error.why], [code, why]);
  }
});

Deno.test("readInputText() refuses what is not UTF-8", async () => {
  await using folder = await tempFolder();
  const path = await folder.write("binary", Uint8Array.of(0xff));
  await assertRejects(() => readInputText(path), CliError, "not text");
});

Deno.test("readSecretFile() takes the first line, and nothing off it but its end", async () => {
  await using folder = await tempFolder();
  for (
    const [content, secret] of [["a", "a"], [" a \r\n", " a "], ["a\n\n", "a"], ["a\r\nb", "a"], [
      "\na",
      "",
    ], ["", ""]]
  ) {
    const path = await folder.write("secret", content ?? "");
    assertEquals(await readSecretFile(path, new FakeIo()), secret);
  }
});

Deno.test("readSecretFile() warns where others can read the secret", async () => {
  await using folder = await tempFolder();
  const path = await folder.write("secret", "a");
  const io = new FakeIo();
  await readSecretFile(path, io);
  assertEquals(io.stderr, "");
  await Deno.chmod(path, 0o644);
  await readSecretFile(path, io);
  assertEquals(io.stderr, `hubwire: others can read ${path}: chmod 600 ${path}\n`);
});
