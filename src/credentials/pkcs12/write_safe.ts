/**
 * Writes the inside of a PKCS#12 file: bags of certificates and keys, encrypted (RFC 7292 section 4.2).
 *
 * @module
 */

import { createCipheriv, pbkdf2Sync } from "node:crypto";
import { concatenate } from "../der_values.ts";
import type { BagAttributes } from "./attributes.ts";
import {
  bmpString,
  context0,
  element,
  integer,
  objectId,
  octetString,
  sequence,
  setOf,
} from "./write_der.ts";

/** With what the contents are encrypted. */
export interface Lock {
  /** The password, in UTF-8. */
  password: Uint8Array;
  /** How often it is hashed, each time with a new salt. */
  iterations: number;
}

const data = "1.2.840.113549.1.7.1";
const encryptedData = "1.2.840.113549.1.7.6";
const shroudedKeyBag = "1.2.840.113549.1.12.10.1.2";
const certificateBag = "1.2.840.113549.1.12.10.1.3";
const x509Certificate = "1.2.840.113549.1.9.22.1";
const friendlyName = "1.2.840.113549.1.9.20";
const localKeyId = "1.2.840.113549.1.9.21";
const pbes2 = "1.2.840.113549.1.5.13";
const pbkdf2 = "1.2.840.113549.1.5.12";
const hmacSha256 = "1.2.840.113549.2.9";
const aes256Cbc = "2.16.840.1.101.3.4.1.42";

/** An ASN.1 NULL. */
export const nothing: Uint8Array = Uint8Array.of(0x05, 0);
// [0] IMPLICIT OCTET STRING.
const implicitOctets = 0x80;

/** ContentInfo of bytes in the open. */
export function dataContent(bytes: Uint8Array): Uint8Array {
  return sequence(objectId(data), context0(octetString(bytes)));
}

/** ContentInfo of bytes that are encrypted (RFC 5652 section 8). */
export function encryptedContent(bytes: Uint8Array, lock: Lock): Uint8Array {
  const { algorithm, ciphertext } = encrypt(bytes, lock);
  const info = sequence(objectId(data), algorithm, element(implicitOctets, ciphertext));
  return sequence(objectId(encryptedData), context0(sequence(integer(0), info)));
}

/** A bag with a certificate, as DER. */
export function writeCertificateBag(der: Uint8Array, attributes: BagAttributes = {}): Uint8Array {
  const value = sequence(objectId(x509Certificate), context0(octetString(der)));
  return sequence(objectId(certificateBag), context0(value), ...writeAttributes(attributes));
}

/** A bag with a private key, as PKCS#8, which is encrypted by itself. */
export function writeKeyBag(
  pkcs8: Uint8Array,
  { lock, ...attributes }: BagAttributes & { lock: Lock },
): Uint8Array {
  const { algorithm, ciphertext } = encrypt(pkcs8, lock);
  const value = sequence(algorithm, octetString(ciphertext));
  return sequence(objectId(shroudedKeyBag), context0(value), ...writeAttributes(attributes));
}

/** PBES2 (RFC 8018 section 6.2) with PBKDF2-HMAC-SHA-256 and AES-256-CBC. */
function encrypt(
  plaintext: Uint8Array,
  { password, iterations }: Lock,
): { algorithm: Uint8Array; ciphertext: Uint8Array } {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(16));
  const key = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const ciphertext = concatenate([cipher.update(plaintext), cipher.final()]);
  key.fill(0);
  const prf = sequence(objectId(hmacSha256), nothing);
  const settings = sequence(octetString(salt), integer(iterations), prf);
  const derivation = sequence(objectId(pbkdf2), settings);
  const scheme = sequence(objectId(aes256Cbc), octetString(iv));
  return { algorithm: sequence(objectId(pbes2), sequence(derivation, scheme)), ciphertext };
}

function writeAttributes({ alias, localKeyId: id }: BagAttributes): Uint8Array[] {
  const attributes: Uint8Array[] = [];
  if (alias !== undefined) attributes.push(attribute(friendlyName, bmpString(alias)));
  if (id !== undefined) attributes.push(attribute(localKeyId, octetString(Uint8Array.fromHex(id))));
  return attributes.length === 0 ? [] : [setOf(...attributes)];
}

function attribute(id: string, value: Uint8Array): Uint8Array {
  return sequence(objectId(id), setOf(value));
}
