import { assertEquals, assertThrows } from "@std/assert";
import { replaceBetween, table } from "./markdown.ts";

Deno.test("table() is laid out as deno fmt does it", () => {
  assertEquals(
    table(["a", "long head"], [["1", "2"], ["three"]]),
    `| a     | long head |
| ----- | --------- |
| 1     | 2         |
| three |           |
`,
  );
});

Deno.test("replaceBetween() leaves everything else as it is, and again finds its marks", () => {
  const document = "a\n<!-- x -->\nold\n<!-- end of x -->\nb\n";
  const replaced = "a\n<!-- x -->\n\nnew\n\n<!-- end of x -->\nb\n";
  assertEquals(replaceBetween(document, "x", "new\n"), replaced);
  assertEquals(replaceBetween(replaced, "x", "new\n"), replaced);
});

Deno.test("replaceBetween() refuses a document without the marks", () => {
  assertThrows(() => replaceBetween("<!-- x -->", "x", ""), RangeError, "end of x");
});
