/** What may not stand in a string, or may but looks as if not (sections 1.5.3 and 4.7). */

import { fromHex } from "../hex.ts";
import type { Dice } from "./dice.ts";

/** Byte sequences: overlong, surrogates, out of range, broken off, lone; NUL and wildcards; and some that are fine. */
export const BAD_UTF8: readonly Uint8Array<ArrayBuffer>[] = [
  "00",
  "23",
  "2B",
  "2F23",
  "232F",
  "2F2B2F",
  "2B61",
  "80",
  "BF",
  "C080",
  "C1BF",
  "C27F",
  "C2",
  "E08080",
  "E09FBF",
  "E0A080",
  "E282",
  "ED9FBF",
  "EDA080",
  "EDBFBF",
  "EDA080EDB080",
  "EE8080",
  "EFBBBF",
  "EFBFBE",
  "EFBFBF",
  "EFB790",
  "F0808080",
  "F08FBFBF",
  "F0908080",
  "F09F98",
  "F09F9880",
  "F48FBFBF",
  "F4908080",
  "F5808080",
  "F8888080",
  "FE",
  "FF",
  "01",
  "7F",
].map(fromHex);

/** A place where text may stand: mostly in the first field, else anywhere. */
export function findText(bytes: Uint8Array, dice: Dice): number {
  return dice.chance(0.6)
    ? Math.max(0, Math.min(bytes.length - 1, 4 + dice.below(20)))
    : dice.below(bytes.length);
}
