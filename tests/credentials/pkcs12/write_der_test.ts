import { assertEquals } from "@std/assert";
import { children, parseWhole } from "../../../src/credentials/der.ts";
import { expectCount, expectOid } from "../../../src/credentials/der_values.ts";
import {
  bmpString,
  element,
  integer,
  objectId,
  octetString,
  sequence,
  setOf,
} from "../../../src/credentials/pkcs12/write_der.ts";

Deno.test("element() writes lengths in one, two, three and four bytes", () => {
  const cases = [[0, "00"], [127, "7f"], [128, "8180"], [255, "81ff"], [256, "820100"], [
    65_536,
    "83010000",
  ]] as const;
  for (const [length, expected] of cases) {
    const written = element(0x04, new Uint8Array(length));
    assertEquals(written.subarray(0, written.length - length).toHex(), `04${expected}`);
  }
});

Deno.test("integer() writes what expectCount() reads, with a sign byte where it is needed", () => {
  for (const value of [0, 1, 127, 128, 255, 256, 600_000, 2 ** 31]) {
    assertEquals(expectCount(parseWhole(integer(value))), value);
  }
  assertEquals(integer(128).toHex(), "02020080");
});

Deno.test("objectId() writes what expectOid() reads", () => {
  for (const id of ["1.2.840.113549.1.5.13", "2.16.840.1.101.3.4.1.42"]) {
    assertEquals(expectOid(parseWhole(objectId(id))), id);
  }
});

Deno.test("bmpString() writes UTF-16, high byte first", () => {
  assertEquals(bmpString("aé😀").toHex(), "1e08006100e9d83dde00");
});

Deno.test("sequence() holds its elements in their order", () => {
  const parts = [integer(1), octetString(Uint8Array.of(2, 3))];
  assertEquals(children(parseWhole(sequence(...parts))).map(({ encoded }) => encoded), parts);
});

Deno.test("setOf() sorts its elements by their bytes", () => {
  const written = setOf(octetString(Uint8Array.of(2, 3)), integer(300), integer(1));
  assertEquals(written.toHex(), "310b" + "020101" + "0202012c" + "04020203");
});
