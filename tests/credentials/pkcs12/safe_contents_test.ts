import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { DerError, parseElement } from "../../../src/credentials/der.ts";
import {
  type Reading,
  readSafeContents,
  readShroudedKey,
} from "../../../src/credentials/pkcs12/safe_contents.ts";
import { context0, integer, octets, oid, sequence } from "../_der_builder.ts";
import { der, deviceKey } from "../_fixtures.ts";
import { bag, certificateBag, keyBag } from "../_pfx_builder.ts";
import { refusal } from "../_refusals.ts";
import { unlocking } from "./_locked.ts";

const bagOfBags = "1.2.840.113549.1.12.10.1.6";

function read(...bags: Uint8Array[]): Reading {
  const reading = { ...unlocking(), bags: { keys: [], certificates: [] } };
  readSafeContents({ bytes: sequence(...bags), offset: 0 }, reading);
  return reading;
}

Deno.test("readSafeContents() reads keys and certificates with what their bags say", () => {
  const text = { alias: "one", localKeyId: Uint8Array.of(1) };
  const { bags } = read(
    keyBag(deviceKey(), text),
    certificateBag(der("device"), text),
    certificateBag(der("root")),
  );
  assertEquals(bags.keys, [{ bytes: deviceKey(), alias: "one", localKeyId: "01" }]);
  assertEquals(bags.certificates, [
    { bytes: der("device"), alias: "one", localKeyId: "01" },
    { bytes: der("root") },
  ]);
});

Deno.test("readSafeContents() reads bags in bags in their place", () => {
  const inner = bag(
    bagOfBags,
    sequence(certificateBag(der("p384")), bag(bagOfBags, sequence(certificateBag(der("p521"))))),
  );
  const { bags } = read(certificateBag(der("root")), inner, certificateBag(der("device")));
  const names = ["root", "p384", "p521", "device"];
  assertEquals(bags.certificates.map(({ bytes }) => bytes), names.map(der));
});

Deno.test("readSafeContents() leaves out lists, secrets and foreign certificates, and says so once", () => {
  const secret = bag("1.2.840.113549.1.12.10.1.5", sequence());
  const list = bag("1.2.840.113549.1.12.10.1.4", sequence());
  const foreign = sequence(oid("1.2.840.113549.1.9.22.2"), context0(octets()));
  const { bags, warnings } = read(secret, list, bag("1.2.840.113549.1.12.10.1.3", foreign), secret);
  assertEquals(bags, { keys: [], certificates: [] });
  assertEquals(warnings.size, 2);
  assertMatch([...warnings].join(), /lists or secrets.*not X\.509/);
});

Deno.test("readSafeContents() writes every key anew, as PKCS#8", () => {
  assertEquals(read(keyBag(deviceKey())).bags.keys.map(({ bytes }) => bytes), [deviceKey()]);
});

Deno.test("readSafeContents() refuses keys that are none, and bags that are none", async () => {
  await refusal("CREDENTIAL_DAMAGED", () => read(keyBag(sequence(integer(0)))));
  for (const wrong of [sequence(), integer(1), sequence(oid("1.2.3"))]) {
    assertThrows(() => read(wrong), DerError);
  }
});

Deno.test("readShroudedKey() reads what an encrypted PKCS#8 file holds", () => {
  const encrypted = parseElement(der("key_encrypted"));
  assertEquals(readShroudedKey(encrypted, unlocking()), deviceKey());
});
