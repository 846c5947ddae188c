import { assertEquals } from "@std/assert";
import { paintFor } from "../../src/cli/paint.ts";
import { FakeIo } from "./_fake_io.ts";

Deno.test("paintFor() leaves text alone that does not go to a terminal", () => {
  const { good, faint } = paintFor(new FakeIo());
  assertEquals([good("a"), faint("b")], ["a", "b"]);
});

Deno.test("paintFor() paints at a terminal, unless NO_COLOR is set", () => {
  const { good } = paintFor(new FakeIo({ outputIsTerminal: true }));
  assertEquals(good("a"), Deno.noColor ? "a" : "\x1b[32ma\x1b[0m");
});
