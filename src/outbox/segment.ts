import { checkedValue, openCheckedValue } from "./checked_value.ts";
import type { SegmentRange } from "./outbox_keys.ts";

/** Which messages of a segment are left. Small: what they say stays in the file. */
export class Segment {
  /** Where it stands. */
  readonly range: SegmentRange;
  /** How many values hold the rest of it. */
  readonly parts: number;
  readonly #sizes: Uint32Array;
  readonly #gone: Uint8Array;
  #count: number;
  #bytes: number;

  /** Its messages have payloads of these sizes; each bit of `gone` is one that is no longer there. */
  constructor(
    range: SegmentRange,
    options: { sizes: Uint32Array; parts: number; gone?: ArrayLike<number> },
  ) {
    const { sizes, parts, gone = [] } = options;
    this.range = range;
    this.parts = parts;
    this.#sizes = sizes;
    this.#gone = new Uint8Array(Math.ceil(sizes.length / 8));
    this.#gone.set(gone);
    this.#count = 0;
    this.#bytes = 0;
    sizes.forEach((size, i) => {
      if (!this.holds(range.first + i)) return;
      this.#count++;
      this.#bytes += size;
    });
  }

  /** How many messages are left. */
  get count(): number {
    return this.#count;
  }

  /** How many bytes of payload they are. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What is gone, as it stands in the file. */
  get goneValue(): Uint8Array<ArrayBuffer> {
    return checkedValue(this.#gone);
  }

  /** Whether this message is still there. */
  holds(sequence: number): boolean {
    const { first, last } = this.range;
    const at = sequence - first;
    return sequence >= first && sequence <= last &&
      ((this.#gone[at >> 3] ?? 0) & 1 << (at & 7)) === 0;
  }

  /** Forgets a message; how many bytes its payload had. */
  remove(sequence: number): void {
    if (!this.holds(sequence)) return;
    const at = sequence - this.range.first;
    this.#gone[at >> 3] = (this.#gone[at >> 3] ?? 0) | 1 << (at & 7);
    this.#count--;
    this.#bytes -= this.#sizes[at] ?? 0;
  }

  /** One to try changes on. */
  copy(): Segment {
    const { parts } = this;
    return new Segment(this.range, { sizes: this.#sizes, parts, gone: this.#gone });
  }
}

/** Which messages are gone, by the value in the file; `undefined` if it is damaged. */
export function openGoneValue(
  value: unknown,
  { first, last }: SegmentRange,
): Uint8Array | undefined {
  const gone = openCheckedValue(value);
  return gone?.length === Math.ceil((last - first + 1) / 8) ? gone : undefined;
}
