import { assert, assertEquals, assertFalse } from "@std/assert";
import { readCertificate, readCertificateFields } from "../../src/credentials/certificate.ts";
import { CertificateAuthority } from "../../src/credentials/certificate_authority.ts";
import { importSigningKey, issueCertificate } from "../../src/credentials/certificate_issuing.ts";
import { verifyChain } from "../../src/credentials/chain.ts";
import { generateKeyPairSync } from "node:crypto";
import { pem } from "./_fixtures.ts";
import { readPem } from "../../src/credentials/read_pem.ts";

const dates = {
  notBefore: new Date("2026-01-01T00:00:00Z"),
  notAfter: new Date("2027-01-01T00:00:00Z"),
};

Deno.test("issueCertificate() without an issuer signs with the new key", async () => {
  const profile = { use: "authority" } as const;
  const { certificateChain: [der, ...more] } = await issueCertificate({
    commonName: "a",
    profile,
    ...dates,
  });
  assert(der);
  assertEquals(more, []);
  const facts = readCertificate(der);
  assertEquals([facts.subject, facts.issuer, facts.notAfter], ["CN=a", "CN=a", dates.notAfter]);
});

for (const authority of ["ec_authority", "rsa_authority", "ed25519_authority"]) {
  Deno.test(`issueCertificate() signs with the key of ${authority}.pem, which OpenSSL made`, async () => {
    const identity = readPem(pem(authority));
    const issuer = await CertificateAuthority.load(identity);
    const { certificateChain } = await issuer.issueDevice("sensor-1", dates);
    verifyChain(certificateChain, { authorities: [issuer.certificate], now: dates.notBefore });
    const [leaf = new Uint8Array()] = certificateChain;
    // The name is copied as it is: string types, order and all.
    assertEquals(
      readCertificateFields(leaf).issuerDer,
      readCertificateFields(issuer.certificate).subjectDer,
    );
  });
}

Deno.test("importSigningKey() takes every kind of key and gives it out no more", async () => {
  const kinds = {
    "ECDSA": generateKeyPairSync("ec", { namedCurve: "P-384" }),
    "Ed25519": generateKeyPairSync("ed25519"),
    "RSASSA-PKCS1-v1_5": generateKeyPairSync("rsa", { modulusLength: 2048 }),
  };
  for (const [name, { privateKey }] of Object.entries(kinds)) {
    const pkcs8 = new Uint8Array(privateKey.export({ format: "der", type: "pkcs8" }));
    const key = await importSigningKey(pkcs8);
    assertEquals([key.algorithm.name, key.usages], [name, ["sign"]]);
    assertFalse(key.extractable);
  }
});
