import { assertEquals, assertThrows } from "@std/assert";
import { CliError } from "../../src/cli/cli_error.ts";
import { readFlags } from "../../src/cli/read_flags.ts";

const table = {
  host: { short: "h", value: "HOST", about: "" },
  message: { short: "m", value: "TEXT", about: "" },
  qos: { short: "q", value: "QOS", about: "" },
  lines: { short: "l", about: "" },
} as const;

Deno.test("Flags.number() takes numbers of its range and nothing that only looks like one", () => {
  const read = (text: string) => () =>
    readFlags(["-q", text], table).number("qos", { from: 0, to: 2 });
  assertEquals(["0", "2"].map((text) => read(text)()), [0, 2]);
  for (const text of ["3", "-1", "1.5", "", "one", "0x1", "1e0", "Infinity"]) {
    assertThrows(read(text), CliError, "qos", text);
  }
  const seconds = readFlags(["-q", "0.25"], table);
  assertEquals(seconds.number("qos", { from: 0, to: 2, isWhole: false }), 0.25);
  assertEquals(readFlags([], table).number("qos", { from: 0, to: 2 }), undefined);
});

Deno.test("Flags.required() and refuseTogether() refuse what cannot be meant", () => {
  assertThrows(() => readFlags([], table).required("host"), CliError, "--host is missing");
  assertThrows(() => readFlags(["-h", ""], table).required("host"), CliError);
  const both = readFlags(["-l", "-m", "x"], table);
  assertThrows(() => both.refuseTogether("message", "lines"), CliError, "exclude each other");
  both.refuseTogether("message", "host");
});
