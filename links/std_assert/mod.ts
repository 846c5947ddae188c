/**
 * A stand-in for `jsr:@std/assert`, used inside this repository only. See `links/README.md`.
 *
 * @module
 */

export { AssertionError } from "./assertion_error.ts";
export {
  assertArrayIncludes,
  assertInstanceOf,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "./content.ts";
export { equal } from "./equal.ts";
export {
  assertEquals,
  assertNotEquals,
  assertNotStrictEquals,
  assertStrictEquals,
} from "./equality.ts";
export {
  assertAlmostEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLess,
  assertLessOrEqual,
} from "./ordering.ts";
export { assertIsError, assertRejects, assertThrows } from "./throwing.ts";
export { assert, assertExists, assertFalse, fail, unreachable } from "./truth.ts";
