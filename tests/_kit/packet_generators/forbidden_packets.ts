/** Packets that may not be sent, and whatever a program may pass in spite of the types. */

import type { Packet } from "../../../src/codec/mod.ts";
import type { Dice } from "./dice.ts";

const NUMBERS = [0, -1, 3, 6, 128, 255, 65_535, 65_536, 1.5, NaN, 2 ** 32 + 1, Infinity];
const NO_STRINGS = [undefined, null, 7, new Uint8Array(1)];
const NO_BYTES = [undefined, null, "text", [1, 2], new Uint16Array(2)];

const TEXTS = [
  "",
  "\0",
  "a\0b",
  "\u0001",
  "a\u001F",
  "\u007F",
  "\u009F",
  "\u00A0",
  "\uD83D",
  "a\uD83Db",
  "\uDE00",
  "\uD83D\uD83D\uDE00",
  "\uFDCF",
  "\uFDD0",
  "\uFDEF",
  "\uFDF0",
  "\uFFFE",
  "\uFFFF",
  "\uFEFF",
  "\u{1FFFE}",
  "\u{10FFFF}",
  "+",
  "#",
  "a/+",
  "a/#",
  "a+",
  "+a",
  "a#",
  "#/a",
  "é/#/b",
  "語/a+/b",
  "/",
];

const LONG_TEXTS: readonly (() => string)[] = [
  () => "a".repeat(65_535),
  () => "a".repeat(65_536),
  () => "é".repeat(32_768),
  () => "a" + "é".repeat(32_767),
  () => "€".repeat(21_845),
  () => "€".repeat(21_845) + "b",
  () => "a€".repeat(17_000),
  () => "😀".repeat(16_384),
  () => "abc" + "😀".repeat(16_383),
];

function strangeText(dice: Dice): unknown {
  if (dice.chance(0.02)) return dice.pick(LONG_TEXTS)();
  return dice.chance(0.05) ? dice.pick(NO_STRINGS) : dice.pick(TEXTS);
}

function strangeBytes(dice: Dice): unknown {
  if (dice.chance(0.3)) return new Uint8Array(dice.pick([65_535, 65_536]));
  return dice.pick(NO_BYTES);
}

function strangeList(dice: Dice, list: unknown[]): unknown[] {
  if (dice.chance(0.3)) return [];
  if (dice.chance(0.03)) return Array(dice.pick([200_000, 524_288])).fill(list[0]);
  return list.map((entry) => dice.chance(0.5) ? strange(dice, "", entry) : entry);
}

/** Something else in place of a field's value, of the same kind or of none that fits. */
function strange(dice: Dice, field: string, value: unknown): unknown {
  if (field === "type") return dice.pick(["auth", undefined, "publish", "connect", "PUBACK"]);
  if (typeof value === "number") return dice.chance(0.1) ? undefined : dice.pick(NUMBERS);
  if (typeof value === "string") return strangeText(dice);
  if (typeof value === "boolean") return !value;
  if (value instanceof Uint8Array) return strangeBytes(dice);
  if (Array.isArray(value)) return strangeList(dice, value);
  if (typeof value === "object" && value !== null) return spoil(dice, value);
  return value;
}

function spoil<T extends object>(dice: Dice, whole: T): T {
  const entries = Object.entries(whole);
  const spoilt = dice.below(entries.length);
  return Object.fromEntries(
    entries.map(([field, value], index) => [
      field,
      index === spoilt ? strange(dice, field, value) : value,
    ]),
  ) as T;
}

/** Absent fields that some packets may not have. */
const EXTRAS = [{ packetId: 1 }, { password: new Uint8Array(1) }, { clientId: "" }, { dup: true }];

/** A packet with something strange about it, forbidden more often than not. */
export function spoilPacket(dice: Dice, packet: Packet): Packet {
  if (dice.chance(0.1)) return { ...packet, ...dice.pick(EXTRAS) } as Packet;
  const spoilt = spoil(dice, packet);
  return dice.chance(0.1) ? spoil(dice, spoilt) : spoilt;
}
