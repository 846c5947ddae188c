import { assertEquals } from "@std/assert";
import { readLines } from "../../src/cli/lines.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function linesOf(chunks: string[]): Promise<string[]> {
  const stream = ReadableStream.from(chunks.map(encode));
  return await Array.fromAsync(readLines(stream, new AbortController().signal), decode);
}

Deno.test("readLines() gives the same lines however the stream is cut", async () => {
  const text = "one\n\ntwö 😀\r\n\nlast";
  const expected = ["one", "", "twö 😀\r", "", "last"];
  assertEquals(await linesOf([text]), expected);
  assertEquals(await linesOf(["one", "\n", "\ntwö 😀\r\n\nla", "st"]), expected);
  assertEquals(await linesOf([...text]), expected);
});

Deno.test("readLines() makes no line of nothing, and none behind the last line feed", async () => {
  assertEquals(await linesOf([]), []);
  assertEquals(await linesOf(["a\n"]), ["a"]);
  assertEquals(await linesOf(["\n"]), [""]);
});

Deno.test("readLines() does not hold a line back until the next one comes", async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const lines = readLines(readable, new AbortController().signal);
  const first = lines.next();
  await writer.write(encode("one\ntw"));
  const { value } = await first;
  assertEquals(value && decode(value), "one");
  await lines.return();
});

Deno.test("readLines() ends at once when it is aborted, even while it waits", async () => {
  const controller = new AbortController();
  const lines = readLines(new ReadableStream(), controller.signal);
  const next = lines.next();
  controller.abort();
  assertEquals((await next).done, true);
});
