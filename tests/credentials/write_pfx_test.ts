import { assert, assertEquals, assertRejects } from "@std/assert";
import { Identity } from "../../src/credentials/identity.ts";
import { readPfx } from "../../src/credentials/read_pfx.ts";
import { writePfx } from "../../src/credentials/write_pfx.ts";
import { CredentialError } from "../../src/errors.ts";
import { deviceIdentity, testAuthority } from "../_kit/certs.ts";

const quick = { iterations: 10 };

Deno.test("writePfx() writes what readPfx() reads: key, whole chain and alias", async () => {
  const intermediate = await (await testAuthority()).issueIntermediate("Plant 7");
  const { certificateChain, privateKey } = await intermediate.issueDevice("dev-1");
  const identity = Identity.from({ certificateChain, privateKey, alias: "Gerät 1 😀" });
  const contents = await readPfx(await writePfx(identity, "Käse 🧀", quick), "Käse 🧀");
  assertEquals(contents.warnings, []);
  assertEquals(contents.certificates, []);
  assertEquals(contents.unmatchedKeys, []);
  const [read, ...others] = contents.identities;
  assertEquals(others, []);
  assertEquals(certificateChain.length, 2);
  assertEquals(read?.certificateChain, certificateChain);
  assertEquals(read?.privateKey, privateKey);
  assertEquals(read?.alias, "Gerät 1 😀");
});

Deno.test("writePfx() hashes the password 600 000 times unless told otherwise", async () => {
  const pfx = await writePfx(await deviceIdentity("dev-1"), "low tide");
  const [read] = (await readPfx(pfx, "low tide")).identities;
  assertEquals(read?.certificateChain, (await deviceIdentity("dev-1")).certificateChain);
  // 600 000 as a DER INTEGER: for the certificates, for the key and for the MAC.
  assertEquals(pfx.toHex().split("02030927c0").length - 1, 3);
});

Deno.test("writePfx() gives a file that no other password opens", async () => {
  const pfx = await writePfx(await deviceIdentity("dev-1"), "low tide", quick);
  const error = await assertRejects(() => readPfx(pfx, "high tide"), CredentialError);
  assertEquals(error.code, "CREDENTIAL_WRONG_PASSWORD");
});

Deno.test("writePfx() never writes the same file twice", async () => {
  const identity = await deviceIdentity("dev-1");
  const [one, two] = [await writePfx(identity, "x", quick), await writePfx(identity, "x", quick)];
  assert(one.toHex() !== two.toHex());
});

Deno.test("writePfx() leaves no byte of the private key in the open", async () => {
  const identity = await deviceIdentity("dev-1");
  const pfx = await writePfx(identity, "x", quick);
  assertEquals(pfx.toHex().includes(identity.privateKey.subarray(36, 68).toHex()), false);
});

Deno.test("writePfx() refuses a key that is not the certificate's", async () => {
  const { certificateChain } = await deviceIdentity("dev-1");
  const { privateKey } = await deviceIdentity("dev-2");
  const identity = Identity.from({ certificateChain, privateKey });
  const error = await assertRejects(() => writePfx(identity, "x", quick), CredentialError);
  assertEquals(error.code, "CREDENTIAL_KEY_MISMATCH");
});

Deno.test("writePfx() refuses an identity without a certificate", async () => {
  const { privateKey } = await deviceIdentity("dev-1");
  const identity = Identity.from({ certificateChain: [], privateKey });
  const error = await assertRejects(() => writePfx(identity, "x", quick), CredentialError);
  assertEquals(error.code, "CREDENTIAL_INCOMPLETE");
});

Deno.test("writePfx() refuses an empty password and counts out of range", async () => {
  const identity = await deviceIdentity("dev-1");
  await assertRejects(() => writePfx(identity, ""), TypeError);
  for (const iterations of [0, 1.5, 1_500_001]) {
    await assertRejects(() => writePfx(identity, "x", { iterations }), RangeError);
  }
});
