import { assertEquals, assertThrows } from "@std/assert";
import {
  alternativeName,
  assertCommonName,
  assertDeviceId,
} from "../../src/credentials/certificate_name_rules.ts";

Deno.test("assertDeviceId() allows every character that IoT Hub allows", () => {
  assertDeviceId("aZ09-.+%_#*?!(),=@$'");
  assertDeviceId("a".repeat(64));
});

for (
  const wrong of [
    "",
    "a b",
    "a/b",
    "é",
    'a"b',
    "a\\b",
    "a\nb",
    "a;b",
    "a<b",
    "a".repeat(65),
    "a".repeat(129),
  ]
) {
  Deno.test(`assertDeviceId() refuses ${JSON.stringify(wrong)}`, () => {
    assertThrows(() => assertDeviceId(wrong), RangeError);
  });
}

Deno.test("assertCommonName() counts characters, as X.520 does", () => {
  assertCommonName("🔑".repeat(64));
  assertThrows(() => assertCommonName("🔑".repeat(65)), RangeError, "this one has 65");
  assertThrows(() => assertCommonName(""), RangeError);
});

for (
  const [name, type] of [
    ["localhost", "dns"],
    ["hub.azure-devices.net", "dns"],
    ["*.example.net", "dns"],
    ["example.net.", "dns"],
    ["127.0.0.1", "ip"],
    ["::1", "ip"],
    ["2001:db8::7", "ip"],
  ] as const
) {
  Deno.test(`alternativeName() sees that ${name} is ${type}`, () => {
    assertEquals(alternativeName(name), { type, value: name });
  });
}

for (
  const wrong of [
    "",
    "a b",
    "a..b",
    "a/b",
    "ü.example",
    "a:b",
    "::1%eth0",
    "1:2:3:4:5:6:7:8:9",
    "256.0.0.1",
    "a.*.b",
    `${"a".repeat(64)}.b`,
    "a.".repeat(127),
  ]
) {
  Deno.test(`alternativeName() refuses ${JSON.stringify(wrong)}`, () => {
    assertThrows(() => alternativeName(wrong), RangeError);
  });
}
