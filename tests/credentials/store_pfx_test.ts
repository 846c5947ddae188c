import { assert, assertEquals, assertRejects } from "@std/assert";
import { readLeaf } from "../../src/credentials/store_preflight.ts";
import { useIdentity } from "../../src/credentials/store_pfx.ts";
import { CredentialError, PermissionError } from "../../src/errors.ts";
import { tempFolder } from "../_kit/temp.ts";
import { pfxPath } from "./_store_kit.ts";

const password = "low-tide";

async function refusal(pfx: string | Uint8Array): Promise<CredentialError> {
  const use = () => Promise.reject(new Error("it should not come to that"));
  return await assertRejects(() => useIdentity({ pfx, password }, use), CredentialError);
}

Deno.test("useIdentity() lends the identity of a PFX, by its path or its bytes", async () => {
  const path = pfxPath("device");
  for (const pfx of [path, await Deno.readFile(path)]) {
    const name = await useIdentity(
      { pfx, password },
      (identity, warnings) => Promise.resolve([readLeaf(identity).commonName, warnings]),
    );
    assertEquals(name, ["sensor-1", []]);
  }
});

Deno.test("useIdentity() leaves zeros where the key was, also when its user fails", async () => {
  const keys: Uint8Array[] = [];
  const failure = new Error("no");
  const thrown = await useIdentity({ pfx: pfxPath("device"), password }, ({ privateKey }) => {
    keys.push(privateKey);
    assert(privateKey.some((byte) => byte !== 0));
    return Promise.reject(failure);
  }).catch((error: unknown) => error);
  assertEquals(thrown, failure);
  for (const key of keys) assert(key.every((byte) => byte === 0));
  assertEquals(keys.length, 1);
});

Deno.test("F7 useIdentity() never picks one of several, and names them", async () => {
  const error = await refusal(pfxPath("several"));
  assertEquals([error.code, error.why], [
    "CREDENTIAL_AMBIGUOUS",
    "it holds several: device, other",
  ]);
});

Deno.test("F7 useIdentity() says what is missing in a PFX without key or certificate", async () => {
  const noKey = await refusal(pfxPath("certificate_only"));
  assertEquals([noKey.code, noKey.why], ["CREDENTIAL_INCOMPLETE", "it holds no private key"]);
  const noCertificate = await refusal(await Deno.readFile(pfxPath("key_only")));
  assertEquals([noCertificate.code, noCertificate.what, noCertificate.why], [
    "CREDENTIAL_INCOMPLETE",
    "Cannot use the PFX",
    "it holds no certificate that belongs to its private key",
  ]);
});

Deno.test("useIdentity() names a file that does not exist, or is far too large", async () => {
  await using folder = await tempFolder();
  const missing = await refusal(folder.file("none.pfx"));
  assertEquals([missing.code, missing.what], [
    "CREDENTIAL_NOT_FOUND",
    `Cannot read ${folder.file("none.pfx")}`,
  ]);
  const large = await folder.write("large.pfx", new Uint8Array(1024 * 1024 + 1));
  assertEquals((await refusal(large)).code, "CREDENTIAL_LIMIT");
});

Deno.test({
  name: "S8 useIdentity() names the flag to read the file",
  permissions: "none",
  async fn() {
    const error = await assertRejects(
      () => useIdentity({ pfx: "/a/device.pfx", password }, () => Promise.resolve()),
      PermissionError,
    );
    assertEquals(error.flag, "--allow-read=/a/device.pfx");
  },
});
