/** The stand-in for `@std/assert` is tested with `node:assert`: an assertion library cannot vouch for itself. */

import { deepStrictEqual, match, rejects, strictEqual, throws } from "node:assert";
import * as std from "@std/assert";

const { AssertionError, equal } = std;

class Point {
  #x: number;
  constructor(x: number) {
    this.#x = x;
  }
  get x(): number {
    return this.#x;
  }
}

const cycle: { self?: unknown } = {};
cycle.self = cycle;
const otherCycle: { self?: unknown } = {};
otherCycle.self = otherCycle;

const EQUAL: [string, unknown, unknown][] = [
  ["NaN", NaN, NaN],
  ["zero and minus zero", 0, -0],
  ["bytes", new Uint8Array([1, 2]), new Uint8Array([0, 1, 2]).subarray(1)],
  ["array buffers", new Uint8Array([1, 2]).buffer, new Uint8Array([1, 2]).buffer],
  ["dates", new Date(5), new Date(5)],
  ["invalid dates", new Date(NaN), new Date(NaN)],
  ["maps in any order", new Map([["a", 1], ["b", 2]]), new Map([["b", 2], ["a", 1]])],
  ["maps with objects as keys", new Map([[{ a: 1 }, [1]]]), new Map([[{ a: 1 }, [1]]])],
  ["sets of objects", new Set([{ a: 1 }, { a: 2 }]), new Set([{ a: 2 }, { a: 1 }])],
  ["regular expressions", /a/g, /a/g],
  ["addresses", new URL("http://a/b"), new URL("http://a/b")],
  ["objects with and without a prototype", { a: 1 }, Object.assign(Object.create(null), { a: 1 })],
  ["properties in any order", { a: 1, b: [2] }, { b: [2], a: 1 }],
  ["cycles", cycle, otherCycle],
  ["instances", new Point(1), new Point(1)],
];

const DIFFERENT: [string, unknown, unknown][] = [
  ["a number and its text", 1, "1"],
  ["null and undefined", null, undefined],
  ["bytes", new Uint8Array([1, 2]), new Uint8Array([1, 3])],
  ["bytes of two lengths", new Uint8Array([1]), new Uint8Array([1, 0])],
  ["bytes and an array", new Uint8Array([1]), [1]],
  ["array buffers", new Uint8Array([1]).buffer, new Uint8Array([2]).buffer],
  ["dates", new Date(5), new Date(6)],
  ["maps by value", new Map([["a", 1]]), new Map([["a", 2]])],
  ["maps by key", new Map([["a", 1]]), new Map([["b", 1]])],
  ["sets", new Set([1, 2]), new Set([1, 3])],
  ["sets of two sizes", new Set([1]), new Set([1, 2])],
  ["a set whose member would have to serve twice", new Set([[1], [1]]), new Set([[1], [2]])],
  ["regular expressions by flag", /a/, /a/g],
  ["a missing and an undefined property", { a: undefined }, {}],
  ["two undefined properties", { a: undefined }, { b: undefined }],
  ["symbols as keys", { [Symbol.iterator]: 1 }, {}],
  ["nested arrays", [[1, [2]]], [[1, [3]]]],
  ["classes", new Point(1), { x: 1 }],
  ["instances by what their getters show", new Point(1), new Point(2)],
  ["functions", () => 1, () => 1],
  ["cycles of two lengths", cycle, { self: { self: 1 } }],
];

for (const [what, a, b] of EQUAL) {
  Deno.test(`assertEquals() takes as equal: ${what}`, () => {
    std.assertEquals(a, b);
    throws(() => std.assertNotEquals(a, b), AssertionError);
  });
}

for (const [what, a, b] of DIFFERENT) {
  Deno.test(`assertEquals() tells apart: ${what}`, () => {
    strictEqual(equal(a, b), false);
    strictEqual(equal(b, a), false);
    throws(() => std.assertEquals(a, b), AssertionError);
    std.assertNotEquals(a, b);
  });
}

Deno.test("assertEquals() shows the lines that differ, and the caller's message", () => {
  const { message } = std.assertThrows(
    () => std.assertEquals({ id: 1, name: "a" }, { id: 1, name: "b" }, "the twin"),
    AssertionError,
  );
  match(message, /the twin/);
  match(message, /\+ +name: 'a'/);
  match(message, /- +name: 'b'/);
});

Deno.test("equal() refuses what it cannot look into", () => {
  throws(() => equal(new WeakMap(), new WeakMap()), TypeError);
});

Deno.test("assertStrictEquals() asks for the same object", () => {
  std.assertStrictEquals(cycle, cycle);
  std.assertStrictEquals(NaN, NaN);
  throws(() => std.assertStrictEquals({}, {}), AssertionError);
  throws(() => std.assertStrictEquals(0, -0), AssertionError);
  throws(() => std.assertNotStrictEquals(1, 1), AssertionError);
});

Deno.test("assertThrows() returns the error and checks its class and message", () => {
  const fail = () => {
    throw new RangeError("too long");
  };
  const error: RangeError = std.assertThrows(fail, RangeError, "too");
  strictEqual(error.message, "too long");
  strictEqual((std.assertThrows(fail) as Error).message, "too long");
  strictEqual((std.assertThrows(fail, "why") as Error).message, "too long");
  throws(
    () => std.assertThrows(fail, TypeError),
    /Expected a TypeError, not RangeError "too long"/,
  );
  throws(() => std.assertThrows(fail, RangeError, "short"), AssertionError);
  throws(() => std.assertThrows(() => 1, RangeError, "", "why"), /to throw: why/);
});

Deno.test("assertThrows() takes what is not an Error only without a class", () => {
  const fail = () => {
    const thrown: unknown = "text";
    throw thrown;
  };
  strictEqual(std.assertThrows(fail), "text");
  throws(() => std.assertThrows(fail, Error), AssertionError);
});

Deno.test("assertRejects() resolves to the error and checks its class and message", async () => {
  const fail = () => Promise.reject(new RangeError("too long"));
  const error: RangeError = await std.assertRejects(fail, RangeError, "too");
  strictEqual(error.message, "too long");
  strictEqual(((await std.assertRejects(fail)) as Error).message, "too long");
  await rejects(std.assertRejects(fail, TypeError), AssertionError);
  await rejects(std.assertRejects(fail, RangeError, "short"), AssertionError);
  await rejects(std.assertRejects(() => Promise.resolve(), "why"), /to reject: why/);
});

Deno.test("assertRejects() refuses a function that throws at once or returns no promise", async () => {
  const throwing = (): Promise<void> => {
    throw new RangeError("at once");
  };
  await rejects(std.assertRejects(throwing, RangeError), /throws when expected to reject/);
  const other = (() => 1) as unknown as () => Promise<void>;
  await rejects(std.assertRejects(other), /to return a promise/);
});

/** For each of the small ones: what it lets pass and what it refuses. */
const SMALL: [name: string, pass: () => unknown, refuse: () => unknown][] = [
  ["assert", () => std.assert(1), () => std.assert(0)],
  ["assertFalse", () => std.assertFalse(0), () => std.assertFalse(1)],
  ["assertExists", () => std.assertExists(0), () => std.assertExists(null)],
  ["assertMatch", () => std.assertMatch("ab", /b/), () => std.assertMatch("ab", /c/)],
  ["assertNotMatch", () => std.assertNotMatch("ab", /c/), () => std.assertNotMatch("ab", /b/)],
  [
    "assertStringIncludes",
    () => std.assertStringIncludes("abc", "b"),
    () => std.assertStringIncludes("abc", "d"),
  ],
  [
    "assertArrayIncludes",
    () => std.assertArrayIncludes([{ a: 1 }, 2], [{ a: 1 }]),
    () => std.assertArrayIncludes([1, 2], [1, 3]),
  ],
  [
    "assertInstanceOf",
    () => std.assertInstanceOf(new TypeError(), Error),
    () => std.assertInstanceOf({}, Error),
  ],
  [
    "assertIsError",
    () => std.assertIsError(new Error("ab"), Error, /b/),
    () => std.assertIsError(1),
  ],
  [
    "assertAlmostEquals",
    () => std.assertAlmostEquals(0.1 + 0.2, 0.3),
    () => std.assertAlmostEquals(1, 1.2, 0.1),
  ],
  ["assertGreater", () => std.assertGreater(2, 1), () => std.assertGreater(1, 1)],
  [
    "assertGreaterOrEqual",
    () => std.assertGreaterOrEqual(1, 1),
    () => std.assertGreaterOrEqual(0, 1),
  ],
  ["assertLess", () => std.assertLess(1, 2), () => std.assertLess(1, 1)],
  ["assertLessOrEqual", () => std.assertLessOrEqual(1, 1), () => std.assertLessOrEqual(2, 1)],
  ["fail", () => {}, () => std.fail("why")],
  ["unreachable", () => {}, () => std.unreachable("why")],
];

for (const [name, pass, refuse] of SMALL) {
  Deno.test(`${name}() refuses with an AssertionError`, () => {
    pass();
    throws(refuse, AssertionError);
  });
}

Deno.test("every assertion is tried here", () => {
  const tried = new Set(SMALL.map(([name]) => name));
  const rest = Object.keys(std).filter((name) => !tried.has(name));
  deepStrictEqual(rest.sort(), [
    "AssertionError",
    "assertEquals",
    "assertNotEquals",
    "assertNotStrictEquals",
    "assertRejects",
    "assertStrictEquals",
    "assertThrows",
    "equal",
  ]);
});
