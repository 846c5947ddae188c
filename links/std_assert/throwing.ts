import { refuse } from "./assertion_error.ts";

// deno-lint-ignore no-explicit-any -- any constructor of an error will do, whatever it takes
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

/** Refuses a function that does not throw; returns what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Refuses a function that does not throw an error of that class; returns the error. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error>(
  fn: () => unknown,
  classOrMsg?: ErrorClass<E> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const expected = expectation(classOrMsg, msgIncludes, msg);
  try {
    fn();
  } catch (thrown) {
    return checkThrown(thrown, expected);
  }
  refuse("Expected function to throw", expected.msg);
}

/** Refuses a promise that does not reject; resolves to what it was rejected with. */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
/** Refuses a promise that does not reject with an error of that class; resolves to the error. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error>(
  fn: () => PromiseLike<unknown>,
  classOrMsg?: ErrorClass<E> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const expected = expectation(classOrMsg, msgIncludes, msg);
  const promise = promiseOf(fn, expected.msg);
  try {
    await promise;
  } catch (thrown) {
    return checkThrown(thrown, expected);
  }
  refuse("Expected function to reject", expected.msg);
}

/** Refuses what is not an error of that class with that message. */
export function assertIsError<E extends Error = Error>(
  error: unknown,
  ErrorClass?: ErrorClass<E>,
  msgMatches?: string | RegExp,
  msg?: string,
): asserts error is E {
  if (!(error instanceof Error)) refuse(`Expected an Error, not ${Deno.inspect(error)}`, msg);
  if (ErrorClass && !(error instanceof ErrorClass)) {
    refuse(`Expected a ${ErrorClass.name}, not ${error.constructor.name} "${error.message}"`, msg);
  }
  const matches = typeof msgMatches === "string"
    ? error.message.includes(msgMatches)
    : msgMatches?.test(error.message) ?? true;
  if (!matches) {
    refuse(`Expected the message to include ${msgMatches}, not "${error.message}"`, msg);
  }
}

interface Expectation<E extends Error> {
  ErrorClass: ErrorClass<E> | undefined;
  msgIncludes: string | undefined;
  msg: string | undefined;
}

function expectation<E extends Error>(
  classOrMsg: ErrorClass<E> | string | undefined,
  msgIncludes: string | undefined,
  msg: string | undefined,
): Expectation<E> {
  if (typeof classOrMsg !== "string") return { ErrorClass: classOrMsg, msgIncludes, msg };
  return { ErrorClass: undefined, msgIncludes: undefined, msg: classOrMsg };
}

/** A function that throws, or returns no promise, does not reject. */
function promiseOf(fn: () => PromiseLike<unknown>, msg: string | undefined): PromiseLike<unknown> {
  let promise: PromiseLike<unknown>;
  try {
    promise = fn();
  } catch (thrown) {
    refuse(`Function throws when expected to reject (${Deno.inspect(thrown)})`, msg);
  }
  if (typeof promise?.then !== "function") refuse("Expected function to return a promise", msg);
  return promise;
}

function checkThrown<E extends Error>(thrown: unknown, expected: Expectation<E>): unknown {
  const { ErrorClass, msgIncludes, msg } = expected;
  if (ErrorClass) assertIsError(thrown, ErrorClass, msgIncludes, msg);
  return thrown;
}
