/** Our filters. A filter that is added makes them forget what matched before. */

import { type PacketCursor, PacketReader, TopicFilters } from "../../../src/codec/mod.ts";
import { FILTER_CORPUS, type Matching } from "../filter_corpus.ts";
import type { Contestant } from "../workload.ts";
import { readAll } from "./read_all.ts";

/**
 * By the packets that bring the topics, where they stand in memory; walking over them is taken off.
 *
 * In the end it empties the filters.
 */
export function wasmMatching(filters: TopicFilters<number>): Contestant<Matching> {
  const reader = new PacketReader();
  return {
    name: "TopicFilters",
    run({ stream, isCold, isThorough }) {
      if (isCold) forgetMatches(filters);
      const match = isThorough ? sumMatches : countMatches;
      const take = (count: number) => match(reader.cursor(count), filters);
      return readAll(stream, { reader, take });
    },
    overhead: ({ stream }) => {
      readAll(stream, { reader, take: (count) => walk(reader.cursor(count)) });
    },
    close() {
      reader.close();
      filters.clear();
    },
  };
}

/** By the names of the topics. */
export function wasmMatchingNames(filters: TopicFilters<number>): Contestant<Matching> {
  return {
    name: "TopicFilters, by name",
    run({ topics, isCold, isThorough }) {
      if (isCold) forgetMatches(filters);
      let sum = 0;
      for (const topic of topics) {
        const values = filters.match(topic);
        sum += isThorough ? total(values) : values.length;
      }
      return sum;
    },
  };
}

function countMatches(cursor: PacketCursor, filters: TopicFilters<number>): number {
  let sum = 0;
  while (cursor.next()) sum += filters.match(cursor).length;
  return sum;
}

function sumMatches(cursor: PacketCursor, filters: TopicFilters<number>): number {
  let sum = 0;
  while (cursor.next()) sum += total(filters.match(cursor));
  return sum;
}

function walk(cursor: PacketCursor): number {
  let sum = 0;
  while (cursor.next()) sum += 1;
  return sum;
}

/** The filters, which both ways to ask share. */
export function filledFilters(): TopicFilters<number> {
  const filters = new TopicFilters<number>();
  FILTER_CORPUS.forEach((filter, index) => filters.add(filter, index));
  return filters;
}

function forgetMatches(filters: TopicFilters<number>): void {
  filters.add("forget", 0);
  filters.delete("forget", 0);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
