import { assertEquals, assertNotEquals } from "@std/assert";
import { parseWhole } from "../../../src/credentials/der.ts";
import { WorkBudget } from "../../../src/credentials/pkcs12/budget.ts";
import { readAuthenticatedSafe } from "../../../src/credentials/pkcs12/authenticated_safe.ts";
import { passwordForms } from "../../../src/credentials/pkcs12/password_forms.ts";
import { sequence } from "../../../src/credentials/pkcs12/write_der.ts";
import {
  dataContent,
  encryptedContent,
  writeCertificateBag,
  writeKeyBag,
} from "../../../src/credentials/pkcs12/write_safe.ts";
import { deviceIdentity } from "../../_kit/certs.ts";

const [form] = passwordForms("low tide");
const lock = { password: form.utf8, iterations: 10 };

function read(...contents: Uint8Array[]) {
  const bytes = sequence(...contents);
  const unlocking = { form, budget: new WorkBudget(), warnings: new Set<string>() };
  return readAuthenticatedSafe({ bytes, offset: 0 }, unlocking);
}

Deno.test("writeKeyBag() shrouds a key, with its name and id", async () => {
  const { privateKey } = await deviceIdentity("dev-1");
  const own = { alias: "dev-1", localKeyId: "0102ff" };
  const { keys, certificates } = read(
    dataContent(sequence(writeKeyBag(privateKey, { ...own, lock }))),
  );
  assertEquals(certificates, []);
  assertEquals(keys, [{ bytes: privateKey, ...own }]);
});

Deno.test("writeCertificateBag() holds a certificate, in the open or encrypted", async () => {
  const [der = new Uint8Array()] = (await deviceIdentity("dev-1")).certificateChain;
  const bags = sequence(writeCertificateBag(der), writeCertificateBag(der, { alias: "x" }));
  const expected = { keys: [], certificates: [{ bytes: der }, { bytes: der, alias: "x" }] };
  assertEquals(read(dataContent(bags)), expected);
  assertEquals(read(encryptedContent(bags, lock)), expected);
});

Deno.test("encryptedContent() takes a new salt and IV each time", () => {
  const [one, two] = [encryptedContent(sequence(), lock), encryptedContent(sequence(), lock)];
  assertEquals(parseWhole(one).encoded.length, two.length);
  assertNotEquals(one, two);
});
