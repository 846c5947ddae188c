/**
 * Changes `wasm/assembly` in small ways, one at a time, and sees whether the tests of the codec notice.
 *
 *     deno task mutate [--count N] [--seed S] [--file NAME] [--explained]
 *
 * Coverage does not see WebAssembly: this is what tells whether its checks are tested. Some mutants nobody can
 * notice: `docs/mutants.md` says why, and they do not count. Of the others at least 95 % have to be killed; the
 * survivors are listed, ready to be explained there. A row there that explains no survivor is a fault too; with
 * `--explained` nothing else is looked at.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { compile } from "./compile.ts";
import { explainedIn, keyOf, rowOf } from "./mutation/explained.ts";
import { type Mutant, mutantsOf } from "./mutation/mutants.ts";
import { type Outcome, TestBench } from "./mutation/test_bench.ts";

const ROOT = new URL("../", import.meta.url).pathname.replace(/\/$/, "");
const FOLDER = "wasm/assembly";
const GOAL = 0.95;
const BENCHES = 2;

const { values: { count, seed, file, explained: onlyExplained } } = parseArgs({
  args: Deno.args,
  options: {
    count: { type: "string" },
    seed: { type: "string" },
    file: { type: "string" },
    explained: { type: "boolean" },
  },
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

const explained = explainedIn(await Deno.readTextFile(`${ROOT}/docs/mutants.md`));
const all = await allMutants();
const chosen = onlyExplained ? all.filter((mutant) => explained.has(keyOf(mutant))) : all;
const queue = count ? choose(chosen, Number(count), Number(seed ?? 1)) : [...chosen];
const total = queue.length;
const original = await compile();
const tally = { killed: 0, survived: 0, explained: 0, same: 0, broken: 0 };
const explaining = new Set<string>();

async function work(): Promise<void> {
  await using bench = await TestBench.set(ROOT);
  if (!await bench.rehearse(original)) throw new Error("The tests fail without any change");
  for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
    note(mutant, await bench.try(mutant, original));
  }
}

function note(mutant: Mutant, outcome: Outcome): void {
  const isExplained = outcome === "survived" && explained.has(keyOf(mutant));
  tally[isExplained ? "explained" : outcome]++;
  if (isExplained) explaining.add(keyOf(mutant));
  else if (outcome === "survived") console.log(`line ${mutant.line} ${rowOf(mutant)}`);
}

/** Rows of the page that name a mutant which was tried and did not survive, or which is none. */
function needlessRows(): string[] {
  if (count) return [];
  const files = new Set(all.map((mutant) => keyOf(mutant).split("\n")[0]));
  return [...explained].filter((key) => files.has(key.split("\n")[0]) && !explaining.has(key));
}

function percent(part: number, whole: number): string {
  return `${(part / whole * 100).toFixed(1)} %`;
}

await Promise.all(Array.from({ length: BENCHES }, work));
const noticeable = tally.killed + tally.survived;
console.log(`${total} mutants of ${all.length}:`, tally);
console.log(
  `${percent(tally.killed, noticeable)} killed, ${
    percent(tally.killed, noticeable + tally.explained)
  } counting those that nobody can notice`,
);
const needless = needlessRows();
for (const key of needless) console.log(`docs/mutants.md explains what does not survive:\n${key}`);
if ((!onlyExplained && tally.killed < GOAL * noticeable) || needless.length > 0) Deno.exit(1);
