import { children, contextTag, type Element, parseWhole, Tag } from "../der.ts";
import { expectOctets, expectOid, Fields } from "../der_values.ts";
import { exportPrivateKey, loadPrivateKey } from "../private_key.ts";
import { readAlgorithm } from "./algorithms.ts";
import { type BagAttributes, readAttributes } from "./attributes.ts";
import { readEncrypted } from "./decryption.ts";
import { tooMany } from "./errors.ts";
import type { Unlocking } from "./unlocking.ts";

const maximumKeys = 16;
const maximumCertificates = 256;
const x509Certificate = "1.2.840.113549.1.9.22.1";

/** A key (as PKCS#8) or a certificate, and what its bag says about it. */
export interface Bag extends BagAttributes {
  bytes: Uint8Array;
}

/** Everything of use that a file holds, in its order. */
export interface Bags {
  keys: Bag[];
  certificates: Bag[];
}

/** The reading of one file. */
export interface Reading extends Unlocking {
  /** What was found so far. */
  bags: Bags;
}

/** Reads one SafeContents (RFC 7292 section 4.2) and adds what it holds to the bags. */
export function readSafeContents(
  content: { bytes: Uint8Array; offset: number },
  reading: Reading,
): void {
  const waiting = children(parseWhole(content.bytes, content.offset)).reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const fields = new Fields(next);
    const kind = expectOid(fields.take());
    const value = new Fields(fields.take(), contextTag(0)).take();
    const attributes = readAttributes(fields.takeOptional(Tag.set));
    // A bag of bags: its contents take its place.
    if (kind === "1.2.840.113549.1.12.10.1.6") waiting.push(...children(value).reverse());
    else readBag({ kind, value, attributes }, reading);
    assertFew(reading.bags);
  }
}

interface OpenBag {
  kind: string;
  value: Element;
  attributes: BagAttributes;
}

function readBag({ kind, value, attributes }: OpenBag, reading: Reading): void {
  const { bags, warnings } = reading;
  switch (kind) {
    case "1.2.840.113549.1.12.10.1.1":
      bags.keys.push({ bytes: normaliseKey(value.encoded), ...attributes });
      break;
    case "1.2.840.113549.1.12.10.1.2":
      bags.keys.push({ bytes: readShroudedKey(value, reading), ...attributes });
      break;
    case "1.2.840.113549.1.12.10.1.3": {
      const bytes = readCertificateBag(value, warnings);
      if (bytes !== undefined) bags.certificates.push({ bytes, ...attributes });
      break;
    }
    default:
      warnings.add(
        "It holds more than keys and certificates (revocation lists or secrets): that was left out.",
      );
  }
}

/** An EncryptedPrivateKeyInfo (RFC 5958 section 3), which is what an encrypted PKCS#8 file holds too. */
export function readShroudedKey(value: Element, unlocking: Unlocking): Uint8Array {
  const fields = new Fields(value);
  const algorithm = readAlgorithm(fields.take());
  const ciphertext = expectOctets(fields.take());
  const read = (plaintext: Uint8Array) => normaliseKey(parseWhole(plaintext).encoded);
  return readEncrypted({ algorithm, ciphertext, read }, unlocking);
}

function normaliseKey(pkcs8: Uint8Array): Uint8Array {
  return exportPrivateKey(loadPrivateKey(pkcs8));
}

function readCertificateBag(value: Element, warnings: Set<string>): Uint8Array | undefined {
  const fields = new Fields(value);
  const kind = expectOid(fields.take());
  if (kind !== x509Certificate) {
    warnings.add("It holds a certificate that is not X.509: that was left out.");
    return undefined;
  }
  const wrapped = new Fields(fields.take(), contextTag(0)).take();
  // A copy, for the decrypted bytes around it are about to be overwritten.
  return expectOctets(wrapped).slice();
}

function assertFew({ keys, certificates }: Bags): void {
  if (keys.length > maximumKeys) throw tooMany(`it holds more than ${maximumKeys} keys`);
  if (certificates.length > maximumCertificates) {
    throw tooMany(`it holds more than ${maximumCertificates} certificates`);
  }
}
