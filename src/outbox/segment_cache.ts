import type { Segment } from "./segment.ts";

/** So many at most: what is more is read from the file again when it is asked for. */
const MOST = 4096;

/** The segments that are being delivered, in order. */
export class SegmentCache {
  readonly #segments: Segment[] = [];
  #hint: Segment | undefined;

  /** The one in which a sequence lies. */
  find(sequence: number): Segment | undefined {
    if (this.#hint && isIn(this.#hint, sequence)) return this.#hint;
    const found = this.#segments[this.#position(sequence)];
    if (!found || !isIn(found, sequence)) return undefined;
    return this.#hint = found;
  }

  /** Keeps it in place of the one with the same messages. */
  put(segment: Segment): void {
    const at = this.#position(segment.range.last);
    const isThere = this.#segments[at]?.range.last === segment.range.last;
    this.#segments.splice(at, isThere ? 1 : 0, segment);
    if (this.#segments.length > MOST) this.#segments.shift();
    this.#hint = undefined;
  }

  /** It is no longer there. */
  delete(segment: Segment): void {
    const at = this.#position(segment.range.last);
    if (this.#segments[at]?.range.last === segment.range.last) this.#segments.splice(at, 1);
    this.#hint = undefined;
  }

  /** Where the first one stands that reaches so far. */
  #position(sequence: number): number {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#segments[middle]?.range.last ?? 0) < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isIn({ range }: Segment, sequence: number): boolean {
  return sequence >= range.first && sequence <= range.last;
}
