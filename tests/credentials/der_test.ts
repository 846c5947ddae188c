import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import fc from "fast-check";
import { SEED } from "../_kit/seed.ts";
import {
  children,
  contextTag,
  DerError,
  expectTag,
  parseElement,
  parseWhole,
  Tag,
} from "../../src/credentials/der.ts";
import { concat, element, indefinite, integer, octets, sequence } from "./_der_builder.ts";

/** The first byte that does not fit. */
function faultAt(bytes: Uint8Array): number {
  return assertThrows(() => parseElement(bytes), DerError).offset;
}

function nest(depth: number, wrap: (inner: Uint8Array) => Uint8Array): Uint8Array {
  let nested: Uint8Array = new Uint8Array();
  for (let i = 0; i < depth; i++) nested = wrap(nested);
  return nested;
}

for (const length of [0, 1, 127, 128, 255, 256, 65535, 65536]) {
  Deno.test(`parseElement() reads a content of ${length} bytes`, () => {
    const { tag, content, encoded } = parseElement(octets(new Uint8Array(length).fill(5)));
    assertEquals([tag, content.length, content.at(-1)], [4, length, length > 0 ? 5 : undefined]);
    assertEquals(encoded.length, octets(new Uint8Array(length)).length);
  });
}

Deno.test("parseElement() reads a length with zeros in front, which BER allows", () => {
  assertEquals(parseElement(Uint8Array.of(4, 0x84, 0, 0, 0, 1, 9)).content, Uint8Array.of(9));
});

Deno.test("children() sees the same in definite and indefinite lengths", () => {
  const inside = [integer(1), indefinite(0x30, integer(2), sequence()), sequence(integer(3))];
  for (const bytes of [sequence(...inside), indefinite(0x30, ...inside)]) {
    const found = children(parseElement(bytes));
    assertEquals(found.map(({ encoded }) => encoded), inside);
    const [nested] = found.slice(1);
    assert(nested);
    assertEquals(children(nested).map(({ tag }) => tag), [Tag.integer, Tag.sequence]);
  }
});

Deno.test("children() knows where each element stands in the input", () => {
  const file = concat([new Uint8Array(10), sequence(integer(1), sequence(integer(2)))]);
  const [one, two] = children(parseElement(file.subarray(10), 10));
  assert(one && two);
  assertEquals([one.offset, two.offset, children(two)[0]?.offset], [12, 15, 17]);
  assertEquals(file[17], Tag.integer);
});

Deno.test("children() refuses an element that has none", () => {
  assertThrows(() => children(parseElement(integer(1))), DerError, "constructed");
});

Deno.test("parseElement() leaves what follows the element alone", () => {
  assertEquals(parseElement(concat([integer(1), integer(2)])).encoded, integer(1));
});

Deno.test("parseWhole() refuses what follows the element", () => {
  const error = assertThrows(() => parseWhole(concat([integer(1), integer(2)]), 100), DerError);
  assertEquals(error.offset, 103);
});

Deno.test("expectTag() names both tags", () => {
  const found = parseElement(integer(1));
  assertEquals(expectTag(found, Tag.integer), found);
  assertThrows(() => expectTag(found, contextTag(0)), DerError, "tag 02 where a0 belongs");
});

for (
  const [name, bytes, offset] of [
    ["no bytes at all", [], 0],
    ["a tag alone", [0x30], 1],
    ["a length that breaks off", [0x30, 0x82, 1], 3],
    ["a content that breaks off", [0x30, 2, 5], 0],
    ["a child that breaks off", [0x30, 3, 4, 5, 0], 2],
    ["4 GiB announced", [0x30, 0x84, 0xff, 0xff, 0xff, 0xff], 0],
    ["a length of five bytes", [0x30, 0x85, 0, 0, 0, 0, 0], 1],
    ["the reserved length", [0x30, 0xff], 1],
    ["a tag of several bytes", [0x1f, 0x81, 0], 0],
    ["an indefinite length on a primitive element", [0x04, 0x80, 0, 0], 1],
    ["an indefinite length without an end", [0x30, 0x80, 2, 1, 1], 5],
    ["an end of contents on top", [0, 0], 0],
    ["an end of contents in a definite length", [0x30, 2, 0, 0], 2],
    ["an end of contents that has a length", [0x30, 0x80, 0, 1, 0], 2],
  ] as const
) {
  Deno.test(`parseElement() refuses ${name} at its byte`, () => {
    assertEquals(faultAt(Uint8Array.from(bytes)), offset);
  });
}

Deno.test("parseElement() allows 32 levels and no more", () => {
  for (const wrap of [sequence, (inner: Uint8Array) => indefinite(0x30, inner)]) {
    parseElement(nest(32, wrap));
    assertEquals(faultAt(nest(33, wrap)), 64);
  }
});

Deno.test("parseElement() refuses 20 000 levels without recursion", () => {
  const start = concat(Array.from({ length: 20_000 }, () => Uint8Array.of(0x30, 0x80)));
  assertEquals(faultAt(start), 64);
});

Deno.test("parseElement() refuses more than 20 000 elements", () => {
  const many = (count: number) =>
    element(0x30, new Uint8Array(2 * count).fill(5).map((b, i) => i % 2 ? 0 : b));
  assertEquals(children(parseElement(many(19_999))).length, 19_999);
  faultAt(many(20_000));
});

Deno.test("parseElement() takes any bytes or throws DerError", () => {
  const property = fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    try {
      const waiting = [parseElement(Uint8Array.of(0x30, bytes.length, ...bytes))];
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        assert(next.content.length <= next.encoded.length);
        if (next.tag & 0x20) waiting.push(...children(next));
      }
    } catch (error) {
      assertInstanceOf(error, DerError);
      assert(error.offset <= bytes.length + 2);
    }
  });
  fc.assert(property, { seed: SEED, numRuns: 2000 });
});
