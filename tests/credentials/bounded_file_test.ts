import { assert, assertEquals, assertRejects } from "@std/assert";
import { readBoundedFile } from "../../src/credentials/bounded_file.ts";
import { PermissionError } from "../../src/errors.ts";
import { findTool, run } from "../_kit/processes.ts";
import { tempFolder } from "../_kit/temp.ts";

const isPosix = Deno.build.os !== "windows";

async function problem(path: string, largest = 4): Promise<[problem: string, why: string]> {
  const read = await readBoundedFile(path, largest);
  assert(!(read instanceof Uint8Array), "it was read");
  return [read.problem, read.why];
}

Deno.test("readBoundedFile() reads a file up to its limit", async () => {
  await using folder = await tempFolder();
  for (const content of ["", "1234"]) {
    const path = await folder.write("file", content);
    assertEquals(await readBoundedFile(path, 4), new TextEncoder().encode(content));
  }
  const large = await folder.write("large", "12345");
  assertEquals(await problem(large), ["too large", "it is larger than 4 bytes"]);
});

Deno.test("readBoundedFile() says what is no file", async () => {
  await using folder = await tempFolder();
  const file = await folder.write("file", "1");
  assertEquals(await problem(folder.file("none")), ["missing", "there is no such file"]);
  assertEquals(await problem(`${file}/none`), ["missing", "there is no such file"]);
  assertEquals(await problem(folder.path), ["unfit", "it is a folder"]);
});

Deno.test({
  name: "readBoundedFile() reads no more than its limit of what has no size",
  ignore: !isPosix,
  async fn() {
    assertEquals(await problem("/dev/zero"), ["too large", "it is larger than 4 bytes"]);
    assertEquals(await readBoundedFile("/dev/null", 4), new Uint8Array());
  },
});

Deno.test({
  name: "readBoundedFile() does not wait until somebody writes into a pipe",
  ignore: !isPosix || await findTool("mkfifo") === undefined,
  async fn() {
    await using folder = await tempFolder();
    await run(["mkfifo", folder.file("pipe")]);
    assertEquals(await problem(folder.file("pipe")), [
      "unfit",
      "it is a pipe or a device, and no file",
    ]);
  },
});

Deno.test({
  name: "readBoundedFile() names the flag to read the file",
  permissions: "none",
  async fn() {
    const error = await assertRejects(() => readBoundedFile("/a/b", 4), PermissionError);
    assertEquals(error.flag, "--allow-read=/a/b");
  },
});
