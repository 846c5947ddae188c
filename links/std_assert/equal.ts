/**
 * Deep equality by value. `0` equals `-0`, `NaN` equals `NaN`, a missing property differs from an
 * undefined one, and an object without a prototype equals a plain one. An instance of a class is
 * compared by everything it shows: its own properties and what its class lets be read.
 */
export function equal(actual: unknown, expected: unknown): boolean {
  return deepEqual(actual, expected, new Map());
}

/** The objects under comparison on the way down, so that a cycle ends. */
type Pairs = Map<object, object>;

const TypedArray = Object.getPrototypeOf(Uint8Array) as abstract new () => Uint8Array;

/** Objects whose text says all there is to them. */
const TEXTUAL = [RegExp, URL, URLSearchParams, Intl.Locale];

function deepEqual(a: unknown, b: unknown, pairs: Pairs): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b) || prototypeOf(a) !== prototypeOf(b)) return false;
  if (pairs.get(a) === b) return true;
  pairs.set(a, b);
  return sameContent(a, b, pairs);
}

/** Compares two objects of the same prototype. */
function sameContent(a: object, b: object, pairs: Pairs): boolean {
  if (a instanceof Date) return Object.is(a.getTime(), (b as Date).getTime());
  if (a instanceof TypedArray) return sameElements(a, b as Uint8Array);
  if (a instanceof ArrayBuffer || a instanceof SharedArrayBuffer) {
    return sameElements(new Uint8Array(a), new Uint8Array(b as ArrayBuffer));
  }
  if (a instanceof WeakMap || a instanceof WeakSet) {
    throw new TypeError("Cannot compare a WeakMap or WeakSet: its members cannot be listed");
  }
  if (TEXTUAL.some((kind) => a instanceof kind)) return String(a) === String(b);
  if (a instanceof Set) return sameMembers([...a], [...b as Set<unknown>], pairs);
  if (a instanceof Map) return sameMembers([...a], [...b as Map<unknown, unknown>], pairs);
  return sameProperties(a, b, pairs);
}

function sameElements(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length &&
    a.every((element, i) => element === b[i] || Object.is(element, b[i]));
}

/** Whether each member of one has a member of the other to itself, in any order. */
function sameMembers(a: unknown[], b: unknown[], pairs: Pairs): boolean {
  if (a.length !== b.length) return false;
  const unmatched = [...b];
  return a.every((member) => {
    const index = unmatched.findIndex((other) => deepEqual(member, other, new Map(pairs)));
    if (index === -1) return false;
    unmatched.splice(index, 1);
    return true;
  });
}

function sameProperties(a: object, b: object, pairs: Pairs): boolean {
  const names = visibleNames(a);
  return names.size === visibleNames(b).size &&
    [...names].every((name) =>
      name in b && deepEqual(Reflect.get(a, name), Reflect.get(b, name), pairs)
    );
}

/** Own names, and those of its class and the classes above: a getter may be all that an instance shows. */
function visibleNames(value: object): Set<string | symbol> {
  const names = new Set<string | symbol>();
  for (
    let at: object | null = value;
    at !== null && !BASIC.has(at);
    at = Object.getPrototypeOf(at)
  ) {
    for (const name of Reflect.ownKeys(at)) names.add(name);
  }
  return names;
}

const BASIC = new Set<object>([Object.prototype, Array.prototype, Function.prototype]);

function prototypeOf(value: object): object {
  return Object.getPrototypeOf(value) ?? Object.prototype;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
