import { assertEquals } from "@std/assert";
import { printable } from "../../src/cli/printable.ts";

Deno.test("printable() escapes control characters, C1 and line breaks too, and nothing else", () => {
  assertEquals(printable("\x1b[2J\x07\x7f"), "\\u001b[2J\\u0007\\u007f");
  assertEquals(printable("a\r\nb\tc"), "a\\u000d\\u000ab\\u0009c");
  assertEquals(printable("\u009b2J"), "\\u009b2J");
  assertEquals(printable("pä 🔑 \\"), "pä 🔑 \\");
});
