import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import {
  assertCurrent,
  assertIssuedBy,
  assertIssuer,
  broken,
  isNamedIssuer,
  readLink,
} from "../../src/credentials/chain_rules.ts";
import { CredentialError } from "../../src/errors.ts";
import { der } from "./_fixtures.ts";

const link = (name: string) => readLink(der(name), "it");
const [root, intermediate, device] = [link("root"), link("intermediate"), link("device")];

Deno.test("readLink() keeps the bytes and names the place", () => {
  assertEquals(device.der, der("device"));
  assertEquals(device.place, "it (O=Hubwire Test, CN=device)");
});

Deno.test("isNamedIssuer() compares names only", () => {
  assert(isNamedIssuer(device, intermediate));
  assert(isNamedIssuer(intermediate, link("imposter")));
  assertFalse(isNamedIssuer(device, root));
});

Deno.test("assertCurrent() includes the first and the last second", () => {
  const { notBefore, notAfter } = device.fields;
  assertCurrent(device, notBefore);
  assertCurrent(device, notAfter);
  for (const time of [notBefore.getTime() - 1, notAfter.getTime() + 1]) {
    assertThrows(() => assertCurrent(device, new Date(time)), CredentialError);
  }
});

Deno.test("assertIssuer() counts the intermediates below", () => {
  const limited = link("path_length_0");
  assertIssuer(limited, 0);
  assertThrows(() => assertIssuer(limited, 1), CredentialError, "allows 0 intermediate");
  assertIssuer(root, 9);
  assertThrows(() => assertIssuer(device, 0), CredentialError, "lacks CA:TRUE");
});

Deno.test("assertIssuedBy() wants the name and the signature", () => {
  assertIssuedBy(device, intermediate);
  assertThrows(() => assertIssuedBy(device, root), CredentialError, "was not issued by");
  assertThrows(() => assertIssuedBy(root, link("imposter")), CredentialError, "the signature of");
});

Deno.test("broken() is an error with what to do", () => {
  const error = broken("CREDENTIAL_EXPIRED", "why");
  assertEquals([error.code, error.message], [
    "CREDENTIAL_EXPIRED",
    "Certificate chain refused: why",
  ]);
  assert(error.remedy.length > 0);
});
