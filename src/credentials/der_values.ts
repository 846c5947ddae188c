import { children, DerError, type Element, expectTag, Tag } from "./der.ts";

const constructedBit = 0x20;

/** Takes the elements of a SEQUENCE (or of another constructed element) one after the other. */
export class Fields {
  readonly #parent: Element;
  readonly #elements: Element[];
  #next = 0;

  constructor(parent: Element, tag: number = Tag.sequence) {
    this.#parent = expectTag(parent, tag);
    this.#elements = children(parent);
  }

  /** The next element, whatever it is. */
  take(): Element {
    const element = this.#elements[this.#next++];
    if (element !== undefined) return element;
    throw new DerError(this.#parent.offset, "an element is missing in what begins there");
  }

  /** The next element, which has that tag. */
  takeTag(tag: number): Element {
    return expectTag(this.take(), tag);
  }

  /** The next element if it has that tag; otherwise it stays. */
  takeOptional(tag: number): Element | undefined {
    const element = this.#elements[this.#next];
    if (element?.tag !== tag) return undefined;
    this.#next++;
    return element;
  }

  /** Whether an element is left. */
  get hasNext(): boolean {
    return this.#next < this.#elements.length;
  }
}

/** BER allows an OCTET STRING to be cut into segments, which may be cut again. */
function octets(element: Element): Uint8Array {
  if ((element.tag & constructedBit) === 0) return element.content;
  const segments: Uint8Array[] = [];
  const waiting = children(element).reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.tag === Tag.octetString) segments.push(next.content);
    else waiting.push(...children(expectTag(next, Tag.octetString | constructedBit)).reverse());
  }
  return concatenate(segments);
}

/** All segments in one. */
export function concatenate(segments: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(segments.reduce((sum, segment) => sum + segment.length, 0));
  let at = 0;
  for (const segment of segments) {
    whole.set(segment, at);
    at += segment.length;
  }
  return whole;
}

/**
 * The bytes of an OCTET STRING, whole or in segments.
 *
 * @param tag Another tag, for one that is IMPLICITly tagged.
 */
export function expectOctets(element: Element, tag: number = Tag.octetString): Uint8Array {
  expectTag({ ...element, tag: element.tag & ~constructedBit }, tag);
  return octets(element);
}

/** A number from `minimum` on. One of more than 48 bits reads as the largest safe integer. */
export function expectCount(element: Element, minimum = 0): number {
  const { content, offset } = expectTag(element, Tag.integer);
  const first = content[0];
  if (first === undefined || first >= 0x80) throw new DerError(offset, "a count below zero");
  if (content.length > 6) return Number.MAX_SAFE_INTEGER;
  const count = content.reduce((value, byte) => value * 256 + byte, 0);
  if (count < minimum) throw new DerError(offset, `${count} where at least ${minimum} belongs`);
  return count;
}

/** An OBJECT IDENTIFIER in its dotted form. */
export function expectOid(element: Element): string {
  const { content, offset } = expectTag(element, Tag.oid);
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first, ...rest] = arcs;
  const isWhole = (content.at(-1) ?? 0x80) < 0x80;
  if (first === undefined || !isWhole || arcs.length > 32 || !arcs.every(Number.isSafeInteger)) {
    throw new DerError(offset, "not an object identifier");
  }
  // The first two arcs share a number (X.690 section 8.19.4).
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join(".");
}
