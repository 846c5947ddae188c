import { pbkdf2Sync } from "node:crypto";
import { DerError, type Element, Tag } from "../der.ts";
import { expectCount, expectOctets, Fields } from "../der_values.ts";
import { type Algorithm, algorithmName, cipherIds, hmacIds, readAlgorithm } from "./algorithms.ts";
import type { CipherKeys } from "./ciphers.ts";
import { UnsupportedAlgorithm } from "./errors.ts";
import { type Digest, digests } from "./iterated_hash.ts";
import type { Unlocking } from "./unlocking.ts";

const pbkdf2 = "1.2.840.113549.1.5.12";

// What one round costs beside one of HMAC-SHA-256, measured: here the runtime does the whole loop.
const roundCosts: Record<Digest, number> = { sha1: 1, sha224: 2, sha256: 1, sha384: 2, sha512: 2 };

/** Derives the keys of PBES2 (RFC 8018 sections 6.2 and A.4). */
export function derivePbes2(parameters: Element, unlocking: Unlocking): CipherKeys {
  const fields = new Fields(parameters);
  const derivation = readAlgorithm(fields.take());
  const scheme = readAlgorithm(fields.take());
  const cipher = cipherIds.get(scheme.id);
  if (cipher === undefined) throw new UnsupportedAlgorithm(algorithmName(scheme.id));
  const iv = expectOctets(parametersOf(scheme, parameters));
  if (iv.length !== cipher.blockLength) {
    throw new DerError(parameters.offset, `an IV of ${iv.length} bytes`);
  }
  if (derivation.id !== pbkdf2) throw new UnsupportedAlgorithm(algorithmName(derivation.id));
  const settings = readPbkdf2(parametersOf(derivation, parameters));
  return { cipher, iv, key: derivePbkdf2(settings, cipher.keyLength, unlocking) };
}

interface Pbkdf2 {
  salt: Uint8Array;
  iterations: number;
  digest: Digest;
}

/** RFC 8018 section A.2. The key length is there for ciphers that have several; ours have one each. */
function readPbkdf2(parameters: Element): Pbkdf2 {
  const fields = new Fields(parameters);
  const salt = expectOctets(fields.take());
  const iterations = expectCount(fields.take(), 1);
  fields.takeOptional(Tag.integer);
  if (!fields.hasNext) return { salt, iterations, digest: "sha1" };
  const { id } = readAlgorithm(fields.take());
  const digest = hmacIds.get(id);
  if (digest === undefined) throw new UnsupportedAlgorithm(algorithmName(id));
  return { salt, iterations, digest };
}

function derivePbkdf2(
  { salt, iterations, digest }: Pbkdf2,
  length: number,
  { form, budget }: Unlocking,
): Uint8Array {
  budget.spend(iterations, Math.ceil(length / digests[digest].size) * roundCosts[digest]);
  return pbkdf2Sync(form.utf8, salt, iterations, length, digest);
}

function parametersOf({ parameters }: Algorithm, parent: Element): Element {
  if (parameters === undefined) {
    throw new DerError(parent.offset, "an algorithm without parameters");
  }
  return parameters;
}
