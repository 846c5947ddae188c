import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { checkSecretSource, readSecret } from "../../src/credentials/passphrase.ts";
import { PermissionError, StoreError } from "../../src/errors.ts";
import { tempFolder } from "../_kit/temp.ts";

Deno.test("checkSecretSource() wants exactly one secret, and one that is not empty", () => {
  checkSecretSource({ passphrase: "tide" });
  checkSecretSource({ passphrase: new Uint8Array([0]) });
  checkSecretSource({ keyFile: "/a/key" });
  const wrong = [
    {},
    { passphrase: "tide", keyFile: "/a/key" },
    { passphrase: "" },
    { passphrase: new Uint8Array(0) },
    { keyFile: "" },
  ];
  for (const source of wrong) assertThrows(() => checkSecretSource(source), TypeError);
});

Deno.test("readSecret() takes text in UTF-8, and bytes as a copy", async () => {
  assertEquals(await readSecret({ passphrase: "é" }), new Uint8Array([0xc3, 0xa9]));
  const bytes = new Uint8Array([1, 2, 3]);
  (await readSecret({ passphrase: bytes })).fill(0);
  assertEquals(bytes, new Uint8Array([1, 2, 3]));
});

Deno.test("readSecret() reads a key file", async () => {
  await using folder = await tempFolder();
  const key = crypto.getRandomValues(new Uint8Array(32));
  assertEquals(await readSecret({ keyFile: await folder.write("key", key) }), key);
});

Deno.test("readSecret() refuses a key file that is missing, short, long, or open to others", async () => {
  await using folder = await tempFolder();
  const open = await folder.write("open", new Uint8Array(32));
  const faults: [keyFile: string, why: string][] = [
    [folder.file("none"), "there is no such file"],
    [await folder.write("short", new Uint8Array(31)), "it has 31 bytes, not 32 to 4096"],
    [await folder.write("long", new Uint8Array(4097)), "it has 4097 bytes, not 32 to 4096"],
  ];
  if (Deno.build.os !== "windows") {
    await Deno.chmod(open, 0o640);
    faults.push([open, "others may read it"]);
  }
  for (const [keyFile, why] of faults) {
    const error = await assertRejects(() => readSecret({ keyFile }), StoreError);
    assertEquals([error.code, error.why], ["STORE_UNAVAILABLE", why]);
    assertStringIncludes(error.what, keyFile);
  }
});

Deno.test({
  name: "S8 readSecret() names the flag for the key file",
  permissions: "none",
  async fn() {
    const error = await assertRejects(() => readSecret({ keyFile: "/a/key" }), PermissionError);
    assertEquals(error.flag, "--allow-read=/a/key");
  },
});
