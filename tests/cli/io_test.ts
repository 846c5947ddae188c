import { assertEquals } from "@std/assert";
import { prefixed } from "../../src/cli/io.ts";

Deno.test("prefixed() puts the name of the program before every line", () => {
  assertEquals(prefixed("a\n  b"), "hubwire: a\nhubwire:   b");
});
