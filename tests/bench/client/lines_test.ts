import { assertEquals } from "@std/assert";
import { TextLineStream } from "./lines.ts";

Deno.test("TextLineStream gives whole lines, however the text is cut, and no beginning of one", async () => {
  const pieces = ["a", "b\nc\n", "", "d", "\n", "rest"];
  const lines = ReadableStream.from(pieces).pipeThrough(new TextLineStream());
  assertEquals(await Array.fromAsync(lines), ["ab", "c", "d"]);
});
