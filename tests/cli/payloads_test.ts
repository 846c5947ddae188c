import { assertEquals, assertRejects } from "@std/assert";
import { CliError } from "../../src/cli/cli_error.ts";
import { readFlags } from "../../src/cli/read_flags.ts";
import { PAYLOAD_FLAGS, readPayloads } from "../../src/cli/payloads.ts";
import { tempFolder } from "../_kit/temp.ts";
import { FakeIo } from "./_fake_io.ts";

async function payloadsOf(args: string[], stdin = ""): Promise<string[]> {
  const flags = readFlags(args, PAYLOAD_FLAGS);
  const payloads = await readPayloads(flags, new FakeIo({ stdin }));
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return await Array.fromAsync(payloads(new AbortController().signal), decode);
}

Deno.test("readPayloads() takes a text, a file, lines or nothing", async () => {
  await using folder = await tempFolder();
  const file = await folder.write("message", "a\nb");
  assertEquals(await payloadsOf(["-m", "a b"]), ["a b"]);
  assertEquals(await payloadsOf(["-f", file]), ["a\nb"]);
  assertEquals(await payloadsOf(["-l"], "a\nb"), ["a", "b"]);
  assertEquals(await payloadsOf(["-n"]), [""]);
});

Deno.test("readPayloads() refuses none of them and two of them", async () => {
  await assertRejects(() => payloadsOf([]), CliError, "There is no message");
  await assertRejects(() => payloadsOf(["-m", "x", "-l"]), CliError, "exclude each other");
});
