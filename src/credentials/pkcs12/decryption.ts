import { DerError, type Element } from "../der.ts";
import { type Algorithm, algorithmName } from "./algorithms.ts";
import { type CipherKeys, decryptCbc } from "./ciphers.ts";
import { UnsupportedAlgorithm, wrongPassword } from "./errors.ts";
import { derivePbes2 } from "./pbes2.ts";
import { derivePbeTripleDes } from "./pbe.ts";
import type { Unlocking } from "./unlocking.ts";

const schemes = new Map<string, (parameters: Element, unlocking: Unlocking) => CipherKeys>([
  ["1.2.840.113549.1.5.13", derivePbes2],
  ["1.2.840.113549.1.12.1.3", derivePbeTripleDes],
]);

/** Something locked with a password. */
export interface Encrypted<T> {
  algorithm: Algorithm;
  ciphertext: Uint8Array;
  /** Makes sense of the decrypted bytes, and copies what it keeps of them: they are overwritten afterwards. */
  read: (plaintext: Uint8Array) => T;
}

/**
 * Decrypts what a password protects, be it a bag of PKCS#12 or an encrypted PKCS#8 key, and reads what comes out.
 *
 * A wrong password mostly shows in the padding, but once in some 250 times only in that what comes out makes no
 * sense: so `read` runs in here.
 *
 * @throws {CredentialError} `CREDENTIAL_WRONG_PASSWORD`, `CREDENTIAL_UNSUPPORTED` or `CREDENTIAL_LIMIT`.
 */
export function readEncrypted<T>(encrypted: Encrypted<T>, unlocking: Unlocking): T {
  const { id, parameters } = encrypted.algorithm;
  const derive = schemes.get(id);
  if (derive === undefined) throw new UnsupportedAlgorithm(algorithmName(id));
  if (parameters === undefined) throw wrongPassword();
  const keys = derive(parameters, unlocking);
  const plaintext = decryptCbc(keys, encrypted.ciphertext);
  keys.key.fill(0);
  if (plaintext === undefined) throw wrongPassword();
  try {
    return encrypted.read(plaintext);
  } catch (error) {
    throw error instanceof DerError ? wrongPassword() : error;
  } finally {
    plaintext.fill(0);
  }
}
