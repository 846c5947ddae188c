import { assertEquals } from "@std/assert";
import { alignColumns } from "../../src/cli/table.ts";

Deno.test("alignColumns() makes each column as wide as its widest cell, without trailing spaces", () => {
  assertEquals(alignColumns([["A", "B"], ["long", "x"], ["", "yz"]]), "A     B\nlong  x\n      yz");
  assertEquals(alignColumns([]), "");
});
