import { AssertionError as Difference } from "node:assert";
import { refuse } from "./assertion_error.ts";
import { equal } from "./equal.ts";

/** Refuses two values that are not deeply equal, and shows where they differ. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  refuseDifferent("Values are not equal", { actual, expected, msg, operator: "deepStrictEqual" });
}

/** Refuses two values that are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) refuse(`Expected anything but ${Deno.inspect(expected)}`, msg);
}

/** Refuses two values that are not one and the same (`Object.is`). */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  refuseDifferent("Values are not strictly equal", {
    actual,
    expected,
    msg,
    operator: "strictEqual",
  });
}

/** Refuses two values that are one and the same (`Object.is`). */
export function assertNotStrictEquals<T>(actual: T, expected: T, msg?: string): void {
  if (Object.is(actual, expected)) refuse(`Expected another ${Deno.inspect(expected)}`, msg);
}

interface Comparison {
  actual: unknown;
  expected: unknown;
  msg: string | undefined;
  operator: "strictEqual" | "deepStrictEqual";
}

function refuseDifferent(what: string, { actual, expected, msg, operator }: Comparison): never {
  const { message } = new Difference({ actual, expected, operator });
  refuse(`${msg ? `${what}: ${msg}` : what}\n${message}`);
}
