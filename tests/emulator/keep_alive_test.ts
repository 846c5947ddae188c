import { assertEquals } from "@std/assert";
import { effectiveKeepAlive } from "../../src/emulator/keep_alive.ts";

Deno.test("effectiveKeepAlive() never lets the hub wait longer than 1767 seconds", () => {
  for (
    const [asked, effective] of [[1, 1], [1177, 1177], [1178, 1178], [1179, 1178], [65_535, 1178]]
  ) {
    assertEquals(effectiveKeepAlive(asked ?? 0), effective);
  }
  assertEquals(effectiveKeepAlive(0) * 1.5, 1767);
});
