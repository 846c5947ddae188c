/** Numbered trials: a stream that all codecs decode, or packets that they encode. */

import type { Packet } from "../../../src/codec/mod.ts";
import { Dice } from "../packet_generators/dice.ts";
import { spoilPacket } from "../packet_generators/forbidden_packets.ts";
import { makePacket } from "../packet_generators/packets.ts";
import { makeStream, type Stream } from "../packet_generators/streams.ts";
import { encoderDifference } from "./encoder_difference.ts";
import { streamDifference } from "./stream_difference.ts";

/** What is tried. */
export type Trial =
  | { kind: "stream"; stream: Stream }
  | { kind: "packets"; packets: Packet[] };

/** Trial number `number` of a seed: every fourth is about packets to encode. */
export function makeTrial(seed: number, number: number): Trial {
  const dice = new Dice(Math.imul(seed + 1, 0x9e3779b1) + number);
  return number % 4 === 3
    ? { kind: "packets", packets: dice.list(dice.between(1, 8), () => makeAnyPacket(dice)) }
    : { kind: "stream", stream: makeStream(dice) };
}

function makeAnyPacket(dice: Dice): Packet {
  const packet = makePacket(dice);
  return dice.chance(0.5) ? packet : spoilPacket(dice, packet);
}

/** What the codecs disagree about, or what one of them threw; `undefined` when all is well. */
export function difference(trial: Trial): string | undefined {
  try {
    return trial.kind === "stream"
      ? streamDifference(trial.stream)
      : encoderDifference(trial.packets);
  } catch (error) {
    // Whatever a codec throws that it must not throw is what is looked for.
    return error instanceof Error ? error.stack : `threw ${error}`;
  }
}

/** How many bytes a trial is about. */
export function trialSize(trial: Trial): number {
  if (trial.kind === "packets") return 0;
  return trial.stream.parts.reduce((sum, part) => sum + part.length, 0);
}
