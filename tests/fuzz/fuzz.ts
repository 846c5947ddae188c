/**
 * Looks for streams and packets about which the codec, the plain codec and mqtt-packet disagree.
 *
 *     deno task fuzz [--seconds N] [--seed S]
 *     deno task fuzz --seed S --trial N
 *     deno task fuzz --hex BYTES [--role ROLE] [--sizes N,N] [--maximum N]
 *
 * The first form tries one after another and ends with the first difference, made as small as can be; the others
 * repeat one. The tables of topics live as long as the process: what only a long run finds, the same run finds again.
 *
 * @module
 */

import { parseArgs } from "node:util";
import type { Role } from "../../src/codec/mod.ts";
import { difference, makeTrial, type Trial, trialSize } from "../_kit/codec_differences/trials.ts";
import { concatBytes } from "../_kit/packet_generators/frame.ts";
import { fromHex, toHex } from "../_kit/hex.ts";
import { shrink } from "./shrink.ts";

const text = (value: string) => ({ type: "string", default: value }) as const;
const { values: flags } = parseArgs({
  args: Deno.args,
  options: {
    seconds: text("10"),
    seed: text(`${Date.now() % 0x7fffffff}`),
    trial: { type: "string" },
    hex: { type: "string" },
    role: text("any"),
    sizes: text("1000000"),
    maximum: text("1048576"),
  },
});
const seed = Number(flags.seed);

/** The one trial that was asked for, or `undefined`. */
function givenTrial(): Trial | undefined {
  if (flags.trial !== undefined) return makeTrial(seed, Number(flags.trial));
  if (flags.hex === undefined) return undefined;
  return {
    kind: "stream",
    stream: {
      role: flags.role as Role,
      maximumPacketSize: Number(flags.maximum),
      parts: [fromHex(flags.hex)],
      sizes: flags.sizes.split(",").map(Number),
    },
  };
}

/** Tries one after another until the time is up; a difference ends it. */
function run(): boolean {
  const start = performance.now();
  const end = start + Number(flags.seconds) * 1000;
  const tally = { stream: 0, packets: 0, bytes: 0 };
  console.log(`seed ${seed}`);
  for (let number = 0; performance.now() < end; number++) {
    const trial = makeTrial(seed, number);
    const found = difference(trial);
    if (found !== undefined) {
      console.log(`trial ${number}: ${found}`);
      tellSmallest(trial, number);
      return false;
    }
    tally[trial.kind]++;
    tally.bytes += trialSize(trial);
  }
  const { stream, packets, bytes } = tally;
  console.log(`${stream} streams of ${bytes} bytes, ${packets} lists of packets: no difference`);
  return true;
}

function tellSmallest(trial: Trial, number: number): void {
  const smallest = shrink(trial);
  console.log(`\nThe smallest that was found: ${difference(smallest)}`);
  if (smallest.kind === "packets") {
    console.log(
      Deno.inspect(smallest.packets, { depth: 6, strAbbreviateSize: 1000, iterableLimit: 30 }),
    );
  } else {
    const { role, sizes, maximumPacketSize, parts } = smallest.stream;
    const rest = `--role ${role} --sizes ${sizes} --maximum ${maximumPacketSize}`;
    console.log(`deno task fuzz --hex ${toHex(concatBytes(parts))} ${rest}`);
  }
  console.log(`deno task fuzz --seed ${seed} --trial ${number}`);
  console.log(`deno task fuzz --seed ${seed} --seconds ${flags.seconds}`);
}

function repeat(trial: Trial): boolean {
  const found = difference(trial);
  console.log(found ?? "no difference");
  return found === undefined;
}

const given = givenTrial();
const isGood = given ? repeat(given) : run();
// The words of `deno test`, so that whoever counts tests counts this as one.
console.log(isGood ? "ok | 1 passed | 0 failed" : "FAILED | 0 passed | 1 failed");
if (!isGood) Deno.exit(1);
