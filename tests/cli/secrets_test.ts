import { assertEquals, assertRejects } from "@std/assert";
import { CliError } from "../../src/cli/cli_error.ts";
import { type SecretRequest, withSecret } from "../../src/cli/secrets.ts";
import { StoreError } from "../../src/errors.ts";
import { tempFolder } from "../_kit/temp.ts";
import { FakeIo } from "./_fake_io.ts";

const request: SecretRequest = {
  what: "passphrase",
  fileFlag: "--passphrase-file",
  file: undefined,
  variable: "SECRET",
  wrongCode: "STORE_LOCKED",
};

/** Only "right" is right. */
function attempt(secret: string): Promise<string> {
  if (secret === "right") return Promise.resolve(secret);
  const text = { what: "Locked", why: "wrong", remedy: "Try again." };
  return Promise.reject(new StoreError("STORE_LOCKED", text));
}

Deno.test("withSecret() prefers the file to the environment, and both to asking", async () => {
  await using folder = await tempFolder();
  const file = await folder.write("secret", "right\n");
  const wrong = { variables: { SECRET: "wrong" }, secrets: [] };
  assertEquals(await withSecret({ ...request, file }, new FakeIo(wrong), { attempt }), "right");
  const io = new FakeIo({ variables: { SECRET: "right" }, secrets: [] });
  assertEquals(await withSecret(request, io, { attempt }), "right");
});

Deno.test("withSecret() gives a person three tries, and a file or a variable one", async () => {
  const person = new FakeIo({ secrets: ["a", "b", "right"] });
  assertEquals(await withSecret(request, person, { attempt }), "right");
  assertEquals(person.questions.length, 3);
  const clumsy = new FakeIo({ secrets: ["a", "b", "c", "right"] });
  await assertRejects(() => withSecret(request, clumsy, { attempt }), StoreError);
  assertEquals(clumsy.questions.length, 3);
  const script = new FakeIo({ variables: { SECRET: "wrong" }, secrets: ["right"] });
  await assertRejects(() => withSecret(request, script, { attempt }), StoreError);
});

Deno.test("withSecret() tries again only when the secret was wrong", async () => {
  const io = new FakeIo({ secrets: ["right", "right"] });
  const broken = () => Promise.reject(new Error("disk on fire"));
  await assertRejects(() => withSecret(request, io, { attempt: broken }), Error, "disk on fire");
  assertEquals(io.questions.length, 1);
});

Deno.test("withSecret() asks twice for a new secret, until both are the same and not empty", async () => {
  const io = new FakeIo({ secrets: ["", "one", "other", "right", "right"] });
  assertEquals(await withSecret({ ...request, isNew: true }, io, { attempt }), "right");
  const hopeless = new FakeIo({ secrets: ["", "", ""] });
  const isNew = { ...request, isNew: true };
  await assertRejects(() => withSecret(isNew, hopeless, { attempt }), CliError, "3 times");
});

Deno.test("withSecret() names the alternatives where nobody can be asked", async () => {
  const error = await assertRejects(() => withSecret(request, new FakeIo(), { attempt }), CliError);
  assertEquals(error.code, "USAGE");
  assertEquals(
    error.remedy,
    "Either give --passphrase-file FILE, or set SECRET (with --allow-env=SECRET), " +
      "or start it at a terminal, which asks.",
  );
});
