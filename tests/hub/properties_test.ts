import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { decodeProperties, encodeProperties } from "../../src/hub/properties.ts";
import { SEED } from "../_kit/seed.ts";

Deno.test("encodeProperties() percent-encodes names and values", () => {
  assertEquals(encodeProperties([]), "");
  assertEquals(encodeProperties([["a", "b"], ["c", ""]]), "a=b&c=");
  assertEquals(encodeProperties([["$.ct", "application/json"]]), "%24.ct=application%2Fjson");
  assertEquals(encodeProperties([["a b:c", "#+/&=?€"]]), "a%20b%3Ac=%23%2B%2F%26%3D%3F%E2%82%AC");
});

Deno.test("encodeProperties() refuses what has no encoding", () => {
  assertThrows(() => encodeProperties([["", "b"]]), TypeError, "without a name");
  assertThrows(() => encodeProperties([["a", "\uD800"]]), TypeError, "lone surrogate");
  assertThrows(() => encodeProperties([["\uDC00", "b"]]), TypeError, "lone surrogate");
});

Deno.test("decodeProperties() tells no value from an empty one", () => {
  assertEquals(Array.from(decodeProperties("a&b=&c=d=e")), [["a", null], ["b", ""], ["c", "d=e"]]);
});

Deno.test("decodeProperties() takes a leading question mark, empty pairs and raw dollar signs", () => {
  assertEquals(Array.from(decodeProperties("?$.mid=1&&%24.to=x&")), [["$.mid", "1"], [
    "$.to",
    "x",
  ]]);
  assertEquals(Array.from(decodeProperties("")), []);
});

Deno.test("decodeProperties() leaves what is not percent-encoding as it is", () => {
  assertEquals(Array.from(decodeProperties("a=100%&b=%E2%82")), [["a", "100%"], ["b", "%E2%82"]]);
});

Deno.test("decodeProperties() is not led astray by names of the language", () => {
  assertEquals(decodeProperties("__proto__=x").get("__proto__"), "x");
});

Deno.test("what encodeProperties() writes decodeProperties() reads, and MQTT takes as part of a topic", () => {
  const text = fc.string({ unit: "grapheme" });
  const properties = fc.uniqueArray(fc.tuple(text.filter((name) => name !== ""), text), {
    selector: ([name]) => name,
  });
  fc.assert(
    fc.property(properties, (entries) => {
      const bag = encodeProperties(entries);
      assertEquals(Array.from(decodeProperties(bag)), entries);
      assertEquals(/[^\x21-\x7e]|[+#/]/.test(bag), false);
    }),
    { seed: SEED, numRuns: 500 },
  );
});
