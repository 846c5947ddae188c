import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { SEED } from "../_kit/seed.ts";
import { CredentialError } from "../../src/errors.ts";
import { certificateMatchesKey } from "../../src/credentials/certificate.ts";
import { encodePem } from "../../src/credentials/pem.ts";
import { readPem } from "../../src/credentials/read_pem.ts";
import { integer, octets, oid, sequence } from "./_der_builder.ts";
import { der, deviceKey, password, pem } from "./_fixtures.ts";
import { assertHides, refusal } from "./_refusals.ts";

const chain = ["device", "intermediate", "root"].map(der);

for (
  const [key, passphrase] of [
    ["key_pkcs8", undefined],
    ["key_sec1", undefined],
    ["key_encrypted", password],
    ["key_encrypted_sha1", password],
    ["key_encrypted_triple_des", password],
    ["key_dek_info", password],
  ] as const
) {
  Deno.test(`readPem() reads ${key}.pem and puts the chain in order`, () => {
    const text = pem("certificates") + pem(key);
    const identity = readPem(text, passphrase);
    assertEquals(identity.certificateChain, chain);
    assertEquals(identity.privateKey, deviceKey());
    assertEquals(identity.alias, undefined);
  });
}

for (const [name, passphrase] of [["rsa_pkcs1", undefined], ["rsa_dek_info", password]] as const) {
  Deno.test(`readPem() reads the PKCS#1 key of ${name}.pem`, () => {
    const identity = readPem(pem(name), passphrase);
    assert(certificateMatchesKey(der("rsa2048"), identity.privateKey));
  });
}

Deno.test("readPem() ignores a passphrase that is not needed", () => {
  assertEquals(readPem(pem("certificates") + pem("key_pkcs8"), "x").privateKey, deviceKey());
});

Deno.test("readPem() leaves out certificates and blocks that do not belong", () => {
  const parameters = encodePem("EC PARAMETERS", Uint8Array.of(6, 1, 1));
  const identity = readPem(pem("p384") + parameters + pem("key_pkcs8") + pem("certificates"));
  assertEquals(identity.certificateChain, chain);
});

for (
  const key of ["key_encrypted", "key_encrypted_sha1", "key_encrypted_triple_des", "key_dek_info"]
) {
  Deno.test(`readPem() refuses ${key}.pem without the passphrase, and with a wrong one`, async () => {
    const secret = "hunter2-Zx9";
    const text = pem("certificates") + pem(key);
    const missing = await refusal("CREDENTIAL_WRONG_PASSWORD", () => readPem(text));
    assertStringIncludes(missing.why, "no passphrase was given");
    const wrong = await refusal("CREDENTIAL_WRONG_PASSWORD", () => readPem(text, secret));
    assertStringIncludes(wrong.why, "wrong password");
    assertHides(wrong, secret);
    await refusal("CREDENTIAL_WRONG_PASSWORD", () => readPem(text, ""));
  });
}

const certificates = pem("certificates");
const ownKey = pem("key_pkcs8");
for (
  const [name, code, text, why] of [
    ["no key", "CREDENTIAL_INCOMPLETE", certificates, "it has no private key"],
    ["no certificate", "CREDENTIAL_INCOMPLETE", ownKey, "it has no certificate"],
    [
      "two keys",
      "CREDENTIAL_AMBIGUOUS",
      certificates + ownKey + ownKey + pem("rsa_pkcs8"),
      "it has 2 private keys",
    ],
    ["a foreign key", "CREDENTIAL_KEY_MISMATCH", pem("p384") + ownKey, "none of its certificates"],
    [
      "two certificates for the key",
      "CREDENTIAL_AMBIGUOUS",
      certificates + pem("signed_sha1") + ownKey,
      "2 certificates are for its private key",
    ],
    [
      "a key of another kind",
      "CREDENTIAL_UNSUPPORTED",
      certificates + ownKey.replaceAll(" PRIVATE", " OPENSSH PRIVATE"),
      "OPENSSH PRIVATE KEY",
    ],
    ["nothing", "CREDENTIAL_FORMAT", "", "BEGIN"],
    [
      "a key that is none",
      "CREDENTIAL_DAMAGED",
      certificates + encodePem("EC PRIVATE KEY", Uint8Array.of(1)),
      "its key is damaged",
    ],
    [
      "a certificate that is none",
      "CREDENTIAL_FORMAT",
      ownKey + encodePem("CERTIFICATE", Uint8Array.of(1)),
      "at byte 1",
    ],
  ] as const
) {
  Deno.test(`readPem() refuses ${name}`, async () => {
    assertStringIncludes((await refusal(code, () => readPem(text, password))).why, why);
  });
}

Deno.test("readPem() takes the same key twice for one", () => {
  assertEquals(readPem(ownKey + certificates + ownKey).privateKey, deviceKey());
});

Deno.test("readPem() takes the same certificate twice for one", () => {
  const text = pem("device") + pem("device") + pem("intermediate") + ownKey;
  assertEquals(readPem(text).certificateChain, chain.slice(0, 2));
});

Deno.test("readPem() refuses a derivation it does not know, by name", async () => {
  const text = certificates + pem("key_encrypted_scrypt");
  const error = await refusal("CREDENTIAL_UNSUPPORTED", () => readPem(text, password));
  assertStringIncludes(error.why, "scrypt");
});

Deno.test("readPem() refuses an encrypted key with too many iterations before it begins", async () => {
  const kdf = sequence(oid("1.2.840.113549.1.5.12"), sequence(octets(), integer(2 ** 31 - 1)));
  const cipher = sequence(oid("2.16.840.1.101.3.4.1.42"), octets(new Uint8Array(16)));
  const algorithm = sequence(oid("1.2.840.113549.1.5.13"), sequence(kdf, cipher));
  const key = encodePem("ENCRYPTED PRIVATE KEY", sequence(algorithm, octets(new Uint8Array(16))));
  const begin = performance.now();
  await refusal("CREDENTIAL_LIMIT", () => readPem(certificates + key, password));
  assert(performance.now() - begin < 1000);
});

Deno.test("readPem() refuses an encrypted key that is damaged, with the byte", async () => {
  const key = encodePem("ENCRYPTED PRIVATE KEY", der("key_encrypted").subarray(0, 50));
  const error = await refusal("CREDENTIAL_DAMAGED", () => readPem(certificates + key, password));
  assertStringIncludes(error.why, "its key is damaged at byte");
});

for (const key of ["key_encrypted", "key_sec1", "key_dek_info"]) {
  Deno.test(`readPem() reads ${key}.pem right or refuses it, whatever is changed`, () => {
    const text = certificates + pem(key);
    const change = fc.tuple(fc.nat(text.length - 1), fc.constantFrom(..."Aa0+/=-\n :"));
    const property = fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const characters = [...text];
      for (const [at, character] of changes) characters[at] = character;
      try {
        assertEquals(readPem(characters.join(""), password).privateKey, deviceKey());
      } catch (error) {
        if (!(error instanceof CredentialError)) throw error;
      }
    });
    fc.assert(property, { seed: SEED, numRuns: 200 });
  });
}
