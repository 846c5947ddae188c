import { assertEquals, assertStringIncludes } from "@std/assert";
import { interrupted } from "../../src/cli/interruption.ts";
import { reportError } from "../../src/cli/report_error.ts";
import { TlsError } from "../../src/errors.ts";
import { FakeIo } from "./_fake_io.ts";

const cause = new Error("invalid peer certificate", { cause: new Error("UnknownIssuer") });
const text = { what: "Cannot connect", why: "nobody vouches for it", remedy: "Give --cafile." };
const failure = new TlsError("TLS_SERVER_UNTRUSTED", { ...text, cause });

function told(error: unknown, options: { isJson?: boolean; isDebug?: boolean } = {}) {
  const io = new FakeIo();
  const exitCode = reportError(error, io, { isJson: false, isDebug: false, ...options });
  return { exitCode, lines: io.stderr.split("\n").slice(0, -1), stdout: io.stdout };
}

Deno.test("reportError() says what, why and what to do, a line each, and nothing on standard output", () => {
  assertEquals(told(failure), {
    exitCode: 4,
    stdout: "",
    lines: [
      "hubwire: error: Cannot connect",
      "hubwire:   why: nobody vouches for it",
      "hubwire:    do: Give --cafile.",
    ],
  });
});

Deno.test("reportError() tells the code and everything underneath to whoever debugs", () => {
  assertEquals(told(failure, { isDebug: true }).lines.slice(3), [
    "hubwire:  code: TLS_SERVER_UNTRUSTED (exit 4)",
    "hubwire: cause: Error: invalid peer certificate",
    "hubwire: cause: Error: UnknownIssuer",
  ]);
});

Deno.test("reportError() tells it as one JSON object", () => {
  const { lines } = told(failure, { isJson: true });
  assertEquals(lines.map((line) => JSON.parse(line)), [
    { error: { code: "TLS_SERVER_UNTRUSTED", ...text, exitCode: 4 } },
  ]);
});

Deno.test("reportError() lets nobody's text move the cursor, in words and as JSON", () => {
  const evil = "a\x1b[2J\u009b1A\nhubwire: b";
  const error = new TlsError("TLS_SERVER_UNTRUSTED", { what: evil, why: evil, remedy: evil });
  const { lines } = told(error, { isDebug: true });
  assertEquals(lines.length, 4);
  assertEquals(lines[0], "hubwire: error: a\\u001b[2J\\u009b1A\\u000ahubwire: b");
  const json = told(error, { isJson: true }).lines;
  assertEquals([json.length, /\p{Cc}/u.test(json.join(""))], [1, false]);
  assertEquals(JSON.parse(json.join("")).error.why, evil);
});

Deno.test("reportError() shows no stack of what nobody foresaw, unless asked", () => {
  const bug = new TypeError("x is undefined");
  const { exitCode, lines } = told(bug);
  assertEquals([exitCode, lines.length], [1, 3]);
  assertEquals(lines.join().includes("report_error_test.ts"), false);
  assertStringIncludes(told(bug, { isDebug: true }).lines.join(), "report_error_test.ts");
});

Deno.test("reportError() names the flag that Deno asks for", () => {
  const refused = new Deno.errors.NotCapable(
    'Requires net access to "a:1", run again with the --allow-net flag',
  );
  const { exitCode, lines } = told(refused);
  assertEquals(exitCode, 2);
  assertEquals(lines[2], "hubwire:    do: Run again with --allow-net");
});

Deno.test("reportError() says nothing to whoever pressed Ctrl-C", () => {
  const io = new FakeIo();
  const reason = interrupted();
  io.interrupt(reason);
  assertEquals(reportError(reason, io, { isJson: false, isDebug: false }), 130);
  assertEquals(io.stderr, "");
});
