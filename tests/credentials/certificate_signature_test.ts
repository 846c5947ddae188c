import { assertEquals } from "@std/assert";
import { readCertificateFields } from "../../src/credentials/certificate.ts";
import { checkSignature } from "../../src/credentials/certificate_signature.ts";
import { der } from "./_fixtures.ts";

const read = (name: string) => readCertificateFields(der(name));

for (
  const [certificate, issuer, expected] of [
    ["device", "intermediate", "valid"],
    ["root", "root", "valid"],
    ["signed_by_rsa2048", "rsa2048", "valid"],
    ["signed_by_p384", "p384", "valid"],
    ["signed_by_ed25519", "ed25519", "valid"],
    ["signed_sha1", "root", "weak"],
    ["device", "root", "invalid"],
    ["device", "rsa2048", "invalid"],
    ["signed_by_ed25519", "root", "invalid"],
    ["signed_by_rsa2048", "device", "invalid"],
    ["signed_by_rsa_pss", "rsa_pss", "unknown"],
    ["signed_by_p521", "p521", "unknown"],
    ["device", "imposter", "invalid"],
  ] as const
) {
  Deno.test(`checkSignature() of ${certificate}.pem by ${issuer}.pem is ${expected}`, () => {
    assertEquals(checkSignature(read(certificate), read(issuer)), expected);
  });
}

Deno.test("checkSignature() notices every changed bit of the signature and of what is signed", () => {
  const [certificate, issuer] = [read("device"), read("intermediate")];
  for (const part of [certificate.signature, certificate.signedDer]) {
    for (const at of [0, 10, part.length - 1]) {
      const saved = part[at] ?? 0;
      part[at] = saved ^ 1;
      assertEquals(checkSignature(certificate, issuer), "invalid");
      part[at] = saved;
    }
  }
  assertEquals(checkSignature(certificate, issuer), "valid");
});
