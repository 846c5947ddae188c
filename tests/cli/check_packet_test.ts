import { assertEquals, assertThrows } from "@std/assert";
import { checkTopic, checkTopicFilter, readQos } from "../../src/cli/check_packet.ts";
import { CliError } from "../../src/cli/cli_error.ts";
import { readFlags } from "../../src/cli/read_flags.ts";

Deno.test("checkTopic() refuses what nothing may be published under", () => {
  checkTopic("a/b");
  for (const topic of ["", "a/#", "+", "a\0b", "\ud800", "x".repeat(65_536)]) {
    assertThrows(() => checkTopic(topic), CliError, "Cannot publish to");
  }
});

Deno.test("checkTopicFilter() refuses what nobody can subscribe to", () => {
  for (const filter of ["#", "a/+/b", "$SYS/#"]) checkTopicFilter(filter);
  for (const filter of ["", "a#", "#/a", "a\0b"]) {
    assertThrows(() => checkTopicFilter(filter), CliError, "Cannot subscribe to");
  }
});

Deno.test("readQos() is 0 unless -q says 1 or 2", () => {
  const table = { qos: { short: "q", value: "QOS", about: "" } };
  assertEquals(readQos(readFlags([], table)), 0);
  for (const qos of [0, 1, 2]) assertEquals(readQos(readFlags(["-q", `${qos}`], table)), qos);
  assertThrows(() => readQos(readFlags(["-q", "3"], table)), CliError);
});
