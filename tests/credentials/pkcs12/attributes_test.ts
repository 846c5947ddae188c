import { assertEquals, assertThrows } from "@std/assert";
import { DerError, parseElement } from "../../../src/credentials/der.ts";
import { readAttributes } from "../../../src/credentials/pkcs12/attributes.ts";
import { bmpString, element, integer, octets, oid, sequence, set } from "../_der_builder.ts";

const friendlyName = "1.2.840.113549.1.9.20";
const localKeyId = "1.2.840.113549.1.9.21";

function read(...attributes: [name: string, value: Uint8Array][]) {
  const all = attributes.map(([name, value]) => sequence(oid(name), value));
  return readAttributes(parseElement(set(...all)));
}

Deno.test("readAttributes() reads the friendly name and the local key id, and skips the rest", () => {
  const attributes = read(
    ["1.3.6.1.4.1.311.17.1", set(bmpString("a provider of Windows"))],
    [friendlyName, set(bmpString("Gerät €"))],
    [localKeyId, set(octets(Uint8Array.of(1, 0xab)))],
  );
  assertEquals(attributes, { alias: "Gerät €", localKeyId: "01ab" });
});

Deno.test("readAttributes() has nothing to say without attributes, or with empty ones", () => {
  assertEquals(readAttributes(undefined), {});
  assertEquals(read(), {});
  assertEquals(read([friendlyName, set()]), {});
});

Deno.test("readAttributes() replaces control characters, which a terminal would obey", () => {
  assertEquals(
    read([friendlyName, set(bmpString("a\u001b[31m\u0000"))]).alias,
    "a\uFFFD[31m\uFFFD",
  );
});

Deno.test("readAttributes() refuses values of another type", () => {
  assertThrows(() => read([localKeyId, set(integer(1))]), DerError);
  assertThrows(() => read([friendlyName, bmpString("x")]), DerError);
  assertThrows(() => read([friendlyName, set(element(0x1e, Uint8Array.of(0)))]), DerError);
});
