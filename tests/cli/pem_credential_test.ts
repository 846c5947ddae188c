import { assertEquals, assertRejects } from "@std/assert";
import { CliError } from "../../src/cli/cli_error.ts";
import { CREDENTIAL_FLAGS } from "../../src/cli/connection_flags.ts";
import { readFlags } from "../../src/cli/read_flags.ts";
import { readPemCredential } from "../../src/cli/pem_credential.ts";
import { CredentialError } from "../../src/errors.ts";
import { deviceIdentity, identityPem } from "../_kit/certs.ts";
import { tempFolder } from "../_kit/temp.ts";
import { FakeIo } from "./_fake_io.ts";

const FIXTURES = new URL("../credentials/fixtures/pem/", import.meta.url).pathname;

const read = (args: string[], io = new FakeIo()) =>
  readPemCredential(readFlags(args, CREDENTIAL_FLAGS), io);

Deno.test("readPemCredential() reads two files, or one that holds both", async () => {
  await using folder = await tempFolder();
  const identity = await deviceIdentity("dev-1");
  const { cert, key } = identityPem(identity);
  const [certFile, keyFile] = [await folder.write("cert", cert), await folder.write("key", key)];
  const both = await folder.write("both", key + cert);
  assertEquals(await read([]), undefined);
  for (const [certs, keys] of [[certFile, keyFile], [both, both], [both, keyFile]] as const) {
    const args = ["--cert", certs, "--key", keys];
    assertEquals((await read(args))?.certificateChain, identity.certificateChain);
  }
});

Deno.test("readPemCredential() asks for the passphrase of an encrypted key", async () => {
  await using folder = await tempFolder();
  const args = ["--cert", `${FIXTURES}device.pem`, "--key", `${FIXTURES}key_encrypted.pem`];
  const person = new FakeIo({ secrets: ["wrong", "secret"] });
  assertEquals((await read(args, person))?.certificateChain.length, 1);
  const file = await folder.write("passphrase", "secret\n");
  assertEquals((await read([...args, "--passphrase-file", file]))?.certificateChain.length, 1);
  await assertRejects(() => read(args), CliError, "Nobody can be asked");
  const clumsy = new FakeIo({ secrets: ["a", "b", "c"] });
  const error = await assertRejects(() => read(args, clumsy), CredentialError);
  assertEquals(error.code, "CREDENTIAL_WRONG_PASSWORD");
});

Deno.test("readPemCredential() refuses half a credential, and one too many", async () => {
  await assertRejects(() => read(["--cert", "a"]), CliError, "--key is missing");
  await assertRejects(() => read(["--key", "a"]), CliError, "--cert is missing");
  const args = ["--cert", "a", "--key", "b", "--store", "c"];
  await assertRejects(() => read(args), CliError, "exclude each other");
});
