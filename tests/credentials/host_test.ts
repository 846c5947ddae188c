import { assertEquals, assertFalse, assertThrows } from "@std/assert";
import { normalizeHost } from "../../src/credentials/host.ts";

const SAME: [given: string, name: string][] = [
  ["hub.azure-devices.net", "hub.azure-devices.net"],
  ["Hub.Azure-Devices.NET", "hub.azure-devices.net"],
  ["hub.azure-devices.net.", "hub.azure-devices.net"],
  ["hub.azure-devices.net:8883", "hub.azure-devices.net"],
  ["hub.azure-devices.net.:8883", "hub.azure-devices.net"],
  ["my_hub.local", "my_hub.local"],
  ["localhost", "localhost"],
  ["bücher.example", "xn--bcher-kva.example"],
  ["BÜCHER.example", "xn--bcher-kva.example"],
  ["xn--bcher-kva.example", "xn--bcher-kva.example"],
  ["faß.example", "xn--fa-hia.example"],
  ["127.0.0.1", "127.0.0.1"],
  ["127.0.0.1:8883", "127.0.0.1"],
  ["::1", "[::1]"],
  ["[::1]", "[::1]"],
  ["[::1]:8883", "[::1]"],
  ["FE80::1", "[fe80::1]"],
  [`${"a".repeat(63)}.example`, `${"a".repeat(63)}.example`],
];

const REFUSED = [
  "",
  ".",
  "..",
  "a..b",
  "hub..",
  " hub",
  "hub ",
  "a b",
  "hub\n",
  "hub\u0000",
  "https://hub.example",
  "mqtts://user:secret@hub.example",
  "user@hub.example",
  "hub.example/devices",
  "hub.example?x",
  "hub.example#x",
  "hub.example\\x",
  "hub%2eexample",
  "*.azure-devices.net",
  "-a.example",
  "a-.example",
  "xn--zzzzzz",
  "hub:port",
  "hub:99999",
  ":8883",
  "1",
  "0x7f.1",
  "0177.0.0.1",
  "１２７.0.0.1",
  `${"a".repeat(64)}.example`,
  `${"abcdefg.".repeat(32)}example`,
];

for (const [given, name] of SAME) {
  Deno.test(`normalizeHost() makes ${name} of ${given}`, () => {
    assertEquals(normalizeHost(given), name);
    assertEquals(normalizeHost(name), name);
  });
}

for (const given of REFUSED) {
  Deno.test(`normalizeHost() refuses ${JSON.stringify(given)}`, () => {
    const error = assertThrows(() => normalizeHost(given), TypeError);
    assertFalse(error.message.includes("secret"));
  });
}
