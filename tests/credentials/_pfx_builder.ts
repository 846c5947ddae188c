/** Writes PKCS#12 files that no tool would write: several keys, foreign keys, wrong counts. Nothing is encrypted. */
import { createHash, createHmac } from "node:crypto";
import {
  bmpString,
  concat,
  context0,
  integer,
  octets,
  oid,
  sequence,
  set,
} from "./_der_builder.ts";

const sha256 = "2.16.840.1.101.3.4.2.1";

/** What a bag is to say about itself. */
export interface BagText {
  alias?: string;
  localKeyId?: Uint8Array;
}

/** A bag with a private key in it, as PKCS#8. */
export function keyBag(pkcs8: Uint8Array, text: BagText = {}): Uint8Array {
  return bag("1.2.840.113549.1.12.10.1.1", pkcs8, text);
}

/** A bag with a certificate in it, as DER. */
export function certificateBag(der: Uint8Array, text: BagText = {}): Uint8Array {
  const value = sequence(oid("1.2.840.113549.1.9.22.1"), context0(octets(der)));
  return bag("1.2.840.113549.1.12.10.1.3", value, text);
}

/** Any bag. */
export function bag(kind: string, value: Uint8Array, text: BagText = {}): Uint8Array {
  const attributes = [];
  if (text.alias !== undefined) {
    attributes.push(sequence(oid("1.2.840.113549.1.9.20"), set(bmpString(text.alias))));
  }
  if (text.localKeyId !== undefined) {
    attributes.push(sequence(oid("1.2.840.113549.1.9.21"), set(octets(text.localKeyId))));
  }
  return sequence(oid(kind), context0(value), ...attributes.length > 0 ? [set(...attributes)] : []);
}

/** ContentInfo with bags in the open. */
export function openSafe(...bags: Uint8Array[]): Uint8Array {
  return contentInfo("1.2.840.113549.1.7.1", octets(sequence(...bags)));
}

/** Any ContentInfo. */
export function contentInfo(kind: string, value: Uint8Array): Uint8Array {
  return sequence(oid(kind), context0(value));
}

/** How {@linkcode buildPfx} is to seal a file. */
export interface MacText {
  /** `null` is no password at all, which is not the same as an empty one. */
  password?: string | null;
  /** What the file says; the MAC itself is made with one. */
  iterations?: number;
  /** The name of the hash, right or wrong. */
  hash?: string;
}

/** A whole file, with a MAC for `mac.password`, or without any. */
export function buildPfx(safes: Uint8Array[], mac?: MacText): Uint8Array<ArrayBuffer> {
  const authenticated = sequence(...safes);
  const content = contentInfo("1.2.840.113549.1.7.1", octets(authenticated));
  const seal = mac === undefined ? [] : [macData(authenticated, mac)];
  return sequence(integer(3), content, ...seal);
}

/** MacData over one round of SHA-256. */
export function macData(content: Uint8Array, mac: MacText): Uint8Array {
  const { password = "secret", iterations = 1, hash = sha256 } = mac;
  const salt = new Uint8Array(8).fill(7);
  const value = createHmac("sha256", macKey(password, salt)).update(content).digest();
  const digestInfo = sequence(sequence(oid(hash)), octets(value));
  return sequence(digestInfo, octets(salt), integer(iterations));
}

/** RFC 7292 appendix B for one block, one round and a key: all that is needed here. */
function macKey(password: string | null, salt: Uint8Array): Uint8Array {
  const bmp = password === null
    ? []
    : [repeat(concat([bmpString(password).subarray(2), new Uint8Array(2)]))];
  const diversifier = new Uint8Array(64).fill(3);
  return createHash("sha256").update(concat([diversifier, repeat(salt), ...bmp])).digest();
}

/** The bytes over and over, to the length of one block. */
function repeat(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: 64 }, (_, i) => bytes[i % bytes.length] ?? 0);
}
