import type { Element } from "../der.ts";
import { expectOid, Fields } from "../der_values.ts";
import { aes128, aes192, aes256, type BlockCipher, tripleDes } from "./ciphers.ts";
import type { Digest } from "./iterated_hash.ts";

/** An AlgorithmIdentifier: a name and, mostly, parameters. */
export interface Algorithm {
  id: string;
  parameters: Element | undefined;
}

/** Reads an AlgorithmIdentifier (RFC 5280 section 4.1.1.2). */
export function readAlgorithm(element: Element): Algorithm {
  const fields = new Fields(element);
  const id = expectOid(fields.take());
  return { id, parameters: fields.hasNext ? fields.take() : undefined };
}

/** Hash functions, as MacData names them. */
export const digestIds: ReadonlyMap<string, Digest> = new Map([
  ["1.3.14.3.2.26", "sha1"],
  ["2.16.840.1.101.3.4.2.4", "sha224"],
  ["2.16.840.1.101.3.4.2.1", "sha256"],
  ["2.16.840.1.101.3.4.2.2", "sha384"],
  ["2.16.840.1.101.3.4.2.3", "sha512"],
]);

/** The same with HMAC around them, as PBKDF2 names them. */
export const hmacIds: ReadonlyMap<string, Digest> = new Map([
  ["1.2.840.113549.2.7", "sha1"],
  ["1.2.840.113549.2.8", "sha224"],
  ["1.2.840.113549.2.9", "sha256"],
  ["1.2.840.113549.2.10", "sha384"],
  ["1.2.840.113549.2.11", "sha512"],
]);

/** Ciphers, as PBES2 names them. */
export const cipherIds: ReadonlyMap<string, BlockCipher> = new Map([
  ["2.16.840.1.101.3.4.1.2", aes128],
  ["2.16.840.1.101.3.4.1.22", aes192],
  ["2.16.840.1.101.3.4.1.42", aes256],
  ["1.2.840.113549.3.7", tripleDes],
]);

// What may turn up and is not supported, so that the message can name it.
const otherNames = new Map([
  ["1.2.840.113549.1.12.1.1", "RC4 with 128 bits"],
  ["1.2.840.113549.1.12.1.2", "RC4 with 40 bits"],
  ["1.2.840.113549.1.12.1.4", "Triple DES with two keys"],
  ["1.2.840.113549.1.12.1.5", "RC2 with 128 bits"],
  ["1.2.840.113549.1.12.1.6", "RC2 with 40 bits"],
  ["1.2.840.113549.1.5.3", "PBES1 with MD5 and DES"],
  ["1.2.840.113549.1.5.10", "PBES1 with SHA-1 and DES"],
  ["1.2.840.113549.1.5.14", "PBMAC1"],
  ["1.3.6.1.4.1.11591.4.11", "scrypt"],
  ["1.2.840.113549.2.5", "MD5"],
  ["1.2.840.113549.1.7.2", "a digital signature in place of a MAC"],
  ["1.2.840.113549.1.7.3", "encryption with a public key"],
]);

/** What to call an algorithm in a message. */
export function algorithmName(id: string): string {
  return otherNames.get(id) ?? `the algorithm ${id}`;
}
