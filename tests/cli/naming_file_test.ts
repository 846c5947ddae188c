import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { namingFile } from "../../src/cli/naming_file.ts";
import { CredentialError, StoreError } from "../../src/errors.ts";

Deno.test("namingFile() puts the file's name before what failed, and keeps the code", async () => {
  const failure = new CredentialError("CREDENTIAL_FORMAT", { what: "A", why: "b", remedy: "c" });
  const fail = () => Promise.reject(failure);
  const error = await assertRejects(() => namingFile("x.pfx", fail), CredentialError);
  assertEquals([error.code, error.what], ["CREDENTIAL_FORMAT", "x.pfx: A"]);
  assertStrictEquals(error.cause, failure);
});

Deno.test("namingFile() leaves other errors alone, and those that name the file already", async () => {
  const text = { what: "Cannot read x.pfx", why: "b", remedy: "c" };
  const others = [
    new CredentialError("CREDENTIAL_FORMAT", text),
    new StoreError("STORE_LOCKED", text),
    new TypeError("a bug"),
  ];
  for (const other of others) {
    const error = await assertRejects(() => namingFile("x.pfx", () => Promise.reject(other)));
    assertStrictEquals(error, other);
  }
});
