import { assertEquals, assertThrows } from "@std/assert";
import { parseFlags } from "./flags.ts";

const DEFAULTS = { json: undefined, only: undefined, rounds: 11, quick: false, seed: 1 };

Deno.test("parseFlags() takes nothing for everything, eleven rounds", () => {
  assertEquals(parseFlags([]), DEFAULTS);
});

Deno.test("parseFlags() takes --json with a file or without one", () => {
  assertEquals(parseFlags(["--json"]), { ...DEFAULTS, json: true });
  assertEquals(parseFlags(["--json", "a.json", "--only", "QoS 1"]), {
    ...DEFAULTS,
    json: "a.json",
    only: "QoS 1",
  });
  assertEquals(parseFlags(["--json", "--quick"]), {
    ...DEFAULTS,
    json: true,
    quick: true,
    rounds: 3,
  });
});

Deno.test("parseFlags() takes numbers, and a quick run of as many rounds as are wanted", () => {
  assertEquals(parseFlags(["--quick", "--rounds", "9", "--seed", "7"]), {
    ...DEFAULTS,
    quick: true,
    rounds: 9,
    seed: 7,
  });
});

Deno.test("parseFlags() refuses what it does not know, and values that are missing or no numbers", () => {
  for (const args of [["--fast"], ["a.json"], ["--only"], ["--rounds", "0"], ["--seed", "x"]]) {
    assertThrows(() => parseFlags(args), TypeError);
  }
});

Deno.test("parseFlags() knows no seed where chance takes no part, and other rounds", () => {
  const rules = { rounds: 9, hasSeed: false };
  assertEquals(parseFlags([], rules).rounds, 9);
  assertThrows(() => parseFlags(["--seed", "7"], rules), TypeError);
});
