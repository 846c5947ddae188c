/**
 * Changes `wasm/assembly` in small ways, one at a time, and sees whether the tests of the codec notice.
 *
 *     deno task mutate [--count N] [--seed S] [--file NAME]
 *
 * Coverage does not see WebAssembly: this is what tells whether its checks are tested. At least 95 % have to be
 * killed. The survivors are listed; those that are known and harmless are explained in `docs/mutants.md`.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { compile } from "./compile.ts";
import { type Mutant, mutantsOf } from "./mutation/mutants.ts";
import { TestBench } from "./mutation/test_bench.ts";

const ROOT = new URL("../", import.meta.url).pathname.replace(/\/$/, "");
const FOLDER = "wasm/assembly";
const GOAL = 0.95;
const BENCHES = 2;

const { values: { count, seed, file } } = parseArgs({
  args: Deno.args,
  options: { count: { type: "string" }, seed: { type: "string" }, file: { type: "string" } },
});

async function allMutants(): Promise<Mutant[]> {
  const mutants: Mutant[] = [];
  for await (const { name } of Deno.readDir(`${ROOT}/${FOLDER}`)) {
    if (file && name !== file) continue;
    // The codes are numbers without meaning of their own; the doors hold no code.
    if (["codes.ts", "index.ts"].includes(name)) continue;
    const path = `${FOLDER}/${name}`;
    mutants.push(...mutantsOf(path, await Deno.readTextFile(`${ROOT}/${path}`)));
  }
  return mutants;
}

/** So many of them, the same for the same seed. */
function choose(mutants: Mutant[], wanted: number, start: number): Mutant[] {
  let state = start;
  const keyed = mutants.map((mutant) => {
    state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d) + 0x9e3779b9 >>> 0;
    return { key: state, mutant };
  });
  return keyed.sort((a, b) => a.key - b.key).slice(0, wanted).map(({ mutant }) => mutant);
}

const all = await allMutants();
const queue = count ? choose(all, Number(count), Number(seed ?? 1)) : all;
const original = await compile();
const tally = { killed: 0, survived: 0, same: 0, broken: 0 };
const survivors: Mutant[] = [];
const total = queue.length;

async function work(): Promise<void> {
  await using bench = await TestBench.set(ROOT);
  if (!await bench.passes(original)) throw new Error("The tests fail without any change");
  for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
    const outcome = await bench.try(mutant, original);
    tally[outcome]++;
    if (outcome !== "survived") continue;
    survivors.push(mutant);
    console.log(
      `survived ${mutant.file}:${mutant.line}\n  - ${mutant.before}\n  + ${mutant.after}`,
    );
  }
}

await Promise.all(Array.from({ length: BENCHES }, work));
const share = tally.killed / (tally.killed + tally.survived);
console.log(`${total} mutants of ${all.length}:`, tally, `${(share * 100).toFixed(1)} % killed`);
if (share < GOAL) Deno.exit(1);
