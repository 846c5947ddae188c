import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { createCipheriv } from "node:crypto";
import { DerError } from "../../../src/credentials/der.ts";
import { readEncrypted } from "../../../src/credentials/pkcs12/decryption.ts";
import { UnsupportedAlgorithm } from "../../../src/credentials/pkcs12/errors.ts";
import { derivePbes2 } from "../../../src/credentials/pkcs12/pbes2.ts";
import { refusal } from "../_refusals.ts";
import { pbes2, pbes2Id, unlocking } from "./_locked.ts";

const text = Uint8Array.of(1, 2, 3);
const algorithm = { id: pbes2Id, parameters: pbes2() };
const { key } = derivePbes2(pbes2(), unlocking());
const cipher = createCipheriv("aes-256-cbc", key, new Uint8Array(16));
const ciphertext = Uint8Array.from([...cipher.update(text), ...cipher.final()]);

Deno.test("readEncrypted() hands the decrypted bytes on and overwrites them afterwards", () => {
  let seen = new Uint8Array();
  const read = (plaintext: Uint8Array) => {
    assertEquals(plaintext, text);
    seen = plaintext as Uint8Array<ArrayBuffer>;
    return "result";
  };
  assertEquals(readEncrypted({ algorithm, ciphertext, read }, unlocking()), "result");
  assertEquals(seen, new Uint8Array(3));
});

Deno.test("readEncrypted() says wrong password where the padding or the sense is wrong", async () => {
  const nonsense = () => {
    throw new DerError(0, "no sense");
  };
  for (
    const [encrypted, password] of [
      [{ algorithm, ciphertext: ciphertext.subarray(1), read: String }, "secret"],
      [{ algorithm, ciphertext, read: nonsense }, "secret"],
      [{ algorithm: { id: pbes2Id, parameters: undefined }, ciphertext, read: String }, "secret"],
    ] as const
  ) {
    await refusal(
      "CREDENTIAL_WRONG_PASSWORD",
      () => readEncrypted<unknown>(encrypted, unlocking(password)),
    );
  }
});

Deno.test("readEncrypted() passes other failures of its reader on", () => {
  const failure = new UnsupportedAlgorithm("x");
  const read = () => {
    throw failure;
  };
  const thrown = assertThrows(() => readEncrypted({ algorithm, ciphertext, read }, unlocking()));
  assertStrictEquals(thrown, failure);
});

Deno.test("readEncrypted() refuses an encryption it does not know, by name", () => {
  const rc4 = { id: "1.2.840.113549.1.12.1.1", parameters: undefined };
  assertThrows(
    () => readEncrypted({ algorithm: rc4, ciphertext, read: String }, unlocking()),
    UnsupportedAlgorithm,
    "RC4",
  );
});
