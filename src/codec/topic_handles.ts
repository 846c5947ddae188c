/**
 * Handles of the topics that are published to, so each is checked and encoded once and not per message.
 *
 * There are two generations, as in `wasm/assembly/handles.ts`: a handle of the older one is good until
 * the current one is full.
 */

import { invalidPacket } from "./invalid_packet.ts";
import { stageText } from "./write_field.ts";
import { HANDLE_CAPACITY, LONG_TOPIC_HANDLE, wasm } from "./wasm.ts";

let current = new Map<string, number>();
let older = new Map<string, number>();
let generation = 0;

let lastTopic: string | undefined;
let lastHandle = 0;

/** The handle of a topic name, good for the next packet. */
export function topicHandle(topic: string): number {
  if (topic === lastTopic) return lastHandle;
  const handle = current.get(topic) ?? older.get(topic) ?? defineTopic(topic);
  if (handle === LONG_TOPIC_HANDLE) return handle;
  lastTopic = topic;
  lastHandle = handle;
  return handle;
}

function defineTopic(topic: string): number {
  const handle = wasm.defineTopic(stageText(topic, "a topic name"));
  if (handle < 0) throw invalidPacket("a topic name");
  if (handle === LONG_TOPIC_HANDLE) return handle;
  if ((handle < HANDLE_CAPACITY ? 0 : 1) !== generation) {
    generation ^= 1;
    older = current;
    current = new Map();
  }
  current.set(topic, handle);
  return handle;
}
