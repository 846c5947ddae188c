import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { DerError, parseElement } from "../../../src/credentials/der.ts";
import { WorkBudget } from "../../../src/credentials/pkcs12/budget.ts";
import { UnsupportedAlgorithm } from "../../../src/credentials/pkcs12/errors.ts";
import { readMacData, verifyMac } from "../../../src/credentials/pkcs12/mac.ts";
import { passwordForms } from "../../../src/credentials/pkcs12/password_forms.ts";
import { element, integer, octets, oid, sequence } from "../_der_builder.ts";
import { macData } from "../_pfx_builder.ts";
import { refusal } from "../_refusals.ts";

const content = Uint8Array.of(1, 2, 3);
const sha1 = sequence(oid("1.3.14.3.2.26"));

function verify(password: string, bytes = content) {
  const mac = readMacData(parseElement(macData(content, { password: "secret" })));
  return verifyMac(bytes, mac, { forms: passwordForms(password), budget: new WorkBudget() });
}

Deno.test("readMacData() reads the hash, the salt and the iterations, of which one is the default", () => {
  const digestInfo = sequence(sha1, octets(content));
  const one = readMacData(parseElement(sequence(digestInfo, octets())));
  assertEquals(one, { digest: "sha1", expected: content, salt: new Uint8Array(), iterations: 1 });
  const many = readMacData(parseElement(sequence(digestInfo, octets(content), integer(2048))));
  assertEquals([many.salt, many.iterations], [content, 2048]);
});

Deno.test("readMacData() refuses what is no MAC, and a hash it does not know", () => {
  const md5 = sequence(sequence(oid("1.2.840.113549.2.5")), octets());
  assertThrows(
    () => readMacData(parseElement(sequence(md5, octets()))),
    UnsupportedAlgorithm,
    "MD5",
  );
  const digestInfo = sequence(sha1, octets(content));
  for (
    const wrong of [
      element(0x31),
      sequence(digestInfo),
      sequence(sequence(sha1), octets()),
      sequence(digestInfo, octets(), integer(0)),
    ]
  ) assertThrows(() => readMacData(parseElement(wrong)), DerError);
});

Deno.test("verifyMac() finds the form of the password that fits", () => {
  const [form] = passwordForms("secret");
  assertEquals(verify("secret"), form);
});

Deno.test("verifyMac() tries an empty password in both of its forms", () => {
  const forms = passwordForms("");
  for (const [i, password] of ["", null].entries()) {
    const mac = readMacData(parseElement(macData(content, { password })));
    assertStrictEquals(verifyMac(content, mac, { forms, budget: new WorkBudget() }), forms[i]);
  }
});

Deno.test("verifyMac() refuses another password, other content, and a value of another length", async () => {
  await refusal("CREDENTIAL_WRONG_PASSWORD", () => verify("Secret"));
  await refusal("CREDENTIAL_WRONG_PASSWORD", () => verify("secret", Uint8Array.of(1, 2, 4)));
  const short = readMacData(parseElement(sequence(sequence(sha1, octets()), octets())));
  const options = { forms: passwordForms("secret"), budget: new WorkBudget() };
  await refusal("CREDENTIAL_WRONG_PASSWORD", () => verifyMac(content, short, options));
});
