import { assertEquals, assertStringIncludes } from "@std/assert";
import { adviseOn } from "../../src/credentials/certificate_advice.ts";
import { Identity } from "../../src/credentials/identity.ts";
import { der } from "./_fixtures.ts";

function advice(...chain: string[]): string[] {
  return adviseOn(
    Identity.from({ certificateChain: chain.map(der), privateKey: new Uint8Array() }),
  );
}

Deno.test("adviseOn() has nothing to say about a P-256 device with its chain, or a root alone", () => {
  assertEquals(advice("device", "intermediate"), []);
  assertEquals(advice("root"), []);
  assertEquals(advice(), []);
});

for (
  const [chain, text] of [
    [["device"], "comes without its issuer (O=Hubwire Test, CN=intermediate)"],
    [["version1", "root"], "is X.509 version 1"],
    [["ed25519", "intermediate"], "is Ed25519, which IoT Hub is not known to accept"],
    [["p521", "intermediate"], "is EC P-521, which IoT Hub is not known to accept"],
  ] as const
) {
  Deno.test(`adviseOn() warns that ${chain[0]} ${text}`, () => {
    const found = advice(...chain);
    assertEquals(found.length, 1);
    assertStringIncludes(found.join(), text);
  });
}
