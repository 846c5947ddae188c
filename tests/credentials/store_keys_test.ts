import { assertEquals } from "@std/assert";
import {
  credentialKey,
  credentialPrefix,
  HEADER_KEY,
  parseCredentialKey,
} from "../../src/credentials/store_keys.ts";

const ADDRESS = { host: "hub.example", deviceId: "sensor-1" };

Deno.test("credentialKey() is what parseCredentialKey() reads", () => {
  assertEquals(credentialKey(ADDRESS), ["hubwire", "credential", "hub.example", "sensor-1"]);
  assertEquals(parseCredentialKey(credentialKey(ADDRESS)), ADDRESS);
});

Deno.test("credentialPrefix() begins the key of every credential, or of those of one host", () => {
  assertEquals(credentialPrefix(), credentialKey(ADDRESS).slice(0, 2));
  assertEquals(credentialPrefix("hub.example"), credentialKey(ADDRESS).slice(0, 3));
});

Deno.test("parseCredentialKey() answers undefined for any other key", () => {
  const prefix = credentialPrefix("hub.example");
  for (const key of [HEADER_KEY, prefix, [...prefix, 1], [...prefix, "sensor-1", "more"]]) {
    assertEquals(parseCredentialKey(key), undefined);
  }
});
