import { assertEquals } from "@std/assert";
import { nearest } from "../../src/cli/did_you_mean.ts";

Deno.test("nearest() finds what was probably meant, and nothing where nothing is near", () => {
  const names = ["message", "host", "port", "password-file"];
  const cases: [word: string, meant: string | undefined][] = [
    ["mesage", "message"],
    ["mesasge", "message"],
    ["hots", "host"],
    ["hst", "host"],
    ["pasword-file", "password-file"],
    ["verbose", undefined],
    ["", undefined],
  ];
  for (const [word, meant] of cases) assertEquals(nearest(word, names), meant, word);
});
