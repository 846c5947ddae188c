/** Streams of packets, some of them damaged, and how they are cut. */

import type { Role } from "../../../src/codec/mod.ts";
import { plainEncode } from "../plain_codec/mod.ts";
import { damage, splice } from "./damages.ts";
import type { Dice } from "./dice.ts";
import { makePacket } from "./packets.ts";

/** A stream as a decoder gets it. */
export interface Stream {
  role: Role;
  maximumPacketSize: number;
  /** Packets, more or less: all of their bytes in a row are the stream. */
  parts: Uint8Array<ArrayBuffer>[];
  /** How many bytes arrive at a time, over and over. */
  sizes: number[];
}

const ROLES: readonly Role[] = ["client", "server", "any"];
const LIMIT = 1024 * 1024;
const MANY_CHUNKS = 3000;

/** Any stream. */
export function makeStream(dice: Dice): Stream {
  const role = dice.pick(ROLES);
  const damageRate = dice.pick([0, 0.1, 0.5]);
  const count = dice.chance(0.02) ? dice.between(50, 300) : dice.between(1, 8);
  const maximumPacketSize = dice.chance(0.1) ? dice.between(2, 6000) : LIMIT;
  const parts = dice.list(
    count,
    () => makePart(dice, dice.chance(0.95) ? role : "any", damageRate),
  );
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return { role, maximumPacketSize, parts, sizes: makeSizes(dice, length) };
}

function makePart(dice: Dice, role: Role, damageRate: number): Uint8Array<ArrayBuffer> {
  const bytes = encode(dice, role);
  if (!dice.chance(damageRate)) return bytes;
  if (dice.chance(0.1)) return splice(bytes, encode(dice, role), dice);
  return dice.chance(0.8) ? damage(bytes, dice) : damage(damage(bytes, dice), dice);
}

function encode(dice: Dice, role: Role): Uint8Array<ArrayBuffer> {
  return new Uint8Array(plainEncode(makePacket(dice, role)));
}

function makeSizes(dice: Dice, length: number): number[] {
  if (dice.chance(0.2)) return [Math.max(1, length)];
  // Bytes that come one by one find what there is to find in a short stream.
  const smallest = Math.ceil(length / MANY_CHUNKS) || 1;
  const largest = Math.max(smallest, dice.pick([1, 2, 5, 20, 100, 2048, 5000, 70_000]));
  if (dice.chance(0.3)) return [largest];
  return dice.list(dice.between(1, 20), () => dice.between(smallest, largest));
}
