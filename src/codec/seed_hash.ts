import { wasm } from "./wasm.ts";

/**
 * Seeds the hashes of topics and topic filters with 64 bits of chance, so that nobody can send topics that all fall on one
 * place of a table and slow each other down. Clients of `./mqtt` do it themselves; whoever decodes what strangers send does it
 * first of all, for it has no effect once there is anything in the tables. Returns whether it had.
 *
 * @example Once, when the program begins
 * ```ts
 * import { seedHash } from "@hubwire/hubwire/codec";
 *
 * seedHash(crypto.getRandomValues(new Uint32Array(2)));
 * ```
 *
 * @throws {TypeError} If the seed is not two words.
 */
export function seedHash(seed: Uint32Array): boolean {
  const [low, high] = seed;
  if (low === undefined || high === undefined) {
    throw new TypeError("Cannot seed the hashes: the seed has to be two words of 32 bits");
  }
  return wasm.seedHash(low, high) === 1;
}
