import { assertEquals } from "@std/assert";
import { renderHelp } from "../../src/cli/help.ts";
import { PROGRAM } from "../../src/cli/program_name.ts";

Deno.test("renderHelp() begins with what it does and with examples, and aligns the flags", () => {
  const help = renderHelp({
    name: "pub",
    summary: "publish",
    examples: ["pub -h a"],
    sections: {
      Where: {
        host: { short: "h", alias: "hub", value: "HOST", about: "the name" },
        "no-tls": { about: "plain TCP" },
      },
    },
    remarks: ["That is all."],
  });
  assertEquals(help.split("\n"), [
    "hubwire pub: publish",
    "",
    `  ${PROGRAM} pub -h a`,
    "",
    "Where",
    "  -h, --host, --hub HOST  the name",
    "      --no-tls            plain TCP",
    "",
    "That is all.",
  ]);
});
