/** Filters and topics in the proportions of a hub: nearly all filters are of one device, few are of all. */

import { randomFrom } from "../_kit/random.ts";
import { publishes, type Stream, wholeStream } from "./corpus.ts";
import type { Task } from "./workload.ts";

const FILTERS = 10_000;

/** Topics whose filters are to be found. */
export interface Matching extends Task {
  topics: string[];
  /** A PUBLISH for each topic. */
  stream: Stream;
  /** Whether what matches is to be forgotten before each run. */
  isCold: boolean;
  /** In rounds that warm up what was found is summed up, later how much it was. */
  isThorough: boolean;
}

/** 10 % of them have a `+`, 1 % end in `#`; a filter's value is its index. */
export const FILTER_CORPUS: readonly string[] = Array.from({ length: FILTERS }, (_, index) => {
  if (index % 100 === 0) return `${deviceTopic(index)}/#`;
  if (index % 10 === 1) return `devices/+/messages/events/kind=${index}`;
  return `${deviceTopic(index)}/messages/events/kind=${index % 7}`;
});

export interface MatchingOptions {
  seed: number;
  /** How many different topics, and how many times all of them. */
  topics: number;
  passes: number;
  isCold: boolean;
}

export function matchings(
  { seed, topics: count, passes, isCold }: MatchingOptions,
): (round: number) => Matching {
  const once = differentTopics(count, randomFrom(seed));
  const topics: string[] = Array(passes).fill(once).flat();
  const stream = streamOfTopics(topics);
  const task = { topics, stream, isCold, count: topics.length, bytes: stream.bytes };
  return (round) => {
    const isThorough = round < 0;
    return { ...task, isThorough, checksum: passes * checksumOf(once, isThorough) };
  };
}

/** A packet of each topic, one after the other. */
function streamOfTopics(topics: readonly string[]): Stream {
  const packets = publishes({ count: topics.length, payloadSize: 1, seed: 1 });
  return wholeStream(packets.map((packet, index) => ({ ...packet, topic: topics[index] ?? "" })));
}

/** Of some device, and of a kind that its own filter is for, or one of all devices'. */
function differentTopics(count: number, random: () => number): string[] {
  const topics = new Set<string>();
  while (topics.size < count) {
    const index = Math.floor(random() * FILTERS);
    const kind = random() < 0.5 ? index % 7 : 10 * Math.floor(random() * FILTERS / 10) + 1;
    topics.add(`${deviceTopic(index)}/messages/events/kind=${kind}`);
  }
  return [...topics];
}

/** Without a tree: what matches is told by how the filters are made. */
function checksumOf(topics: readonly string[], isThorough: boolean): number {
  const values = new Map(FILTER_CORPUS.map((filter, index) => [filter, index]));
  let sum = 0;
  for (const topic of topics) {
    const [, device, , , kind] = topic.split("/");
    const filters = [topic, `devices/${device}/#`, `devices/+/messages/events/${kind}`];
    for (const value of filters.map((filter) => values.get(filter))) {
      if (value !== undefined) sum += isThorough ? value : 1;
    }
  }
  return sum;
}

function deviceTopic(index: number): string {
  return `devices/device-${`${index}`.padStart(5, "0")}`;
}
