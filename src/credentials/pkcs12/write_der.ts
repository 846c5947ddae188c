/**
 * Writes ASN.1 in DER: as much of it as a PKCS#12 file is made of.
 *
 * @module
 */

import { contextTag, Tag } from "../der.ts";
import { concatenate } from "../der_values.ts";

/** One element: its tag, its length, and the contents one after the other. */
export function element(tag: number, ...contents: Uint8Array[]): Uint8Array {
  const content = concatenate(contents);
  return concatenate([Uint8Array.of(tag, ...lengthBytes(content.length)), content]);
}

/** A SEQUENCE of these elements. */
export function sequence(...elements: Uint8Array[]): Uint8Array {
  return element(Tag.sequence, ...elements);
}

/** A SET of these elements, in the order that DER wants (X.690 section 11.6). */
export function setOf(...elements: Uint8Array[]): Uint8Array {
  const sorted = elements.toSorted((one, other) => one.toHex() < other.toHex() ? -1 : 1);
  return element(Tag.set, ...sorted);
}

/** `[0]` around an element. */
export function context0(value: Uint8Array): Uint8Array {
  return element(contextTag(0), value);
}

/** An OCTET STRING. */
export function octetString(bytes: Uint8Array): Uint8Array {
  return element(Tag.octetString, bytes);
}

/** A whole number from 0 on. */
export function integer(value: number): Uint8Array {
  const bytes = bigEndian(value);
  // The first bit is the sign.
  return element(Tag.integer, Uint8Array.of(...(bytes[0] ?? 0) >= 0x80 ? [0] : [], ...bytes));
}

/** An OBJECT IDENTIFIER, from its dotted form. */
export function objectId(dotted: string): Uint8Array {
  const [root = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  // The first two arcs share a number (X.690 section 8.19.4).
  return element(Tag.oid, Uint8Array.from([40 * root + second, ...rest].flatMap(base128)));
}

/** A text in big-endian UTF-16. */
export function bmpString(text: string): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i));
  return element(Tag.bmpString, bytes);
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes = bigEndian(length);
  return [0x80 | bytes.length, ...bytes];
}

function bigEndian(value: number): number[] {
  const bytes = [value % 256];
  for (let rest = Math.floor(value / 256); rest > 0; rest = Math.floor(rest / 256)) {
    bytes.unshift(rest % 256);
  }
  return bytes;
}

/** Seven bits a byte; all but the last have their first bit set. */
function base128(arc: number): number[] {
  const bytes = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.unshift(0x80 | rest % 128);
  }
  return bytes;
}
