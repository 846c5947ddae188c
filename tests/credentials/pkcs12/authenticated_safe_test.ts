import { assert, assertEquals, assertThrows } from "@std/assert";
import { DerError } from "../../../src/credentials/der.ts";
import {
  readAuthenticatedSafe,
  readPfxStructure,
} from "../../../src/credentials/pkcs12/authenticated_safe.ts";
import { WorkBudget } from "../../../src/credentials/pkcs12/budget.ts";
import { UnsupportedAlgorithm } from "../../../src/credentials/pkcs12/errors.ts";
import { passwordForms } from "../../../src/credentials/pkcs12/password_forms.ts";
import { concat, integer, octets, sequence } from "../_der_builder.ts";
import { der, deviceKey, password, pfx } from "../_fixtures.ts";
import { buildPfx, certificateBag, contentInfo, keyBag, openSafe } from "../_pfx_builder.ts";

const data = "1.2.840.113549.1.7.1";
const encryptedData = "1.2.840.113549.1.7.6";

function readSafe(bytes: Uint8Array) {
  const [form] = passwordForms(password);
  const unlocking = { form, budget: new WorkBudget(), warnings: new Set<string>() };
  return readAuthenticatedSafe({ bytes, offset: 0 }, unlocking);
}

Deno.test("readPfxStructure() finds the contents, the MAC and what follows", () => {
  const file = concat([pfx("device"), new Uint8Array(5)]);
  const found = readPfxStructure(file);
  assert(found);
  assertEquals([found.mac?.digest, found.mac?.iterations, found.trailing], ["sha256", 2048, 5]);
  const { bytes, offset } = found.authenticatedSafe;
  assertEquals(file.subarray(offset, offset + bytes.length), bytes);
});

Deno.test("readPfxStructure() sees that there is no MAC", () => {
  assertEquals(readPfxStructure(buildPfx([]))?.mac, undefined);
});

Deno.test("readPfxStructure() knows what is not PKCS#12", () => {
  for (
    const other of [
      integer(3),
      sequence(),
      sequence(integer(2)),
      sequence(integer(0x300)),
      der("root"),
    ]
  ) {
    assertEquals(readPfxStructure(other), undefined);
  }
});

Deno.test("readPfxStructure() refuses contents that are signed", () => {
  const signed = sequence(integer(3), contentInfo("1.2.840.113549.1.7.2", sequence()));
  assertThrows(() => readPfxStructure(signed), UnsupportedAlgorithm, "digital signature");
});

Deno.test("readAuthenticatedSafe() reads every safe in order", () => {
  const bytes = sequence(
    openSafe(certificateBag(der("device"))),
    openSafe(),
    openSafe(keyBag(deviceKey()), certificateBag(der("root"))),
  );
  const { keys, certificates } = readSafe(bytes);
  assertEquals(keys.map(({ bytes }) => bytes), [deviceKey()]);
  assertEquals(certificates.map(({ bytes }) => bytes), [der("device"), der("root")]);
});

Deno.test("readAuthenticatedSafe() refuses other kinds of contents, and contents that are none", () => {
  const enveloped = contentInfo("1.2.840.113549.1.7.3", sequence());
  assertThrows(() => readSafe(sequence(enveloped)), UnsupportedAlgorithm, "public key");
  for (
    const wrong of [
      sequence(integer(1)),
      sequence(contentInfo(data, integer(1))),
      sequence(contentInfo(encryptedData, octets())),
      sequence(contentInfo(encryptedData, sequence(integer(0)))),
      concat([sequence(), Uint8Array.of(0)]),
    ]
  ) assertThrows(() => readSafe(wrong), DerError);
});
