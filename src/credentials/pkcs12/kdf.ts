import { createHash } from "node:crypto";
import { concatenate } from "../der_values.ts";
import type { WorkBudget } from "./budget.ts";
import { type Digest, digests, iterateHash } from "./iterated_hash.ts";

/** What derived bytes are for (RFC 7292 appendix B.3). */
export const Purpose = { key: 1, iv: 2, mac: 3 } as const;

/** How a file hashes its password. */
export interface Derivation {
  digest: Digest;
  salt: Uint8Array;
  iterations: number;
}

/**
 * Derives bytes from a password as PKCS#12 itself does (RFC 7292 appendix B.2).
 *
 * `password` is big-endian UTF-16 with two zero bytes at its end, or nothing at all.
 *
 * @throws {CredentialError} `CREDENTIAL_LIMIT`, before any work, if the budget does not allow it.
 */
export function derivePkcs12(
  password: Uint8Array,
  derivation: Derivation,
  request: { purpose: 1 | 2 | 3; length: number; budget: WorkBudget },
): Uint8Array {
  const { digest, salt, iterations } = derivation;
  const { size, block, roundCost } = digests[digest];
  const outputBlocks = Math.ceil(request.length / size);
  request.budget.spend(iterations, outputBlocks * roundCost);
  const diversifier = new Uint8Array(block).fill(request.purpose);
  const input = concatenate([repeatToBlocks(salt, block), repeatToBlocks(password, block)]);
  const output = new Uint8Array(outputBlocks * size);
  for (let i = 0; i < outputBlocks; i++) {
    const first = createHash(digest).update(diversifier).update(input).digest();
    const hashed = iterateHash(Uint8Array.from(first), {
      algorithm: digest,
      rounds: iterations - 1,
    });
    output.set(hashed, i * size);
    addToBlocks(input, repeatToBlocks(hashed, block).subarray(0, block));
  }
  input.fill(0);
  return output.subarray(0, request.length);
}

/** The bytes over and over, up to the next whole block; nothing stays nothing. */
function repeatToBlocks(bytes: Uint8Array, block: number): Uint8Array {
  const repeated = new Uint8Array(Math.ceil(bytes.length / block) * block);
  for (let at = 0; at < repeated.length; at += bytes.length) {
    repeated.set(bytes.subarray(0, repeated.length - at), at);
  }
  return repeated;
}

/** Adds a number and one to every block of `blocks`, each a big-endian number of that size. */
function addToBlocks(blocks: Uint8Array, number: Uint8Array): void {
  for (let start = 0; start < blocks.length; start += number.length) {
    let carry = 1;
    for (let i = number.length - 1; i >= 0; i--) {
      carry += (blocks[start + i] ?? 0) + (number[i] ?? 0);
      blocks[start + i] = carry & 0xff;
      carry >>= 8;
    }
  }
}
