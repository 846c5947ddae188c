import { assert, assertEquals, assertFalse, assertStrictEquals } from "@std/assert";
import { inspect } from "node:util";
import { Identity } from "../../src/credentials/mod.ts";

const KEY = new Uint8Array([0xde, 0xad, 0xbe, 0xef]);
const PLAIN = {
  alias: "device",
  certificateChain: [new Uint8Array([0xca, 0xfe])],
  privateKey: KEY,
};

Deno.test("Identity.from() takes the parts as they are", () => {
  const identity = Identity.from(PLAIN);
  assertEquals(identity.alias, "device");
  assertStrictEquals(identity.certificateChain, PLAIN.certificateChain);
  assertStrictEquals(identity.privateKey, KEY);
  assertFalse("alias" in Identity.from({ certificateChain: [], privateKey: KEY }));
});

Deno.test("Identity shows no byte of itself, however it is printed", () => {
  const identity = Identity.from(PLAIN);
  const shown = [
    Deno.inspect(identity),
    Deno.inspect({ nested: [identity] }, { depth: 9 }),
    inspect(identity),
    JSON.stringify({ identity }),
    Deno.inspect(new Map([["cause", identity]])),
  ];
  for (const text of shown) {
    assertFalse(/222|173|190|239|202|254|deadbeef/i.test(text), text);
    assert(text.includes("redacted"), text);
  }
});

Deno.test("Identity.from() rebuilds an identity from its structured clone", () => {
  const clone = structuredClone(Identity.from(PLAIN));
  assertEquals(Deno.inspect(Identity.from(clone)), "[redacted identity]");
  assertEquals(Identity.from(clone).privateKey, KEY);
});
