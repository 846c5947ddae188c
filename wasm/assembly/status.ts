/** The words through which a call tells more than it returns. */

import { STATUS, WORD_ERROR, WORD_ERROR_AT } from "./layout";

// @ts-ignore: decorator
@inline
export function readWord(word: i32): i32 {
  return load<i32>(STATUS + word * 4);
}

// @ts-ignore: decorator
@inline
export function writeWord(word: i32, value: i32): void {
  store<i32>(STATUS + word * 4, value);
}

/** Notes what is wrong and where; always answers `false`, for `return fail(…)`. */
export function fail(code: i32, at: i32): bool {
  writeWord(WORD_ERROR, code);
  writeWord(WORD_ERROR_AT, at);
  return false;
}
