import { assertEquals, assertThrows } from "@std/assert";
import { CliError } from "../../src/cli/cli_error.ts";
import { readFlags } from "../../src/cli/read_flags.ts";
import { PAYLOAD_FLAGS } from "../../src/cli/payloads.ts";
import {
  readTelemetrySettings,
  settingsFor,
  TELEMETRY_FLAGS,
} from "../../src/cli/telemetry_flags.ts";

const read = (...args: string[]) =>
  readTelemetrySettings(readFlags(args, { ...PAYLOAD_FLAGS, ...TELEMETRY_FLAGS }));
const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("readTelemetrySettings() reads what goes along with every message", () => {
  assertEquals(read(), { properties: {}, qos: 1 });
  assertEquals(
    read("-q", "0", "--prop", "a=b=c", "--prop", "d=", "--content-type", "text/csv"),
    { properties: { a: "b=c", d: "" }, qos: 0, contentType: "text/csv" },
  );
});

Deno.test("readTelemetrySettings() refuses what IoT Hub does not have", () => {
  for (const args of [["-q", "2"], ["-r"], ["--prop", "=x"], ["--prop", "x"]]) {
    assertThrows(() => read(...args), CliError);
  }
  assertThrows(() => read("--message-id", "ü"), CliError, "1 to 128 ASCII");
  assertThrows(() => read("--message-id", "x", "-l"), CliError, "exclude each other");
  assertThrows(() => read("--prop", `a=${"x".repeat(300_000)}`), CliError);
});

Deno.test("settingsFor() says of JSON that it is JSON, unless somebody says otherwise", () => {
  const json = {
    properties: {},
    qos: 1,
    contentType: "application/json",
    contentEncoding: "utf-8",
  };
  assertEquals(settingsFor(encode('{"t":1}'), read()), { ...json, qos: 1 });
  assertEquals(settingsFor(encode("[1]"), read()), { ...json, qos: 1 });
  for (const text of ["21.5", '"text"', "{oops", "", "[1"]) {
    assertEquals(settingsFor(encode(text), read()), read(), text);
  }
  assertEquals(settingsFor(Uint8Array.of(0x7b, 0xff), read()), read());
  const chosen = read("--content-type", "text/plain");
  assertEquals(settingsFor(encode("{}"), chosen), chosen);
});
