import { assertEquals, assertThrows } from "@std/assert";
import { CliError } from "../../src/cli/cli_error.ts";
import { readFlags } from "../../src/cli/read_flags.ts";

const table = {
  host: { short: "h", alias: "hub", value: "HOST", about: "" },
  message: { short: "m", value: "TEXT", about: "" },
  qos: { short: "q", value: "QOS", about: "" },
  topic: { short: "t", value: "TOPIC", repeatable: true, about: "" },
  lines: { short: "l", alias: "stdin-line", about: "" },
  retain: { short: "r", about: "" },
  "no-tls": { about: "" },
} as const;

function refusal(args: string[]): string {
  const error = assertThrows(() => readFlags(args, table), CliError);
  assertEquals(error.code, "USAGE");
  return error.what;
}

Deno.test("readFlags() reads every spelling of a flag", () => {
  for (const args of [["-h", "a"], ["--host", "a"], ["--host=a"], ["--hub", "a"], ["--hub=a"]]) {
    assertEquals(readFlags(args, table).text("host"), "a", args.join(" "));
  }
  for (const args of [["-l"], ["--lines"], ["-l", "-h", "a"]]) {
    assertEquals(readFlags(args, table).has("lines"), true, args.join(" "));
  }
  assertEquals(readFlags(["-q1"], table).text("qos"), "1");
  assertEquals(readFlags(["--no-tls"], table).has("no-tls"), true);
});

Deno.test("readFlags() reads short flags that share a dash, the last of them with its value", () => {
  for (const args of [["-rlq1"], ["-rlq", "1"], ["-lrq=1"]]) {
    const flags = readFlags(args, table);
    assertEquals([flags.has("retain"), flags.has("lines"), flags.text("qos")], [true, true, "1"]);
  }
  assertEquals(readFlags(["-mrl"], table).text("message"), "rl");
  assertEquals(readFlags(["-rt", "a", "-lt", "b"], table).all("topic"), ["a", "b"]);
});

Deno.test("readFlags() gives no value to a switch", () => {
  for (const arg of ["-r=1", "--retain=1", "--retain=", "-r-", "--stdin-line=x"]) {
    assertEquals(refusal([arg]), `Cannot use ${arg}`);
  }
  assertEquals(refusal(["-r1"]), "Unknown flag -1");
  assertEquals(refusal(["-rx"]), "Unknown flag -x");
  assertEquals(readFlags(["-r", "true"], table).rest, ["true"]);
});

Deno.test("readFlags() takes as a value whatever follows", () => {
  for (const value of ["", "-5", "--host", "-", "--", "a=b", "0x10", "1e3", " x ", "true"]) {
    assertEquals(readFlags(["-m", value], table).text("message"), value, value);
    assertEquals(readFlags([`--message=${value}`], table).text("message"), value, value);
  }
});

Deno.test("readFlags() keeps what belongs to no flag, and all that stands behind --", () => {
  assertEquals(readFlags(["a.pfx", "-h", "x", "7"], table).rest, ["a.pfx", "7"]);
  assertEquals(readFlags(["-l", "--", "-h", "x"], table).rest, ["-h", "x"]);
});

Deno.test("readFlags() collects a flag that may be repeated", () => {
  assertEquals(readFlags(["-t", "a", "--topic=b", "-t", "c"], table).all("topic"), ["a", "b", "c"]);
  assertEquals(readFlags([], table).all("topic"), []);
});

Deno.test("readFlags() refuses what the table does not have", () => {
  assertEquals(refusal(["--mesage", "x"]), "Unknown flag --mesage");
  assertEquals(refusal(["--nonsense=x"]), "Unknown flag --nonsense");
  assertEquals(refusal(["-x"]), "Unknown flag -x");
  assertEquals(refusal(["--_=x"]), "Unknown flag --_");
  assertEquals(refusal(["--=x"]), "Unknown flag --=x");
  assertEquals(refusal(["--__proto__=x"]), "Unknown flag --__proto__");
  assertEquals(refusal(["-h"]), "-h needs a value");
  assertEquals(refusal(["-h", "a", "-h", "b"]), "--host was given 2 times");
});
