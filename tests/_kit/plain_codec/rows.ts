/**
 * What a scan found: a row of words for each packet, and how far it came.
 *
 * There is one set of rows for all streams; whoever scans uses them before anybody else scans.
 */

/** Words of a row, in order. */
export const FIRST_BYTE = 0;
export const PACKET_ID = 1;
export const TOPIC_ID = 2;
export const TOPIC_AT = 3;
export const TOPIC_LENGTH = 4;
export const BODY_AT = 5;
export const BODY_LENGTH = 6;
export const START = 7;

export const ROW_WORDS = 8;
export const ROW_CAPACITY = 4096;

/** The rows. */
export const rows: Int32Array<ArrayBuffer> = new Int32Array(ROW_WORDS * ROW_CAPACITY);

/** One word of a row that a scan wrote. */
export function word(index: number): number {
  return rows[index] as number;
}

/** Describes a packet; one that is no PUBLISH has the empty string for a topic. */
export function writeRow(
  row: number,
  first: number,
  packetId: number,
  topicId: number,
  topicAt: number,
  topicLength: number,
  bodyAt: number,
  bodyLength: number,
  start: number,
): void {
  rows[row + FIRST_BYTE] = first;
  rows[row + PACKET_ID] = packetId;
  rows[row + TOPIC_ID] = topicId;
  rows[row + TOPIC_AT] = topicAt;
  rows[row + TOPIC_LENGTH] = topicLength;
  rows[row + BODY_AT] = bodyAt;
  rows[row + BODY_LENGTH] = bodyLength;
  rows[row + START] = start;
}

/** How the last scan ended. */
export const status = {
  /** Index behind the last whole packet. */
  consumed: 0,
  /** Size of the packet that is cut off at the end; 0 while its length is not known. */
  needed: 0,
  /** A number of `codes.ts`, 0 when all was well, and the index of the byte that is wrong. */
  error: 0,
  errorAt: 0,
};

/** Notes what is wrong and where; always `false`, for `return fail(…)`. */
export function fail(code: number, at: number): false {
  status.error = code;
  status.errorAt = at;
  return false;
}
