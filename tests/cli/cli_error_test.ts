import { assertEquals, assertInstanceOf, assertStrictEquals, assertThrows } from "@std/assert";
import { asUsageError, checkArgument, CliError } from "../../src/cli/cli_error.ts";

Deno.test("checkArgument() blames the user for what the library takes for a mistake of the program", () => {
  const check = () => {
    throw new RangeError("Cannot connect to port 0: it must be 1 to 65535");
  };
  const error = assertThrows(() => checkArgument("Cannot use --port 0", check), CliError);
  assertEquals(error.code, "USAGE");
  assertEquals(error.what, "Cannot use --port 0");
  assertEquals(error.why, "it must be 1 to 65535");
});

Deno.test("checkArgument() returns what the check returns", () => {
  assertEquals(checkArgument("x", () => 5), 5);
});

Deno.test("asUsageError() leaves failures of the world as they are", () => {
  const failure = new Deno.errors.NotFound("no");
  assertStrictEquals(asUsageError("x", failure), failure);
  assertInstanceOf(asUsageError("x", new TypeError("no")), CliError);
});
