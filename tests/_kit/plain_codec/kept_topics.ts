/**
 * Topics that came in, each checked and kept once, so that its string is made once and not per message.
 *
 * There are two generations: before the current one gets too full for another scan, the older is emptied and
 * becomes the current one. A topic's id means the same until the next scan.
 */

import { hash } from "./byte_strings.ts";
import { checkTopicName, utf16Length } from "./check_text.ts";
import { ROW_CAPACITY } from "./rows.ts";
import { TOPIC_CAPACITY, TopicGeneration } from "./topic_generation.ts";

/** The topic is well-formed but has no id. */
export const NOT_KEPT = -1;
/** The topic is malformed; the status says why. */
export const REFUSED = -2;

/** A topic longer than this is checked anew each time. */
const LONGEST_KEPT = 1024;
/** No scan is given more bytes than this, but for a single large packet. */
export const WINDOW_SIZE = 64 * 1024;

const even = new TopicGeneration();
const odd = new TopicGeneration();
let isOdd = false;
let lastId = -1;

/** Makes room for as many topics as one scan can bring. */
export function prepareForScan(): void {
  if ((isOdd ? odd : even).hasRoom(ROW_CAPACITY, WINDOW_SIZE)) return;
  isOdd = !isOdd;
  (isOdd ? odd : even).clear();
  lastId = -1;
}

/** The id of the topic at `at`, or `NOT_KEPT`, or `REFUSED`. */
export function identifyTopic(view: DataView, at: number, length: number): number {
  // Most traffic repeats the topic of the packet before.
  if (lastId >= 0 && isTopic(lastId, view, at, length)) return lastId;
  return findTopic(view, at, length);
}

function isTopic(id: number, view: DataView, at: number, length: number): boolean {
  return id < TOPIC_CAPACITY
    ? even.isTopic(id, view, at, length)
    : odd.isTopic(id - TOPIC_CAPACITY, view, at, length);
}

function findTopic(view: DataView, at: number, length: number): number {
  if (length > LONGEST_KEPT) return checkTopicName(view, at, length) ? NOT_KEPT : REFUSED;
  const code = hash(view, at, length);
  const inEven = even.find(view, at, length, code);
  if (inEven >= 0) return lastId = inEven;
  const inOdd = odd.find(view, at, length, code);
  if (inOdd >= 0) return lastId = TOPIC_CAPACITY + inOdd;
  return keepTopic(view, at, length, code);
}

function keepTopic(view: DataView, at: number, length: number, code: number): number {
  if (!checkTopicName(view, at, length)) return REFUSED;
  const topic = (isOdd ? odd : even).add(view, at, length, { code, units: utf16Length });
  if (topic < 0) return NOT_KEPT;
  return lastId = isOdd ? TOPIC_CAPACITY + topic : topic;
}

/** Makes the strings of the topics that the last scan met for the first time. */
export function nameNewTopics(): void {
  (isOdd ? odd : even).nameNew();
}

/** The string of a topic by its id. */
export function topicName(id: number): string {
  return id < TOPIC_CAPACITY ? even.name(id) : odd.name(id - TOPIC_CAPACITY);
}
