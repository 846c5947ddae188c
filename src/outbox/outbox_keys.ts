/**
 * What stands where in the file, under `hubwire`, `outbox`:
 *
 *     header                               whose file it is, and whether it is sealed
 *     totals                               the next sequence, how many messages, how many bytes
 *     messages LAST FIRST BYTES            a segment: the messages FIRST to LAST
 *     messages LAST FIRST BYTES gone       which of them are delivered
 *     parts FIRST 0 … n                    the rest of a message too large for one value
 *     loose FIRST                          a message of which there may be parts, but which does not count (yet)
 *
 * The last sequence comes first, so that the segment of any sequence is the first one from there on: nothing
 * has to be remembered to find it.
 */

const ROOT = ["hubwire", "outbox"] as const;

/** All there is. */
export const EVERYTHING: Deno.KvKey = [];
/** The header. */
export const HEADER_KEY: Deno.KvKey = [...ROOT, "header"];
/** The totals. */
export const TOTALS_KEY: Deno.KvKey = [...ROOT, "totals"];
/** All marks of loose parts. */
export const LOOSE_PREFIX: Deno.KvKey = [...ROOT, "loose"];

const MESSAGES: Deno.KvKey = [...ROOT, "messages"];

/** Which messages a segment holds, and how many bytes of payload they had when it was written. */
export interface SegmentRange {
  first: number;
  last: number;
  bytes: number;
}

/** Where a segment stands. */
export function segmentKey({ first, last, bytes }: SegmentRange): Deno.KvKey {
  return [...MESSAGES, last, first, bytes];
}

/** Where it says which of its messages are gone. */
export function goneKey(range: SegmentRange): Deno.KvKey {
  return [...segmentKey(range), "gone"];
}

/** All segments with messages behind a sequence, and what is gone of them. */
export function segmentsBehind(after: number): Deno.KvListSelector {
  return { prefix: MESSAGES, start: [...MESSAGES, after + 1] };
}

/** What stands under such a key; `undefined` if it is none. */
export function parseSegmentKey(
  key: Deno.KvKey,
): { range: SegmentRange; isGone: boolean } | undefined {
  const [last, first, bytes, gone, ...more] = key.slice(MESSAGES.length);
  if (typeof last !== "number" || typeof first !== "number" || typeof bytes !== "number") {
    return undefined;
  }
  if (gone !== undefined && gone !== "gone" || more.length > 0 || first > last) return undefined;
  return { range: { first, last, bytes }, isGone: gone === "gone" };
}

/** Where a part of a large message stands. */
export function partKey(sequence: number, part: number): Deno.KvKey {
  return [...partsPrefix(sequence), part];
}

/** All parts of a large message. */
export function partsPrefix(sequence: number): Deno.KvKey {
  return [...ROOT, "parts", sequence];
}

/** The mark of loose parts. */
export function looseKey(sequence: number): Deno.KvKey {
  return [...LOOSE_PREFIX, sequence];
}
