import { createHash } from "node:crypto";
import { compressSha1, compressSha256, sha1Start, sha256Start } from "./compression.ts";

/** The hash functions that PKCS#12 files use. */
export type Digest = "sha1" | "sha224" | "sha256" | "sha384" | "sha512";

/** Sizes in bytes (FIPS 180-4 figure 1), and what one round costs beside one of SHA-256 in {@linkcode iterateHash}. */
export const digests: Record<Digest, { size: number; block: number; roundCost: number }> = {
  sha1: { size: 20, block: 64, roundCost: 1 },
  sha224: { size: 28, block: 64, roundCost: 8 },
  sha256: { size: 32, block: 64, roundCost: 1 },
  sha384: { size: 48, block: 128, roundCost: 8 },
  sha512: { size: 64, block: 128, roundCost: 8 },
};

/**
 * Hashes `digest`, then the hash of it, and so on, `rounds` times.
 *
 * A call into the runtime costs ten times what the hash itself does, and some makers ask for 600 000 rounds: so the
 * two functions that such files use are written out here. The message of every round is one digest and fits one
 * block, which leaves nothing of either function but its compression.
 */
export function iterateHash(
  digest: Uint8Array,
  { algorithm, rounds }: { algorithm: Digest; rounds: number },
): Uint8Array {
  if (algorithm === "sha1") {
    return iterateWords(digest, { rounds, initial: sha1Start, compress: compressSha1 });
  }
  if (algorithm === "sha256") {
    return iterateWords(digest, { rounds, initial: sha256Start, compress: compressSha256 });
  }
  let current = digest;
  for (let i = 0; i < rounds; i++) current = createHash(algorithm).update(current).digest();
  return Uint8Array.from(current);
}

interface Compression {
  rounds: number;
  initial: Int32Array;
  /** Turns the message in the first 16 words of `schedule` into the next `state`. */
  compress: (schedule: Int32Array, state: Int32Array) => void;
}

function iterateWords(digest: Uint8Array, { rounds, initial, compress }: Compression): Uint8Array {
  const state = new Int32Array(initial.length);
  const result = digest.slice();
  const view = new DataView(result.buffer);
  for (let i = 0; i < state.length; i++) state[i] = view.getInt32(4 * i);
  const schedule = new Int32Array(80);
  // The padding of FIPS 180-4 section 5.1.1, the same in every round: a one bit, zeros, the length in bits.
  schedule[state.length] = 1 << 31;
  schedule[15] = 32 * state.length;
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < state.length; i++) {
      schedule[i] = state[i] ?? 0;
      state[i] = initial[i] ?? 0;
    }
    compress(schedule, state);
  }
  for (let i = 0; i < state.length; i++) view.setInt32(4 * i, state[i] ?? 0);
  return result;
}
