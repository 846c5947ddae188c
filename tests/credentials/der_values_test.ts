import { assertEquals, assertThrows } from "@std/assert";
import { DerError, parseElement } from "../../src/credentials/der.ts";
import {
  concatenate,
  expectCount,
  expectOctets,
  expectOid,
  Fields,
} from "../../src/credentials/der_values.ts";
import { element, indefinite, integer, octets, oid, sequence } from "./_der_builder.ts";

const bytes = (...values: number[]) => Uint8Array.of(...values);

Deno.test("Fields takes elements in order and says what is left", () => {
  const fields = new Fields(parseElement(sequence(integer(1), octets())));
  assertEquals(fields.takeOptional(0x04), undefined);
  assertEquals(fields.take().tag, 0x02);
  assertEquals(fields.hasNext, true);
  assertEquals(fields.takeOptional(0x04)?.tag, 0x04);
  assertEquals(fields.hasNext, false);
});

Deno.test("Fields refuses a missing element, a wrong one, and a wrong parent", () => {
  assertThrows(() => new Fields(parseElement(sequence())).take(), DerError, "missing");
  assertThrows(() => new Fields(parseElement(sequence(octets()))).takeTag(0x02), DerError);
  assertThrows(() => new Fields(parseElement(element(0x31))), DerError);
});

Deno.test("expectOctets() joins the segments of a constructed OCTET STRING, in order", () => {
  const cut = indefinite(
    0x24,
    octets(bytes(1)),
    element(0x24, octets(bytes(2)), octets(), indefinite(0x24, octets(bytes(3)))),
    octets(bytes(4)),
  );
  assertEquals(expectOctets(parseElement(cut)), bytes(1, 2, 3, 4));
});

Deno.test("expectOctets() reads an implicit tag, whole or in segments", () => {
  assertEquals(expectOctets(parseElement(element(0x80, bytes(1, 2))), 0x80), bytes(1, 2));
  assertEquals(expectOctets(parseElement(element(0xa0, octets(bytes(1)))), 0x80), bytes(1));
});

Deno.test("expectOctets() refuses another type, outside and inside", () => {
  assertThrows(() => expectOctets(parseElement(integer(1))), DerError);
  assertThrows(() => expectOctets(parseElement(element(0x24, integer(1)))), DerError);
});

for (const value of [0, 1, 127, 128, 65535, 2 ** 31 - 1, 2 ** 32, 2 ** 47 - 1]) {
  Deno.test(`expectCount() reads ${value}`, () => {
    assertEquals(expectCount(parseElement(integer(value))), value);
  });
}

Deno.test("expectCount() reads a huge number as the largest safe integer", () => {
  const huge = element(0x02, bytes(1, 0, 0, 0, 0, 0, 0));
  assertEquals(expectCount(parseElement(huge)), Number.MAX_SAFE_INTEGER);
});

Deno.test("expectCount() refuses what is negative, empty, too small or no integer", () => {
  assertThrows(() => expectCount(parseElement(element(0x02, bytes(0xff)))), DerError);
  assertThrows(() => expectCount(parseElement(element(0x02))), DerError);
  assertThrows(() => expectCount(parseElement(integer(0)), 1), DerError, "0 where at least 1");
  assertThrows(() => expectCount(parseElement(octets(bytes(1)))), DerError);
});

for (const name of ["0.0", "1.2.840.113549.1.12.10.1.3", "2.5.29.19", "2.100.3"]) {
  Deno.test(`expectOid() reads ${name}`, () => {
    assertEquals(expectOid(parseElement(oid(name))), name);
  });
}

Deno.test("expectOid() refuses what is empty, cut off or endless", () => {
  const arcs = new Uint8Array(32).fill(1);
  assertEquals(expectOid(parseElement(element(0x06, arcs.subarray(1)))).split(".").length, 32);
  for (const content of [bytes(), bytes(0x2a, 0x86), new Uint8Array(20).fill(0xff, 0, 19), arcs]) {
    const longest = content === arcs ? [...arcs, 1] : [...content];
    assertThrows(() => expectOid(parseElement(element(0x06, bytes(...longest)))), DerError);
  }
});

Deno.test("concatenate() joins any number of parts", () => {
  assertEquals(concatenate([]), bytes());
  assertEquals(concatenate([bytes(1), bytes(), bytes(2, 3)]), bytes(1, 2, 3));
});
