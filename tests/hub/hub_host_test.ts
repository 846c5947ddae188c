import { assertEquals, assertThrows } from "@std/assert";
import { checkHost } from "../../src/hub/hub_host.ts";

Deno.test("checkHost() gives the name as the hub expects it", () => {
  assertEquals(checkHost("Contoso.Azure-Devices.NET."), "contoso.azure-devices.net");
  assertEquals(checkHost("localhost"), "localhost");
});

Deno.test("checkHost() refuses what is no host name", () => {
  for (
    const host of [
      "",
      "https://contoso.azure-devices.net",
      "h:8883",
      "a b",
      "-a",
      "a..b",
      `${"a".repeat(64)}.net`,
      `${"a23456789.".repeat(25)}example`,
      undefined as unknown as string,
    ]
  ) {
    assertThrows(() => checkHost(host), TypeError, "as a hub");
  }
});
