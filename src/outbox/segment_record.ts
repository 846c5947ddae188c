/**
 * A segment as values: the first has the length of all of it and what it may hold, the rest are parts.
 *
 * Every value carries a checksum. A sealed segment opens only where it was sealed.
 */
import { checkedValue, openCheckedValue } from "./checked_value.ts";
import type { KeptMessage, MessageToKeep } from "./message.ts";
import { decodeMessages, encodeMessages, mostBytes } from "./message_codec.ts";
import { decodeNumbers, encodeNumbers } from "./numbers.ts";
import type { SegmentRange } from "./outbox_keys.ts";
import type { Sealer } from "./sealer.ts";

/** Deno KV takes 65 536 bytes a value; the checksum and the length of all need some of them. */
const VALUE_BYTES = 60_100;
/** So large a segment is one value, also when it is sealed. */
const MOST_BYTES = 60_000;
/** The more messages share a value, the faster they are stored, and the more is read for one of them. */
const MOST_MESSAGES = 128;
const HEAD_BYTES = 24;

/** A segment that is ready to be stored. */
export interface SegmentRecord {
  range: SegmentRange;
  value: Uint8Array<ArrayBuffer>;
  parts: Uint8Array<ArrayBuffer>[];
}

/** Whether a message does not fit into one value. */
export function isLarge(message: MessageToKeep): boolean {
  return mostBytes(message) > MOST_BYTES;
}

/** As many messages as go into one segment each; a large one is alone. */
export function splitIntoSegments(messages: readonly MessageToKeep[]): MessageToKeep[][] {
  const segments: MessageToKeep[][] = [];
  let size = Infinity;
  for (const message of messages) {
    size += mostBytes(message);
    const last = segments.at(-1);
    if (last && size <= MOST_BYTES && last.length < MOST_MESSAGES) last.push(message);
    else {
      segments.push([message]);
      size = mostBytes(message);
    }
  }
  return segments;
}

/** The messages as values, the first message with this sequence. */
export async function encodeSegment(
  messages: readonly MessageToKeep[],
  options: { first: number; sealer: Sealer | undefined },
): Promise<SegmentRecord> {
  const { first, sealer } = options;
  const last = first + messages.length - 1;
  const plain = encodeMessages(messages);
  const body = await sealer?.seal(plain, contextOf({ first, last })) ?? plain;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let at = VALUE_BYTES; at < body.length; at += VALUE_BYTES) {
    parts.push(checkedValue(body.subarray(at, at + VALUE_BYTES)));
  }
  return {
    range: { first, last, bytes: messages.reduce((sum, { payload }) => sum + payload.length, 0) },
    value: checkedValue(
      encodeNumbers([first, last, body.length]),
      body.subarray(0, VALUE_BYTES),
    ),
    parts,
  };
}

/** How many parts belong to a value; of a damaged one, that there may be some. */
export function countParts(value: unknown): number {
  const head = openCheckedValue(value)?.subarray(0, HEAD_BYTES);
  const [, , length] = head ? decodeNumbers(head) : [];
  return length === undefined ? 1 : Math.max(0, Math.ceil(length / VALUE_BYTES) - 1);
}

/** The messages again; `undefined` if anything of them is damaged or missing. */
export async function decodeSegment(
  { range, value, parts }: { range: SegmentRange; value: unknown; parts: readonly unknown[] },
  sealer: Sealer | undefined,
): Promise<KeptMessage[] | undefined> {
  const opened = openCheckedValue(value);
  if (!opened) return undefined;
  const [first, last, length] = decodeNumbers(opened.subarray(0, HEAD_BYTES));
  if (first !== range.first || last !== range.last) return undefined;
  const pieces = [opened.subarray(HEAD_BYTES)];
  for (const part of parts) {
    const piece = openCheckedValue(part);
    if (!piece) return undefined;
    pieces.push(piece);
  }
  const body = joined(pieces);
  if (body.length !== length) return undefined;
  const plain = sealer ? await sealer.open(body, contextOf(range)) : body;
  return plain && decodeMessages(plain, first);
}

function contextOf({ first, last }: { first: number; last: number }): Uint8Array<ArrayBuffer> {
  return encodeNumbers([first, last]);
}

function joined(pieces: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const [only] = pieces;
  if (only && pieces.length === 1) return only;
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
