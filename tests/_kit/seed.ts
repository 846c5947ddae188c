export { randomFrom } from "./random.ts";

/**
 * The seed of every random test of this run: `SEED` where it is set, else a new one. It is printed, so a
 * failure can be repeated with `SEED=… deno task test`.
 */
export const SEED: number = Number(Deno.env.get("SEED") ?? Date.now() % 0x7fffffff);

console.log(`seed ${SEED}`);
