import { assertEquals, assertThrows } from "@std/assert";
import { CliError } from "../../src/cli/cli_error.ts";
import {
  customFormat,
  forTerminal,
  jsonFormat,
  plainFormat,
  type Received,
  verboseFormat,
} from "../../src/cli/message_format.ts";

function received(payload: string | Uint8Array): Received {
  return {
    at: new Date("2026-11-23T12:00:00.250Z"),
    message: {
      topic: "a/b",
      payload: typeof payload === "string" ? new TextEncoder().encode(payload) : payload,
      qos: 1,
      retain: true,
      dup: false,
    },
  };
}

const binary = Uint8Array.of(0xff, 0xfe, 0x00);

Deno.test("plainFormat() and verboseFormat() print text as it is and mark what is none", () => {
  assertEquals(plainFormat(received("grün")), "grün");
  assertEquals(plainFormat(received("")), "");
  assertEquals(plainFormat(received(binary)), "base64://4A");
  assertEquals(verboseFormat(received("x")), "a/b x");
});

Deno.test("jsonFormat() says everything, and how the payload is encoded", () => {
  assertEquals(JSON.parse(jsonFormat(received("grün"))), {
    time: "2026-11-23T12:00:00.250Z",
    topic: "a/b",
    qos: 1,
    retain: true,
    dup: false,
    size: 5,
    payload: "grün",
    encoding: "utf-8",
  });
  const { payload, encoding, size } = JSON.parse(jsonFormat(received(binary)));
  assertEquals({ payload, encoding, size }, { payload: "//4A", encoding: "base64", size: 3 });
  assertEquals(JSON.parse(jsonFormat({ ...received("x"), extra: { more: 1 } })).more, 1);
});

Deno.test("jsonFormat() keeps a byte order mark", () => {
  assertEquals(JSON.parse(jsonFormat(received("\ufeffx"))).payload, "\ufeffx");
});

Deno.test("customFormat() fills in every field and escape", () => {
  const cases: [template: string, line: string][] = [
    ["%t=%p", "a/b=hi"],
    ["%x %X %l", "6869 6869 2"],
    ["%q%r %%", "11 %"],
    ["%I %U", "2026-11-23T12:00:00.250Z 1795435200.250"],
    ["a\\tb\\\\n\\n", "a\tb\\n\n"],
    ["\\q", "\\q"],
    ["", ""],
  ];
  for (const [template, line] of cases) {
    assertEquals(customFormat(template)(received("hi")), line, template);
  }
  assertEquals(customFormat("%j")(received("hi")), jsonFormat(received("hi")));
});

Deno.test("customFormat() refuses a field that there is not", () => {
  assertThrows(() => customFormat("%z"), CliError, "%z");
  assertThrows(() => customFormat("100 %"), CliError, "%");
});

Deno.test("forTerminal() lets no message move the cursor", () => {
  const format = forTerminal(plainFormat);
  assertEquals(format(received("a\x1b[2Jb\r\x07\tc\nd")), "a\ufffd[2Jb\ufffd\ufffd\tc\nd");
});
