import { children, contextTag, type Element, parseElement, parseWhole, Tag } from "../der.ts";
import { expectOctets, expectOid, Fields } from "../der_values.ts";
import { algorithmName, readAlgorithm } from "./algorithms.ts";
import { readEncrypted } from "./decryption.ts";
import { UnsupportedAlgorithm } from "./errors.ts";
import { type MacData, readMacData } from "./mac.ts";
import { type Bags, type Reading, readSafeContents } from "./safe_contents.ts";
import type { Unlocking } from "./unlocking.ts";

const data = "1.2.840.113549.1.7.1";
const encryptedData = "1.2.840.113549.1.7.6";
const version3 = 3;
// [0] IMPLICIT OCTET STRING.
const implicitOctets = 0x80;

/** Bytes and where they stand in the file. */
export interface Content {
  bytes: Uint8Array;
  offset: number;
}

/** A PFX (RFC 7292 section 4) whose MAC is yet to be checked. */
export interface Pfx {
  authenticatedSafe: Content;
  mac: MacData | undefined;
  /** How many bytes follow its end. */
  trailing: number;
}

/** Reads the outermost structure; `undefined` if it is well-formed but not PKCS#12. */
export function readPfxStructure(file: Uint8Array): Pfx | undefined {
  const whole = parseElement(file);
  const [version] = whole.tag === Tag.sequence ? children(whole) : [];
  if (version?.tag !== Tag.integer || version.content.length !== 1) return undefined;
  if (version.content[0] !== version3) return undefined;
  const fields = new Fields(whole);
  fields.take();
  const { id, value } = readContentInfo(fields.take());
  if (id !== data) throw new UnsupportedAlgorithm(algorithmName(id));
  const mac = fields.hasNext ? readMacData(fields.take()) : undefined;
  return {
    authenticatedSafe: readData(value),
    mac,
    trailing: file.length - whole.encoded.length,
  };
}

/** Reads everything inside, decrypting where needed. */
export function readAuthenticatedSafe(safe: Content, unlocking: Unlocking): Bags {
  const reading: Reading = { ...unlocking, bags: { keys: [], certificates: [] } };
  for (const element of children(parseWhole(safe.bytes, safe.offset))) {
    const { id, value } = readContentInfo(element);
    if (id === data) readSafeContents(readData(value), reading);
    else if (id === encryptedData) readEncryptedSafe(value, reading);
    else throw new UnsupportedAlgorithm(algorithmName(id));
  }
  return reading.bags;
}

function readContentInfo(element: Element): { id: string; value: Element } {
  const fields = new Fields(element);
  const id = expectOid(fields.take());
  const value = new Fields(fields.take(), contextTag(0)).take();
  return { id, value };
}

function readData(value: Element): Content {
  return { bytes: expectOctets(value), offset: value.contentOffset };
}

/** EncryptedData (RFC 5652 section 8). */
function readEncryptedSafe(value: Element, reading: Reading): void {
  const fields = new Fields(value);
  fields.takeTag(Tag.integer);
  const info = new Fields(fields.take());
  info.takeTag(Tag.oid);
  const algorithm = readAlgorithm(info.take());
  const ciphertext = expectOctets(info.take(), implicitOctets);
  const read = (bytes: Uint8Array) => readSafeContents({ bytes, offset: 0 }, reading);
  readEncrypted({ algorithm, ciphertext, read }, reading);
}
