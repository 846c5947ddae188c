import { assertEquals, assertThrows } from "@std/assert";
import { pbkdf2Sync } from "node:crypto";
import { DerError, parseElement } from "../../../src/credentials/der.ts";
import { aes256 } from "../../../src/credentials/pkcs12/ciphers.ts";
import { UnsupportedAlgorithm } from "../../../src/credentials/pkcs12/errors.ts";
import { derivePbes2 } from "../../../src/credentials/pkcs12/pbes2.ts";
import { oid, sequence } from "../_der_builder.ts";
import { refusal } from "../_refusals.ts";
import { pbes2, unlocking } from "./_locked.ts";

const salt = new Uint8Array(8);

for (
  const [hash, digest] of [
    [null, "sha1"],
    ["1.2.840.113549.2.7", "sha1"],
    ["1.2.840.113549.2.8", "sha224"],
    ["1.2.840.113549.2.9", "sha256"],
    ["1.2.840.113549.2.10", "sha384"],
    ["1.2.840.113549.2.11", "sha512"],
  ] as const
) {
  Deno.test(`derivePbes2() with the hash ${hash} derives with ${digest}`, () => {
    const keys = derivePbes2(pbes2({ hash, iterations: 3 }), unlocking("pässwörd"));
    const expected = pbkdf2Sync("pässwörd", salt, 3, 32, digest);
    assertEquals(keys, { cipher: aes256, key: keys.key, iv: new Uint8Array(16) });
    assertEquals(new Uint8Array(keys.key), new Uint8Array(expected));
  });
}

Deno.test("derivePbes2() skips the key length that some makers give", () => {
  assertEquals(derivePbes2(pbes2({ keyLength: 32 }), unlocking()).key.length, 32);
});

Deno.test("derivePbes2() refuses what it does not know, by name", () => {
  for (
    const [text, name] of [
      [{ kdf: "1.3.6.1.4.1.11591.4.11" }, "scrypt"],
      [{ cipher: "1.2.3" }, "the algorithm 1.2.3"],
      [{ hash: "1.2.4" }, "the algorithm 1.2.4"],
    ] as const
  ) assertThrows(() => derivePbes2(pbes2(text), unlocking()), UnsupportedAlgorithm, name);
});

Deno.test("derivePbes2() refuses an IV of another length, no round, and missing parameters", () => {
  const bare = sequence(oid("1.2.840.113549.1.5.12"));
  const cipher = sequence(oid("2.16.840.1.101.3.4.1.42"));
  for (
    const parameters of [
      pbes2({ iv: new Uint8Array(15) }),
      pbes2({ iterations: 0 }),
      parseElement(sequence(bare, cipher)),
      parseElement(sequence()),
    ]
  ) assertThrows(() => derivePbes2(parameters, unlocking()), DerError);
});

Deno.test("derivePbes2() is charged before it begins, twice for the slower hashes", async () => {
  const sha512 = "1.2.840.113549.2.11";
  for (const text of [{ iterations: 5_000_001 }, { iterations: 2_500_001, hash: sha512 }]) {
    await refusal("CREDENTIAL_LIMIT", () => derivePbes2(pbes2(text), unlocking()));
  }
});
