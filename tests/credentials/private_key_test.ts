import { assertEquals, assertFalse, assertInstanceOf, assertStringIncludes } from "@std/assert";
import { generateKeyPairSync } from "node:crypto";
import { CredentialError } from "../../src/errors.ts";
import { certificateMatchesKey } from "../../src/credentials/certificate.ts";
import {
  assertUsable,
  exportPrivateKey,
  loadPrivateKey,
} from "../../src/credentials/private_key.ts";
import { der, deviceKey } from "./_fixtures.ts";
import { assertHides, refusal } from "./_refusals.ts";

Deno.test("exportPrivateKey() gives a key that loadPrivateKey() reads back the same", () => {
  const pkcs8 = exportPrivateKey(loadPrivateKey(deviceKey()));
  assertEquals(exportPrivateKey(loadPrivateKey(pkcs8)), pkcs8);
});

Deno.test("exportPrivateKey() gives bytes of their own", () => {
  const pkcs8 = exportPrivateKey(loadPrivateKey(deviceKey()));
  assertEquals(pkcs8.buffer.byteLength, pkcs8.length);
});

Deno.test("loadPrivateKey() takes a key from the middle of a buffer", () => {
  const key = deviceKey();
  const buffer = new Uint8Array(key.length + 20);
  buffer.set(key, 10);
  loadPrivateKey(buffer.subarray(10, 10 + key.length));
});

for (
  const [name, generate] of [
    ["Ed25519", () => generateKeyPairSync("ed25519")],
    ["RSA 2048", () => generateKeyPairSync("rsa", { modulusLength: 2048 })],
    ["EC P-384", () => generateKeyPairSync("ec", { namedCurve: "P-384" })],
    ["EC P-521", () => generateKeyPairSync("ec", { namedCurve: "P-521" })],
  ] as const
) {
  Deno.test(`assertUsable() takes ${name}`, () => {
    const { privateKey } = generate();
    assertEquals(assertUsable(privateKey), privateKey);
  });
}

for (
  const [name, generate] of [
    ["RSA 1024", () => generateKeyPairSync("rsa", { modulusLength: 1024 })],
    ["RSA-PSS", () => generateKeyPairSync("rsa-pss", { modulusLength: 2048 })],
    ["EC secp224r1", () => generateKeyPairSync("ec", { namedCurve: "P-224" })],
    ["x25519", () => generateKeyPairSync("x25519")],
  ] as const
) {
  Deno.test(`assertUsable() refuses ${name} by name`, async () => {
    const { privateKey } = generate();
    const error = await refusal("CREDENTIAL_UNSUPPORTED", () => assertUsable(privateKey));
    assertStringIncludes(error.why, name);
  });
}

Deno.test("loadPrivateKey() refuses what is no key, and shows no byte of it", async () => {
  const broken = deviceKey().slice(0, -1);
  const error = await refusal("CREDENTIAL_DAMAGED", () => loadPrivateKey(broken));
  assertHides(error, String.fromCharCode(...broken.subarray(40, 60)));
  await refusal("CREDENTIAL_DAMAGED", () => loadPrivateKey(der("device")));
});

Deno.test("loadPrivateKey() makes no other key for the certificate of any changed byte", () => {
  const key = deviceKey();
  for (let at = 0; at < key.length; at++) {
    const changed = key.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    assertFalse(isKeyOfDevice(changed), `byte ${at}`);
  }
});

function isKeyOfDevice(pkcs8: Uint8Array): boolean {
  try {
    return certificateMatchesKey(der("device"), pkcs8);
  } catch (error) {
    assertInstanceOf(error, CredentialError);
    return false;
  }
}
