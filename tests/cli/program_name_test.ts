import { assertEquals } from "@std/assert";
import { PROGRAM, VERSION } from "../../src/cli/program_name.ts";

Deno.test("VERSION is what deno.json says", async () => {
  const config = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  assertEquals(VERSION, config.version);
});

Deno.test("PROGRAM is how a checkout is started", () => {
  assertEquals(PROGRAM, "deno run -A mod.ts");
});
