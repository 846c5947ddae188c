/** Strings that may be sent. */

import type { Dice } from "./dice.ts";

const CHARACTERS = [..."abcXYZ019-_.$ /", "é", "ß", "λ", "€", "語", "\uFEFF", "\uFFFD", "😀", "𝄞"];

/** Any text, mostly short. */
export function makeText(dice: Dice): string {
  return dice.list(dice.below(dice.chance(0.1) ? 60 : 12), () => dice.pick(CHARACTERS)).join("");
}

/** A topic name: often one that was there before, sometimes as long as the tables of topics hold, or longer. */
export function makeTopicName(dice: Dice): string {
  const kind = dice.below(100);
  if (kind < 40) return `known/${dice.below(20)}`;
  if (kind < 70) return `many/${dice.below(40_000)}`;
  if (kind < 80) return "t".repeat(dice.between(1, 40)) + dice.below(10);
  if (kind < 83) return longTopic(dice, dice.between(1020, 1028));
  if (kind === 83 && dice.chance(0.1)) return longTopic(dice, dice.between(65_530, 65_535));
  return makeText(dice) || "/";
}

function longTopic(dice: Dice, bytes: number): string {
  const character = dice.pick(["a", "é", "€", "😀"]);
  const size = new TextEncoder().encode(character).length;
  return character.repeat(Math.floor(bytes / size)) + "b".repeat(bytes % size);
}

/** A topic filter; wildcards stand where they may. */
export function makeTopicFilter(dice: Dice): string {
  const level = () => dice.chance(0.3) ? "+" : makeText(dice).replaceAll("/", "");
  const levels = dice.list(dice.between(1, 4), level);
  if (dice.chance(0.3)) levels.push("#");
  return levels.join("/") || "/";
}
