import { assertEquals, assertFalse, assertInstanceOf, assertMatch } from "@std/assert";
import fc from "fast-check";
import { SEED } from "../_kit/seed.ts";
import { CredentialError } from "../../src/errors.ts";
import {
  certificateMatchesKey,
  readCertificate,
  readCertificateFields,
} from "../../src/credentials/certificate.ts";
import { concat, toBer } from "./_der_builder.ts";
import { der, deviceKey } from "./_fixtures.ts";
import { refusal } from "./_refusals.ts";

Deno.test("readCertificate() tells every fact", () => {
  const { serialNumber, thumbprintSha1, thumbprintSha256, ...facts } = readCertificate(
    der("device"),
  );
  assertEquals(facts, {
    version: 3,
    commonName: "device",
    subject: "O=Hubwire Test, CN=device",
    issuer: "O=Hubwire Test, CN=intermediate",
    notBefore: new Date("2020-01-01T00:00:00Z"),
    notAfter: new Date("2099-12-31T00:00:00Z"),
    isAuthority: false,
    keyType: "EC P-256",
  });
  assertMatch(serialNumber, /^(?!00)[0-9a-f]{14,16}$/);
  assertMatch(thumbprintSha1, /^[0-9a-f]{40}$/);
  assertMatch(thumbprintSha256, /^[0-9a-f]{64}$/);
});

Deno.test("readCertificate() computes thumbprints over the whole DER", async () => {
  const bytes = new Uint8Array(der("device"));
  const { thumbprintSha1, thumbprintSha256 } = readCertificate(bytes);
  const digest = async (name: string) =>
    new Uint8Array(await crypto.subtle.digest(name, bytes)).toHex();
  assertEquals(thumbprintSha1, await digest("SHA-1"));
  assertEquals(thumbprintSha256, await digest("SHA-256"));
});

for (
  const [name, bytes] of [
    ["nothing", new Uint8Array()],
    ["PEM", new TextEncoder().encode("-----BEGIN CERTIFICATE-----")],
    ["a key", deviceKey()],
    ["a certificate with a byte behind it", concat([der("device"), Uint8Array.of(0)])],
    ["a certificate in BER", toBer(der("device"), 50)],
  ] as const
) {
  Deno.test(`readCertificate() refuses ${name}`, async () => {
    await refusal("CREDENTIAL_FORMAT", () => readCertificate(bytes));
  });
}

Deno.test("readCertificate() reads any mutation of a certificate or refuses it", () => {
  const bytes = der("device");
  const index = fc.nat(bytes.length - 1);
  const change = fc.tuple(index, fc.integer({ min: 1, max: 255 }));
  const property = fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
    const mutated = bytes.slice();
    for (const [at, mask] of changes) mutated[at] = (mutated[at] ?? 0) ^ mask;
    try {
      readCertificateFields(mutated);
      certificateMatchesKey(mutated, deviceKey());
    } catch (error) {
      assertInstanceOf(error, CredentialError);
    }
  });
  fc.assert(property, { seed: SEED, numRuns: 1000 });
});

for (const fixture of ["device", "p384", "p521", "ed25519", "rsa2048"]) {
  Deno.test(`certificateMatchesKey() tells the key of device.pem from that of ${fixture}.pem`, () => {
    assertEquals(certificateMatchesKey(der(fixture), deviceKey()), fixture === "device");
  });
}

Deno.test("certificateMatchesKey() knows an RSA key", () => {
  assertEquals(certificateMatchesKey(der("rsa2048"), der("rsa_pkcs8")), true);
  assertFalse(certificateMatchesKey(der("device"), der("rsa_pkcs8")));
});

Deno.test("certificateMatchesKey() refuses a key that is none", async () => {
  await refusal("CREDENTIAL_DAMAGED", () => certificateMatchesKey(der("device"), der("device")));
});
