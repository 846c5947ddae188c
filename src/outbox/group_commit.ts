import { StoreError } from "../errors.ts";
import type { MessageToKeep } from "./message.ts";
import { goneKey, looseKey, segmentKey } from "./outbox_keys.ts";
import type { OutboxTable, Totals } from "./outbox_table.ts";
import type { Segment } from "./segment.ts";
import { encodeSegment, isLarge, type SegmentRecord, splitIntoSegments } from "./segment_record.ts";

/** So many segments may lose messages in one commit, which takes a thousand changes. */
const MOST_SEGMENTS = 200;

/** What goes into one commit: messages that are gone, then messages that are new. */
export class GroupCommit {
  readonly #table: OutboxTable;
  // By their last sequence: copies, as the commit may fail.
  readonly #changed = new Map<number, Segment>();
  #count = 0;
  #bytes = 0;

  constructor(table: OutboxTable) {
    this.#table = table;
  }

  /** Whether no more messages can be removed in this commit. */
  get isFull(): boolean {
    return this.#changed.size >= MOST_SEGMENTS;
  }

  /** Whether there is nothing to do. */
  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** How much goes, as of now. */
  get removed(): { count: number; bytes: number } {
    return { count: this.#count, bytes: this.#bytes };
  }

  /** Forgets a message, if it is there. */
  async remove(sequence: number): Promise<void> {
    const segment = this.#table.findKnown(sequence) ?? await this.#table.find(sequence);
    if (segment) this.#forget(segment, sequence);
  }

  /** Forgets the oldest messages until there are few enough, or the commit is full; returns which. */
  async removeOldest(areTooMany: () => boolean): Promise<number[]> {
    const removed: number[] = [];
    if (!areTooMany()) return removed;
    for await (const { segment } of this.#table.segments(0)) {
      const { first, last } = segment.range;
      for (let sequence = first; sequence <= last; sequence++) {
        if (!areTooMany() || this.isFull && sequence === first) return removed;
        if (this.#forget(segment, sequence)) removed.push(sequence);
      }
    }
    return removed;
  }

  /** Does it all, with these messages at the end; returns the sequence of the first of them. */
  async commit(messages: readonly MessageToKeep[]): Promise<number> {
    const { next, count, bytes } = this.#table.totals;
    const records: SegmentRecord[] = [];
    const totals: Totals = { next, count: count - this.#count, bytes: bytes - this.#bytes };
    for (const segment of splitIntoSegments(messages)) {
      const record = await encodeSegment(segment, {
        first: totals.next,
        sealer: this.#table.sealer,
      });
      await this.#table.writeParts(totals.next, record.parts);
      records.push(record);
      totals.next += segment.length;
      totals.count += segment.length;
      totals.bytes += record.range.bytes;
    }
    await this.#table.commit((operation) => {
      for (const segment of this.#changed.values()) writeChange(operation, segment);
      for (const { range, value, parts } of records) {
        operation.set(segmentKey(range), value);
        if (parts.length > 0) operation.delete(looseKey(range.first));
      }
    }, totals);
    for (const segment of this.#changed.values()) this.#table.update(segment);
    if (this.#leavesParts()) await this.#sweep();
    return next;
  }

  #leavesParts(): boolean {
    return this.#changed.values().some(({ count, parts }) => count === 0 && parts > 0);
  }

  async #sweep(): Promise<void> {
    try {
      await this.#table.sweep();
    } catch (error) {
      // All is committed already. What is left behind is marked, and goes the next time.
      if (!(error instanceof StoreError)) throw error;
    }
  }

  #forget(segment: Segment, sequence: number): boolean {
    const { last } = segment.range;
    let copy = this.#changed.get(last);
    if (!(copy ?? segment).holds(sequence)) return false;
    if (!copy) this.#changed.set(last, copy = segment.copy());
    const before = copy.bytes;
    copy.remove(sequence);
    this.#count++;
    this.#bytes += before - copy.bytes;
    return true;
  }
}

function writeChange(operation: Deno.AtomicOperation, segment: Segment): void {
  const { range, count, parts } = segment;
  if (count > 0) operation.set(goneKey(range), segment.goneValue);
  else {
    operation.delete(segmentKey(range)).delete(goneKey(range));
    if (parts > 0) operation.set(looseKey(range.first), true);
  }
}

/** How many of these messages go into one commit: a large one is alone. */
export function countInGroup(
  additions: Iterable<{ message: MessageToKeep }>,
  limits: { maximumCount: number; maximumBytes: number },
): number {
  let count = 0;
  let encoded = 0;
  let payload = 0;
  for (const { message } of additions) {
    encoded += message.payload.length + 3 * message.topic.length;
    payload += message.payload.length;
    const isTooMuch = encoded > MOST_BYTES || payload > limits.maximumBytes ||
      count >= limits.maximumCount;
    if (count > 0 && (isTooMuch || isLarge(message))) return count;
    count++;
    if (isLarge(message)) return count;
  }
  return count;
}

/** A commit takes 800 KiB. */
const MOST_BYTES = 600_000;
