import { refuse } from "./assertion_error.ts";
import { equal } from "./equal.ts";

/** Refuses a text without that part. */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  if (!actual.includes(expected)) refuse(`Expected "${actual}" to contain "${expected}"`, msg);
}

/** Refuses a text that does not match. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  if (!expected.test(actual)) refuse(`Expected "${actual}" to match ${expected}`, msg);
}

/** Refuses a text that matches. */
export function assertNotMatch(actual: string, expected: RegExp, msg?: string): void {
  if (expected.test(actual)) refuse(`Expected "${actual}" not to match ${expected}`, msg);
}

/** Refuses a list that lacks one of the expected members. */
export function assertArrayIncludes<T>(
  actual: ArrayLike<T> & object,
  expected: ArrayLike<T> & object,
  msg?: string,
): void {
  const present = Array.from(actual);
  const missing = Array.from(expected).filter((item) =>
    !present.some((other) => equal(item, other))
  );
  if (missing.length > 0) {
    refuse(`Missing ${Deno.inspect(missing)} in ${Deno.inspect(actual)}`, msg);
  }
}

/** Refuses what is not an instance of that class. */
export function assertInstanceOf<
  // deno-lint-ignore no-explicit-any -- any class will do, whatever its constructor takes
  T extends abstract new (...args: any[]) => any,
>(actual: unknown, expectedType: T, msg?: string): asserts actual is InstanceType<T> {
  if (actual instanceof expectedType) return;
  refuse(`Expected an instance of ${expectedType.name}, not ${Deno.inspect(actual)}`, msg);
}
