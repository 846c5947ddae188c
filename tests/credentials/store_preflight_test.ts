import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { Identity } from "../../src/credentials/identity.ts";
import {
  checkDeviceId,
  deviceIdOf,
  readLeaf,
  refuseUnusable,
} from "../../src/credentials/store_preflight.ts";
import { CredentialError } from "../../src/errors.ts";
import { deviceIdentity } from "../_kit/certs.ts";

const SENSOR = await deviceIdentity("sensor-1");
const OTHER = await deviceIdentity("sensor-2");
const FACTS = readLeaf(SENSOR);

function refusal(action: () => unknown): CredentialError {
  return assertThrows(action, CredentialError);
}

Deno.test("readLeaf() reads the device's own certificate", () => {
  assertEquals(FACTS.commonName, "sensor-1");
});

Deno.test("C3 readLeaf() refuses a key that does not belong to the certificate", () => {
  const mixed = Identity.from({ ...SENSOR, privateKey: OTHER.privateKey });
  const error = refusal(() => readLeaf(mixed));
  assertEquals(error.code, "CREDENTIAL_KEY_MISMATCH");
  assertStringIncludes(error.what, "CN=sensor-1");
});

Deno.test("readLeaf() refuses an identity without certificate or key", () => {
  const { certificateChain, privateKey } = SENSOR;
  for (
    const plain of [
      { certificateChain: [], privateKey },
      { certificateChain, privateKey: new Uint8Array(0) },
    ]
  ) {
    assertEquals(refusal(() => readLeaf(Identity.from(plain))).code, "CREDENTIAL_INCOMPLETE");
  }
});

Deno.test("deviceIdOf() takes the common name, and refuses one that is missing or no device id", () => {
  assertEquals(deviceIdOf(FACTS), "sensor-1");
  const { commonName: _commonName, ...nameless } = FACTS;
  const names = ["", "a\nb", "\u0000", "\ud800", "x".repeat(257)];
  for (const facts of [nameless, ...names.map((commonName) => ({ ...FACTS, commonName }))]) {
    assertEquals(refusal(() => deviceIdOf(facts)).code, "CREDENTIAL_WRONG_NAME");
  }
});

Deno.test("checkDeviceId() takes 1 to 256 printable characters", () => {
  for (const id of ["a", "device/module", "pump é", "x".repeat(256)]) checkDeviceId(id);
  for (const id of ["", "a\tb", "\ud800", "x".repeat(257)]) {
    assertThrows(() => checkDeviceId(id), TypeError);
  }
});

Deno.test("C1 refuseUnusable() refuses a certificate before its first and after its last second", () => {
  const { notBefore, notAfter } = FACTS;
  refuseUnusable(FACTS, notBefore);
  refuseUnusable(FACTS, notAfter);
  const early = refusal(() => refuseUnusable(FACTS, new Date(notBefore.getTime() - 1)));
  const late = refusal(() => refuseUnusable(FACTS, new Date(notAfter.getTime() + 1)));
  assertEquals([early.code, late.code], ["CREDENTIAL_EXPIRED", "CREDENTIAL_EXPIRED"]);
  assertEquals(
    early.why,
    `its certificate is not valid for another 0 d (${notBefore.toISOString()})`,
  );
  assertEquals(late.why, `its certificate expired 0 d ago (${notAfter.toISOString()})`);
});

Deno.test("refuseUnusable() refuses a certificate of version 1", () => {
  const error = refusal(() => refuseUnusable({ ...FACTS, version: 1 }, FACTS.notBefore));
  assertEquals(error.code, "CREDENTIAL_UNSUPPORTED");
});
