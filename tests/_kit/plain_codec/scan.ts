/**
 * Cuts a buffer into packets, checks each one and describes it in a row.
 *
 * A packet's first byte is judged as soon as it is there, its length as soon as that is complete, its body
 * once all of it is there.
 */

import { FLAGS, LENGTH, LENGTH_FIELD, QOS, TOO_LARGE, TYPE } from "./codes.ts";
import { prepareForScan } from "./kept_topics.ts";
import { readControlPacket } from "./read_control_packet.ts";
import { readPublish } from "./read_publish.ts";
import { fail, ROW_WORDS, rows, status } from "./rows.ts";

const PUBLISH = 3;
const BOTH_QOS_BITS = 6;
/** No packet but a PUBLISH may be larger, whatever the limit (`SCRATCH_SIZE` of the codec). */
const LARGEST_CONTROL_PACKET = 512 * 1024;
const ANY = -1;

/** By type: the flag bits that it must carry (section 2.2.2), and its only possible remaining length. */
const TYPES: readonly (readonly [flags: number, length: number])[] = [
  [0, ANY], // reserved
  [0, ANY], // CONNECT
  [0, 2], // CONNACK
  [0, ANY], // PUBLISH
  [0, 2], // PUBACK
  [0, 2], // PUBREC
  [2, 2], // PUBREL
  [0, 2], // PUBCOMP
  [2, ANY], // SUBSCRIBE
  [0, ANY], // SUBACK
  [2, ANY], // UNSUBSCRIBE
  [0, 2], // UNSUBACK
  [0, 0], // PINGREQ
  [0, 0], // PINGRESP
  [0, 0], // DISCONNECT
  [0, ANY], // reserved
];
const REQUIRED_FLAGS = Int8Array.from(TYPES, ([flags]) => flags);
const ONLY_LENGTHS = Int8Array.from(TYPES, ([, length]) => length);

/** What a stream lets in. */
export interface Limits {
  /** Bit n is set where packet type n may come in. */
  readonly acceptedTypes: number;
  readonly maximumPacketSize: number;
}

let bodyAt = 0;

/** Describes the whole packets of `[start, end)`, as many as there are rows; returns how many. */
export function scan(view: DataView, start: number, end: number, limits: Limits): number {
  const { acceptedTypes, maximumPacketSize } = limits;
  let at = start;
  let row = 0;
  status.error = 0;
  status.needed = 0;
  prepareForScan();
  while (at < end && row < rows.length) {
    const first = view.getUint8(at);
    const type = first >> 4;
    if (!isFirstByteLegal(first, acceptedTypes, at)) break;
    const remaining = readRemainingLength(view, at, end);
    if (remaining < 0) break;
    const body = bodyAt;
    const next = body + remaining;
    if (!isSizeLegal(type, remaining, next - at, maximumPacketSize, at)) break;
    if (next > end) {
      status.needed = next - at;
      break;
    }
    const isRead = type === PUBLISH
      ? readPublish(view, row, first, at, body, next)
      : readControlPacket(view, row, first, at, body, next);
    if (!isRead) break;
    row += ROW_WORDS;
    at = next;
  }
  status.consumed = at;
  return row / ROW_WORDS;
}

function isFirstByteLegal(first: number, acceptedTypes: number, at: number): boolean {
  const type = first >> 4;
  if ((acceptedTypes >> type & 1) === 0) return fail(TYPE, at);
  if (type === PUBLISH) return (first & BOTH_QOS_BITS) !== BOTH_QOS_BITS || fail(QOS, at);
  return (first & 15) === REQUIRED_FLAGS[type] || fail(FLAGS, at);
}

/** The remaining length of the packet at `at`, leaving `bodyAt` behind it; -1 when incomplete or malformed. */
function readRemainingLength(view: DataView, at: number, end: number): number {
  let value = 0;
  for (let i = 1; i <= 4; i++) {
    if (at + i >= end) return -1;
    const byte = view.getUint8(at + i);
    value |= (byte & 0x7f) << 7 * (i - 1);
    if (byte < 0x80) {
      bodyAt = at + i + 1;
      return value;
    }
  }
  fail(LENGTH_FIELD, at + 4);
  return -1;
}

function isSizeLegal(
  type: number,
  remaining: number,
  size: number,
  maximum: number,
  at: number,
): boolean {
  const only = ONLY_LENGTHS[type];
  if (only !== ANY && remaining !== only) return fail(LENGTH, at + 1);
  const limit = type === PUBLISH ? maximum : Math.min(maximum, LARGEST_CONTROL_PACKET);
  return size <= limit || fail(TOO_LARGE, at + 1);
}
