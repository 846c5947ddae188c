import { assertEquals, assertThrows } from "@std/assert";
import { CliError } from "../../src/cli/cli_error.ts";
import { pickAny, pickDevice } from "../../src/cli/pick_credential.ts";
import { CredentialError } from "../../src/errors.ts";

const wanted = (deviceId?: string) => ({ host: "hub.example", port: 8883, deviceId });

Deno.test("pickDevice() takes the device that was named, or the only one", () => {
  assertEquals(pickDevice(["a", "b"], wanted("b")), "b");
  assertEquals(pickDevice(["a"], wanted()), "a");
  assertThrows(() => pickDevice(["a", "b"], wanted()), CliError, "a, b");
  assertThrows(() => pickDevice(["a"], wanted("c")), CredentialError, "device c of hub.example");
  assertThrows(() => pickDevice([], wanted("c")), CredentialError, "the store has none");
});

Deno.test("pickAny() lets a client id that is no device be anything, where there is one only", () => {
  assertEquals(pickAny(["a"], wanted("client-7")), "a");
  assertEquals(pickAny(["a", "b"], wanted("b")), "b");
  assertThrows(() => pickAny(["a", "b"], wanted("client-7")), CliError, "a, b");
  const error = assertThrows(() => pickAny([], wanted()), CredentialError);
  assertEquals(error.remedy.includes("--no-store"), true);
});

Deno.test("pickDevice() names ten devices and no more", () => {
  const many = Array.from({ length: 11 }, (_, i) => `d${i}`);
  assertThrows(() => pickDevice(many, wanted()), CliError, "d9, …");
});
