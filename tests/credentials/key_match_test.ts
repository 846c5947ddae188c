import { assertEquals, assertNotEquals } from "@std/assert";
import { createPrivateKey, ECDH } from "node:crypto";
import { Buffer } from "node:buffer";
import { readCertificateFields } from "../../src/credentials/certificate.ts";
import { publicKeyId, readPublicKey } from "../../src/credentials/key_match.ts";
import { element, oid, sequence } from "./_der_builder.ts";
import { concat } from "./_der_builder.ts";
import { der, deviceKey } from "./_fixtures.ts";

const { publicKeyDer } = readCertificateFields(der("device"));

Deno.test("publicKeyId() is the same for a private key and its certificate's public one", () => {
  const key = createPrivateKey({ key: Buffer.from(deviceKey()), format: "der", type: "pkcs8" });
  assertEquals(publicKeyId(key), publicKeyId(publicKeyDer));
  assertNotEquals(publicKeyId(key), publicKeyId(readCertificateFields(der("p384")).publicKeyDer));
});

Deno.test("publicKeyId() is the same for a point that is compressed", () => {
  const point = publicKeyDer.slice(-65);
  const compressed = ECDH.convertKey(point, "prime256v1", undefined, undefined, "compressed");
  const algorithm = sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7"));
  const bits = element(0x03, concat([Uint8Array.of(0), compressed as Buffer]));
  assertEquals(publicKeyId(sequence(algorithm, bits)), publicKeyId(publicKeyDer));
});

Deno.test("readPublicKey() knows no key of an unknown kind", () => {
  const unknown = sequence(sequence(oid("1.2.3")), element(0x03, Uint8Array.of(0, 1)));
  assertEquals(readPublicKey(unknown), undefined);
  assertEquals(publicKeyId(unknown), undefined);
});
