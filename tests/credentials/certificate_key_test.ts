import { assertEquals } from "@std/assert";
import { describePublicKey } from "../../src/credentials/certificate_key.ts";
import { parseElement } from "../../src/credentials/der.ts";
import { readCertificate } from "../../src/credentials/certificate.ts";
import { concat, element, integer, oid, sequence } from "./_der_builder.ts";
import { der } from "./_fixtures.ts";

for (
  const [fixture, keyType] of [
    ["device", "EC P-256"],
    ["p384", "EC P-384"],
    ["p521", "EC P-521"],
    ["ed25519", "Ed25519"],
    ["rsa2048", "RSA 2048"],
    ["rsa_pss", "RSA-PSS"],
  ] as const
) {
  Deno.test(`describePublicKey() says ${keyType}`, () => {
    assertEquals(readCertificate(der(fixture)).keyType, keyType);
  });
}

function describe(algorithm: Uint8Array, key = new Uint8Array()): string {
  const bits = element(0x03, concat([Uint8Array.of(0), key]));
  return describePublicKey(parseElement(sequence(algorithm, bits)));
}

Deno.test("describePublicKey() counts the bits of a modulus, not its bytes", () => {
  const rsa = sequence(oid("1.2.840.113549.1.1.1"));
  const modulus = (...bytes: number[]) =>
    sequence(element(0x02, Uint8Array.from(bytes)), integer(3));
  assertEquals(describe(rsa, modulus(0, 0x80, 0)), "RSA 16");
  assertEquals(describe(rsa, modulus(0x01, 0, 0)), "RSA 17");
  assertEquals(describe(rsa, modulus(0)), "RSA 0");
});

Deno.test("describePublicKey() names what it does not know by its number", () => {
  const ec = oid("1.2.840.10045.2.1");
  assertEquals(describe(sequence(oid("1.2.3"))), "1.2.3");
  assertEquals(describe(sequence(ec, oid("1.3.36.3.3.2.8.1.1.7"))), "EC 1.3.36.3.3.2.8.1.1.7");
  assertEquals(describe(sequence(ec, sequence())), "EC with parameters of its own");
});
