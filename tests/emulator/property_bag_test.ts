import { assertEquals } from "@std/assert";
import { buildPropertyBag, parsePropertyBag } from "../../src/emulator/property_bag.ts";

Deno.test("parsePropertyBag() reads properties and system properties, percent-decoded", () => {
  const wellFormed = {
    "": [{}, {}],
    "a=b": [{ a: "b" }, {}],
    "?a=b": [{ a: "b" }, {}],
    "a=b&c=%C3%BC%20%26": [{ a: "b", c: "ü &" }, {}],
    "alone&empty=&full=x": [{ alone: null, empty: "", full: "x" }, {}],
    "a=b=c": [{ a: "b=c" }, {}],
    "$.mid=1&%24.ct=application%2Fjson&x=y": [
      { x: "y" },
      { "$.mid": "1", "$.ct": "application/json" },
    ],
  };
  for (const [bag, [properties, systemProperties]] of Object.entries(wellFormed)) {
    assertEquals(parsePropertyBag(bag), { properties, systemProperties }, bag);
  }
});

Deno.test("parsePropertyBag() takes a name of Object's own for a name like any other", () => {
  const { properties } = parsePropertyBag("__proto__=x&constructor=y") ?? {};
  assertEquals(Object.entries(properties ?? {}), [["__proto__", "x"], ["constructor", "y"]]);
});

Deno.test("parsePropertyBag() refuses what IoT Hub drops a connection over", () => {
  const malformed = [
    "a b=c",
    "a=b/c",
    "a=b:c",
    "a=b#c",
    "a=b+c",
    "%zz=1",
    "a=%C3",
    "=x",
    "a=b&&c=d",
  ];
  for (const bag of malformed) assertEquals(parsePropertyBag(bag), undefined, bag);
});

Deno.test("buildPropertyBag() encodes names and values, and tells null from empty", () => {
  const bag = buildPropertyBag({ "$.to": "/devices/a", "ü &": "1+1=2", none: null, empty: "" });
  assertEquals(bag, "%24.to=%2Fdevices%2Fa&%C3%BC%20%26=1%2B1%3D2&none&empty=");
});
