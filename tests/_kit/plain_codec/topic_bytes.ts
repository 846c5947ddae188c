/**
 * The bytes of the topics that are published to, each checked and encoded once.
 *
 * There are two generations: when the current one is full, the older is forgotten.
 */

import { writeString } from "./write_text.ts";

const CAPACITY = 4096;
const LONGEST_KEPT = 1024;
const TOPIC_NAME = { what: "a topic name", kind: "topic name" } as const;

const scratch = new Uint8Array(2 + 65535);
let current = new Map<string, Uint8Array>();
let older = new Map<string, Uint8Array>();
let lastTopic: string | undefined;
let lastBytes: Uint8Array = scratch.subarray(0, 0);

/** A topic name with its length in front. */
export function topicBytes(topic: string): Uint8Array {
  if (topic === lastTopic) return lastBytes;
  const bytes = current.get(topic) ?? older.get(topic) ?? encodeTopic(topic);
  lastTopic = topic;
  return lastBytes = bytes;
}

function encodeTopic(topic: string): Uint8Array<ArrayBuffer> {
  const bytes = scratch.slice(0, writeString(scratch, 0, topic, TOPIC_NAME));
  if (bytes.length > 2 + LONGEST_KEPT) return bytes;
  if (current.size === CAPACITY) {
    older = current;
    current = new Map();
  }
  current.set(topic, bytes);
  return bytes;
}
