import { refuse } from "./assertion_error.ts";

/** Refuses what is not truthy. */
export function assert(expr: unknown, msg?: string): asserts expr {
  if (!expr) refuse(msg ?? "Expected a truthy value");
}

/** Refuses what is not falsy. */
export function assertFalse(expr: unknown, msg?: string): asserts expr is false {
  if (expr) refuse(msg ?? "Expected a falsy value");
}

/** Refuses `null` and `undefined`. */
export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) refuse(`Expected a value, not ${actual}`, msg);
}

/** Fails. */
export function fail(msg?: string): never {
  refuse("Failed assertion", msg);
}

/** Fails where the program must never come. */
export function unreachable(msg?: string): never {
  refuse("Unreachable", msg);
}
