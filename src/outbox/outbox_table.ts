/**
 * The segments of an outbox that is open. What is remembered here is bounded: the totals, and which messages
 * are left of the segments that are being delivered.
 */
import { checkedValue, openCheckedValue } from "./checked_value.ts";
import type { KeptMessage } from "./message.ts";
import { decodeNumbers, encodeNumbers } from "./numbers.ts";
import type { OutboxDatabase } from "./outbox_database.ts";
import { damagedMessages, outboxDamaged } from "./outbox_errors.ts";
import {
  LOOSE_PREFIX,
  looseKey,
  parseSegmentKey,
  partKey,
  partsPrefix,
  type SegmentRange,
  segmentsBehind,
  TOTALS_KEY,
} from "./outbox_keys.ts";
import type { Sealer } from "./sealer.ts";
import { openGoneValue, Segment } from "./segment.ts";
import { SegmentCache } from "./segment_cache.ts";
import { countParts, decodeSegment } from "./segment_record.ts";

/** How many messages are kept, how many bytes of payload they are, and which sequence is next. */
export interface Totals {
  next: number;
  count: number;
  bytes: number;
}

/** A segment as it was read. */
interface ReadSegment {
  segment: Segment;
  /** Those that are left; `undefined` if they are damaged. */
  messages: KeptMessage[] | undefined;
}

interface StoredSegment {
  range: SegmentRange;
  value: unknown;
  gone: unknown;
}

/** A commit takes 800 KiB, and a thousand changes. */
const PARTS_PER_COMMIT = 12;
const DELETIONS_PER_COMMIT = 500;

/** The segments in the file, one caller at a time. */
export class OutboxTable {
  readonly #database: OutboxDatabase;
  readonly #path: string;
  readonly #cache = new SegmentCache();
  /** Seals what is written, if there is a key. */
  readonly sealer: Sealer | undefined;
  /** As of the last commit. */
  totals: Totals = { next: 1, count: 0, bytes: 0 };

  constructor(database: OutboxDatabase, options: { path: string; sealer: Sealer | undefined }) {
    this.#database = database;
    this.#path = options.path;
    this.sealer = options.sealer;
  }

  /** Reads the totals, or counts anew where they are damaged, and takes away what an earlier run left behind. */
  async begin(): Promise<void> {
    const stored = openCheckedValue(await this.#database.read(TOTALS_KEY));
    const [next, count, bytes] = stored ? decodeNumbers(stored) : [];
    if (next !== undefined && count !== undefined && bytes !== undefined) {
      this.totals = { next, count, bytes };
    } else this.totals = await this.#recount();
    await this.sweep();
  }

  /** The messages behind a sequence, at most so many. Throws if the first of them cannot be read. */
  async read(after: number, limit: number): Promise<KeptMessage[]> {
    const found: KeptMessage[] = [];
    for await (const { segment, messages } of this.segments(after)) {
      if (found.length >= limit) break;
      if (messages) {
        this.#cache.put(segment);
        found.push(...messages.filter(({ sequence }) => sequence > after));
      } else if (found.length > 0) break;
      else throw damagedMessages(this.#path, segment.range);
    }
    return found.slice(0, Math.max(0, limit));
  }

  /** The segment in which a message is that is left. */
  async find(sequence: number): Promise<Segment | undefined> {
    const known = this.#cache.find(sequence);
    if (known) return known;
    for await (const { segment } of this.segments(sequence - 1)) {
      if (!segment.holds(sequence)) break;
      this.#cache.put(segment);
      return segment;
    }
    return undefined;
  }

  /** The same where it is known already: with nothing to wait for. */
  findKnown(sequence: number): Segment | undefined {
    return this.#cache.find(sequence);
  }

  /** The segments that reach behind a sequence, oldest first. */
  async *segments(after: number): AsyncGenerator<ReadSegment> {
    for await (const stored of this.#stored(after)) yield await this.#open(stored);
  }

  /** Does all of it or nothing, and counts it. */
  async commit(
    build: (operation: Deno.AtomicOperation) => void,
    totals: Totals,
  ): Promise<void> {
    const { next, count, bytes } = totals;
    await this.#database.commit((operation) => {
      build(operation);
      operation.set(TOTALS_KEY, checkedValue(encodeNumbers([next, count, bytes])));
    });
    this.totals = totals;
  }

  /** Takes over what was committed of a segment. */
  update(segment: Segment): void {
    if (segment.count > 0) this.#cache.put(segment);
    else this.#cache.delete(segment);
  }

  /** Puts the parts of a message there, which does not count yet. */
  async writeParts(sequence: number, parts: readonly Uint8Array[]): Promise<void> {
    for (let from = 0; from < parts.length; from += PARTS_PER_COMMIT) {
      await this.#database.commit((operation) => {
        operation.set(looseKey(sequence), true);
        parts.slice(from, from + PARTS_PER_COMMIT).forEach((part, i) => {
          operation.set(partKey(sequence, from + i), part);
        });
      });
    }
  }

  /** Deletes parts of messages that never came to count, or no longer do. */
  async sweep(): Promise<void> {
    for await (const { key } of this.#database.list({ prefix: LOOSE_PREFIX })) {
      const sequence = key.at(-1);
      if (typeof sequence !== "number") throw this.#unknownKey();
      let parts: Deno.KvKey[] = [];
      for await (const part of this.#database.list({ prefix: partsPrefix(sequence) })) {
        if (parts.push(part.key) < DELETIONS_PER_COMMIT) continue;
        await this.#delete(parts);
        parts = [];
      }
      await this.#delete([...parts, key]);
    }
  }

  async #delete(keys: readonly Deno.KvKey[]): Promise<void> {
    await this.#database.commit((operation) => keys.forEach((key) => operation.delete(key)));
  }

  async *#stored(after: number): AsyncGenerator<StoredSegment> {
    let current: StoredSegment | undefined;
    for await (const { key, value } of this.#database.list(segmentsBehind(after))) {
      const parsed = parseSegmentKey(key);
      if (!parsed) throw this.#unknownKey();
      if (parsed.isGone && current?.range.last === parsed.range.last) current.gone = value;
      else {
        if (current) yield current;
        current = parsed.isGone ? undefined : { range: parsed.range, value, gone: undefined };
      }
    }
    if (current) yield current;
  }

  async #open({ range, value, gone }: StoredSegment): Promise<ReadSegment> {
    const count = countParts(value);
    const parts = count === 0 ? [] : await this.#readParts(range.first, count);
    const messages = await decodeSegment({ range, value, parts }, this.sealer);
    const sizes = messages?.map(({ payload }) => payload.length) ?? [];
    const goneBits = gone === undefined ? new Uint8Array() : openGoneValue(gone, range);
    const isWhole = sizes.length === range.last - range.first + 1 &&
      sizes.reduce((sum, size) => sum + size, 0) === range.bytes;
    if (!messages || !goneBits || !isWhole) {
      return { segment: damaged(range, goneBits), messages: undefined };
    }
    const segment = new Segment(range, {
      sizes: Uint32Array.from(sizes),
      parts: count,
      gone: goneBits,
    });
    return { segment, messages: messages.filter(({ sequence }) => segment.holds(sequence)) };
  }

  async #readParts(sequence: number, count: number): Promise<unknown[]> {
    const parts: unknown[] = [];
    for await (const { value } of this.#database.list({ prefix: partsPrefix(sequence) })) {
      if (parts.push(value) === count) break;
    }
    return parts;
  }

  async #recount(): Promise<Totals> {
    const totals = { next: 1, count: 0, bytes: 0 };
    for await (const { segment } of this.segments(0)) {
      totals.next = segment.range.last + 1;
      totals.count += segment.count;
      totals.bytes += segment.bytes;
    }
    return totals;
  }

  #unknownKey(): Error {
    return outboxDamaged(this.#path, { why: "there is a record in it that no outbox has" });
  }
}

/** Its messages may be removed like any other; how large each was is not known, only all of them. */
function damaged(range: SegmentRange, gone: ArrayLike<number> = []): Segment {
  const sizes = new Uint32Array(range.last - range.first + 1);
  sizes[0] = range.bytes;
  return new Segment(range, { sizes, parts: 1, gone });
}
