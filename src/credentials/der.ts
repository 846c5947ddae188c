/**
 * Reads ASN.1 in its two encodings: DER, and the BER that some makers of PKCS#12 files write.
 *
 * The rules, all of which hold for hostile bytes too:
 *
 * 1. {@linkcode parseElement} first walks the whole structure, without recursion: every length must fit, nothing may
 *    be nested deeper than 32, and there may be no more than 20 000 elements. Only then is anything looked at.
 * 2. Only constructed elements are walked. What an OCTET STRING contains is opaque until somebody who knows what it
 *    should be parses it.
 * 3. Nothing is copied, except the segments of a constructed OCTET STRING.
 *
 * Both definite and indefinite lengths are read (X.690 sections 8.1.3.3 to 8.1.3.6).
 *
 * @module
 */

const maximumDepth = 32;
const maximumElements = 20_000;
const constructedBit = 0x20;
const endOfContents = 0x00;

/** The identifier bytes that are used here. */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The identifier byte of the constructed element `[number]`. */
export function contextTag(number: number): number {
  return 0xa0 | number;
}

/** One element: its identifier byte, its bytes and where in the input they stand. */
export interface Element {
  readonly tag: number;
  /** Where the element begins, counted from the start of the input. */
  readonly offset: number;
  /** Header and content. */
  readonly encoded: Uint8Array;
  readonly content: Uint8Array;
  readonly contentOffset: number;
}

/** The bytes are not the structure that was expected. Never leaves this folder: readers say whose file it is. */
export class DerError extends Error {
  /** The first byte that does not fit. */
  readonly offset: number;

  constructor(offset: number, reason: string) {
    super(reason);
    this.name = "DerError";
    this.offset = offset;
  }
}

/**
 * Reads the element at the start of `bytes` and checks its whole structure.
 *
 * @param offset Where `bytes` stands in the input, for the message of an error.
 */
export function parseElement(bytes: Uint8Array, offset = 0): Element {
  return elementAt(bytes, 0, offset, endOfElement(bytes, 0, offset));
}

/** Like {@linkcode parseElement}, for bytes that must end where the element does. */
export function parseWhole(bytes: Uint8Array, offset = 0): Element {
  const element = parseElement(bytes, offset);
  const end = element.encoded.length;
  if (end !== bytes.length) throw new DerError(offset + end, "more bytes than the element has");
  return element;
}

/** The elements inside a constructed one. */
export function children(parent: Element): Element[] {
  if ((parent.tag & constructedBit) === 0) {
    throw new DerError(parent.offset, "a constructed element was expected");
  }
  const { content, contentOffset } = parent;
  const found: Element[] = [];
  for (let at = 0; at < content.length;) {
    const child = elementAt(content, at, contentOffset, endOfElement(content, at, contentOffset));
    found.push(child);
    at += child.encoded.length;
  }
  return found;
}

/** @throws {DerError} If the element has another tag. */
export function expectTag(element: Element, tag: number): Element {
  if (element.tag === tag) return element;
  throw new DerError(element.offset, `tag ${hexByte(element.tag)} where ${hexByte(tag)} belongs`);
}

interface Header {
  tag: number;
  /** How many bytes the identifier and the length take. */
  size: number;
  /** Bytes of content, or `undefined` for an indefinite length. */
  length: number | undefined;
}

function readHeader(bytes: Uint8Array, at: number, base: number): Header {
  const tag = byteAt(bytes, at, base);
  if ((tag & 0x1f) === 0x1f) throw new DerError(base + at, "a tag of several bytes");
  const first = byteAt(bytes, at + 1, base);
  if (first < 0x80) return { tag, size: 2, length: first };
  if (first === 0x80) {
    if ((tag & constructedBit) === 0) {
      throw new DerError(base + at + 1, "a primitive element of indefinite length");
    }
    return { tag, size: 2, length: undefined };
  }
  const count = first & 0x7f;
  if (count > 4) throw new DerError(base + at + 1, `a length of ${count} bytes`);
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + byteAt(bytes, at + 2 + i, base);
  return { tag, size: 2 + count, length };
}

function byteAt(bytes: Uint8Array, at: number, base: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new DerError(base + at, "the bytes end there");
  return byte;
}

/** Walks one element and all constructed ones inside it; answers where it ends. */
function endOfElement(bytes: Uint8Array, start: number, base: number): number {
  // Where each open element ends; `undefined` for those that an end-of-contents closes.
  const open: (number | undefined)[] = [];
  let at = start;
  for (let count = 0; count < maximumElements; count++) {
    const header = readHeader(bytes, at, base);
    if (header.tag === endOfContents) closeIndefinite(open, header, base + at);
    const limit = open.findLast((end) => end !== undefined) ?? bytes.length;
    const content = at + header.size;
    const end = header.length === undefined ? undefined : content + header.length;
    if (content > limit || (end !== undefined && end > limit)) {
      throw new DerError(base + at, "what begins there is longer than what is left");
    }
    if ((header.tag & constructedBit) === 0) at = end ?? content;
    else {
      if (open.length === maximumDepth) {
        throw new DerError(base + at, `nested deeper than ${maximumDepth}`);
      }
      open.push(end);
      at = content;
    }
    while (open.length > 0 && open.at(-1) === at) open.pop();
    if (open.length === 0) return at;
  }
  throw new DerError(base + at, `more than ${maximumElements} elements`);
}

function closeIndefinite(open: (number | undefined)[], header: Header, offset: number): void {
  if (header.length !== 0 || open.length === 0 || open.pop() !== undefined) {
    throw new DerError(offset, "an end-of-contents where none belongs");
  }
}

function elementAt(bytes: Uint8Array, at: number, base: number, end: number): Element {
  const header = readHeader(bytes, at, base);
  const contentAt = at + header.size;
  return {
    tag: header.tag,
    offset: base + at,
    encoded: bytes.subarray(at, end),
    // An indefinite length ends in the two bytes of an end-of-contents.
    content: bytes.subarray(contentAt, header.length === undefined ? end - 2 : end),
    contentOffset: base + contentAt,
  };
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
