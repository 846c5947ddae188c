import { children, DerError, type Element, expectTag, Tag } from "./der.ts";
import { expectOid, Fields } from "./der_values.ts";

const commonNameOid = "2.5.4.3";

// The short names of RFC 4514 section 3, and the one that old certificates are full of.
const shortNames = new Map([
  [commonNameOid, "CN"],
  ["2.5.4.6", "C"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["0.9.2342.19200300.100.1.25", "DC"],
  ["0.9.2342.19200300.100.1.1", "UID"],
  ["1.2.840.113549.1.9.1", "emailAddress"],
]);

/** A distinguished name, readable. */
export interface DistinguishedName {
  /** In the order of the certificate, escaped as RFC 4514 escapes it; control characters as `\XX`. */
  text: string;
  /** The last common name, which is the most specific one; exactly as it stands there. */
  commonName?: string;
}

/** Reads a Name (RFC 5280 section 4.1.2.4) from its DER, so that no character of a value is mistaken for syntax. */
export function readDistinguishedName(name: Element): DistinguishedName {
  let commonName: string | undefined;
  const parts = children(expectTag(name, Tag.sequence)).map((relative) => {
    const attributes = children(expectTag(relative, Tag.set));
    return attributes.map((attribute) => {
      const fields = new Fields(attribute);
      const type = expectOid(fields.take());
      const value = directoryString(fields.take());
      if (type === commonNameOid) commonName = value;
      return `${shortNames.get(type) ?? type}=${escapeValue(value)}`;
    }).join("+");
  });
  return { text: parts.join(", "), ...(commonName === undefined ? {} : { commonName }) };
}

/** Decodes any of the string types that a name may hold. */
export function directoryString(element: Element): string {
  const { tag, content, offset } = element;
  try {
    if (tag === Tag.bmpString) return new TextDecoder("utf-16be", { fatal: true }).decode(content);
    if (tag === Tag.universalString) return decodeUtf32(content);
    // T.61 in its own sense is extinct: what is found under its tag is Latin-1.
    if (tag === Tag.t61String) return String.fromCharCode(...content);
    if ([Tag.utf8String, Tag.printableString, Tag.ia5String].some((known) => known === tag)) {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
    }
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw new DerError(offset, "a text that its encoding does not allow");
  }
  // Numbers and bit strings have no text; their bytes tell two names apart.
  return `#${content.toHex()}`;
}

function decodeUtf32(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = "";
  for (let at = 0; at < bytes.length; at += 4) text += String.fromCodePoint(view.getUint32(at));
  return text;
}

function escapeValue(value: string): string {
  return value
    .replace(/[\\",+;<>=]/g, "\\$&")
    .replace(/^[ #]| $/g, "\\$&")
    .replace(/\p{Cc}/gu, (control) => `\\${hexByte(control.charCodeAt(0)).toUpperCase()}`);
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
