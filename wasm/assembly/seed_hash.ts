/** The seed of all hashes, which the tables have to agree about. */

import { setSeed } from "./bytes";
import { WORD_FILTER_NODES, WORD_FLIPS, WORD_TOPICS } from "./layout";
import { readWord } from "./status";

/** Sets the seed; false, and nothing is done, when a table holds anything already. */
export function seedHash(low: i32, high: i32): bool {
  const isInUse = readWord(WORD_TOPICS) > 0 || readWord(WORD_FLIPS) > 0 || readWord(WORD_FILTER_NODES) > 0;
  if (isInUse) return false;
  setSeed(((<u64> high) << 32) | <u64> <u32> low);
  return true;
}
