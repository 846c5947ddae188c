import { assertEquals, assertThrows } from "@std/assert";
import { directoryString, readDistinguishedName } from "../../src/credentials/certificate_name.ts";
import { readCertificate } from "../../src/credentials/certificate.ts";
import { DerError, parseElement } from "../../src/credentials/der.ts";
import { bmpString, element, integer, oid, sequence, set } from "./_der_builder.ts";
import { der } from "./_fixtures.ts";

const commonName = "2.5.4.3";

function utf8(text: string): Uint8Array {
  return element(0x0c, new TextEncoder().encode(text));
}

/** A name of one-attribute parts. */
function nameOf(...parts: [type: string, value: Uint8Array][]): Uint8Array {
  return sequence(...parts.map(([type, value]) => set(sequence(oid(type), value))));
}

function read(...parts: [type: string, value: Uint8Array][]) {
  return readDistinguishedName(parseElement(nameOf(...parts)));
}

for (
  const [fixture, expected] of [
    ["name_utf8", "Gerät € 🔑"],
    ["name_bmp", "Gerät €"],
    ["name_t61", "Gerät"],
    ["name_printable", "sensor-1"],
  ] as const
) {
  Deno.test(`readDistinguishedName() reads the common name of ${fixture}.pem`, () => {
    const { commonName, subject } = readCertificate(der(fixture));
    assertEquals(commonName, expected);
    assertEquals(subject, `O=a\\, b \\+ c, CN=${expected}`);
  });
}

Deno.test("directoryString() reads every type of text", () => {
  const universal = element(0x1c, Uint8Array.of(0, 1, 0xf5, 0x11));
  assertEquals(directoryString(parseElement(universal)), "🔑");
  assertEquals(directoryString(parseElement(bmpString("é"))), "é");
  assertEquals(directoryString(parseElement(element(0x16, Uint8Array.of(64)))), "@");
});

Deno.test("directoryString() shows what is no text by its bytes", () => {
  assertEquals(directoryString(parseElement(integer(258))), "#0102");
});

Deno.test("directoryString() refuses bytes that are not in the text's encoding", () => {
  for (
    const wrong of [
      element(0x0c, Uint8Array.of(0xff)),
      element(0x1e, Uint8Array.of(0)),
      element(0x1c, Uint8Array.of(0, 0, 0)),
      element(0x1c, Uint8Array.of(0xff, 0, 0, 0)),
    ]
  ) assertThrows(() => directoryString(parseElement(wrong)), DerError);
});

for (
  const [value, text] of [
    ["a,b+c=d", "CN=a\\,b\\+c\\=d"],
    ['"quoted" \\ <x>;', 'CN=\\"quoted\\" \\\\ \\<x\\>\\;'],
    ["#04", "CN=\\#04"],
    [" blank ", "CN=\\ blank\\ "],
    ["a\u0000b\n\u009b", "CN=a\\00b\\0A\\9B"],
    ["", "CN="],
  ] as const
) {
  Deno.test(`readDistinguishedName() keeps ${JSON.stringify(value)} whole and prints it escaped`, () => {
    assertEquals(read([commonName, utf8(value)]), { text, commonName: value });
  });
}

Deno.test("readDistinguishedName() takes the last common name", () => {
  assertEquals(read([commonName, utf8("a")], [commonName, utf8("b")]).commonName, "b");
});

Deno.test("readDistinguishedName() is not misled by CN= inside another value", () => {
  assertEquals(read(["2.5.4.10", utf8("x, CN=sensor-1")]), { text: "O=x\\, CN\\=sensor-1" });
});

Deno.test("readDistinguishedName() prints what it does not know by its number", () => {
  assertEquals(read(["1.2.3.4", utf8("x")]).text, "1.2.3.4=x");
});

Deno.test("readDistinguishedName() joins the attributes of one part with a plus", () => {
  const part = set(sequence(oid("2.5.4.10"), utf8("o")), sequence(oid(commonName), utf8("c")));
  assertEquals(readDistinguishedName(parseElement(sequence(part))).text, "O=o+CN=c");
  assertEquals(readDistinguishedName(parseElement(sequence())), { text: "" });
});
