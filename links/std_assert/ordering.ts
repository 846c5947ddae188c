import { refuse } from "./assertion_error.ts";

/** Refuses a number further from the expected one than the tolerance: a ten-millionth of it unless given. */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  const allowed = tolerance ?? (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  if (Object.is(actual, expected) || Math.abs(expected - actual) <= allowed) return;
  refuse(`Expected ${actual} to be within ${allowed} of ${expected}`, msg);
}

/** Refuses a value that is not above the expected one. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual > expected)) refuse(comparison(">", actual, expected), msg);
}

/** Refuses a value below the expected one. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual >= expected)) refuse(comparison(">=", actual, expected), msg);
}

/** Refuses a value that is not below the expected one. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual < expected)) refuse(comparison("<", actual, expected), msg);
}

/** Refuses a value above the expected one. */
export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual <= expected)) refuse(comparison("<=", actual, expected), msg);
}

function comparison(sign: string, actual: unknown, expected: unknown): string {
  return `Expected ${Deno.inspect(actual)} ${sign} ${Deno.inspect(expected)}`;
}
