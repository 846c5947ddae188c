import { FilterTree, matchedFilter, matchedFilters } from "./filter_tree.ts";
import { topicOf } from "./lift_packet.ts";
import { MatchCache } from "./match_cache.ts";
import { matchesTopicFilter } from "./matches_topic_filter.ts";
import { type PacketCursor, rowOf, topicIdOf } from "./packet_cursor.ts";
import { isPublish, TOPIC_ID } from "./row.ts";
import { words } from "./wasm.ts";

/** So many matches are sorted faster by hand. */
const FEW = 16;

const NOTHING: readonly never[] = Object.freeze([]);

/** One filter and what was added under it. */
interface Entry<T> {
  readonly filter: string;
  /** Taken over by another filter when this one is gone. */
  readonly number: number;
  readonly values: Set<T>;
}

/** Gives back the nodes of instances that nobody holds any more. */
const abandoned = new FinalizationRegistry<FilterTree>(clearTree);

function clearTree(tree: FilterTree): void {
  tree.clear();
}

/**
 * Values by topic filter, and those of all filters that match a topic (section 4.7).
 *
 * `+` stands for one level, `#` for any number of them, none included; a filter that begins with a wildcard matches no
 * topic that begins with `$` [MQTT-4.7.2-1]; levels may be empty; nothing is normalised. What matches a topic is
 * remembered until a filter is added or deleted, so asking again costs next to nothing.
 *
 * All instances of a thread share room for 65 000 nodes: a filter without wildcards takes one for every 72 bytes, another
 * one for each level that it does not share with its like. A filter that finds no room still works, but each new topic
 * is compared with it one by one. Room is given back when filters are deleted or the instance is disposed of; that of
 * an instance which is merely dropped comes back some time later.
 *
 * @example Who gets a message
 * ```ts
 * import { TopicFilters } from "@hubwire/hubwire/codec";
 * import { assertEquals } from "@std/assert";
 *
 * using filters = new TopicFilters<string>();
 * filters.add("sport/tennis/#", "tennis");
 * filters.add("sport/+", "sport");
 * assertEquals(filters.match("sport/tennis"), ["tennis", "sport"]);
 * ```
 */
export class TopicFilters<T> implements Disposable {
  readonly #tree = new FilterTree();
  readonly #byFilter = new Map<string, Entry<T>>();
  /** What there is of each number: kept apart, so that a match touches no more than it needs. */
  readonly #byNumber: (Entry<T> | undefined)[] = [];
  readonly #orders: number[] = [];
  /** The values as arrays, which are made when they are asked for and never changed. */
  readonly #lists: (readonly T[] | undefined)[] = [];
  readonly #freeNumbers: number[] = [];
  /** For which the tree had no room. */
  readonly #outside = new Set<Entry<T>>();
  readonly #cache = new MatchCache<readonly T[]>();
  #added = 0;

  /** Starts without filters. */
  constructor() {
    abandoned.register(this, this.#tree);
  }

  /** How many filters there are. */
  get size(): number {
    return this.#byFilter.size;
  }

  /**
   * Adds a value under a filter, where it may be one of several; one that is there already stays as it is.
   *
   * @throws {TypeError | RangeError} If it is no topic filter.
   */
  add(filter: string, value: T): void {
    const entry = this.#byFilter.get(filter) ?? this.#addEntry(filter);
    entry.values.add(value);
    this.#lists[entry.number] = undefined;
    this.#cache.forget();
  }

  /** Takes a value from under a filter; returns whether it was there. */
  delete(filter: string, value: T): boolean {
    const entry = this.#byFilter.get(filter);
    if (!entry?.values.delete(value)) return false;
    this.#lists[entry.number] = undefined;
    this.#cache.forget();
    if (entry.values.size === 0) this.#deleteEntry(entry);
    return true;
  }

  /** Takes all out and gives the memory back; it may be used on. */
  clear(): void {
    clearTree(this.#tree);
    this.#byFilter.clear();
    this.#byNumber.length = this.#lists.length = this.#freeNumbers.length = 0;
    this.#outside.clear();
    this.#cache.forget();
  }

  /** The same as {@linkcode TopicFilters.clear}. */
  [Symbol.dispose](): void {
    this.clear();
  }

  /**
   * The values of all filters that match a topic: filters in the order in which they were added, the values of each
   * likewise. A value that stands under two of them is there twice.
   *
   * The topic is a string, or that of the PUBLISH on which a cursor stands, which is faster. The list is remembered and
   * given to all who ask: leave it unchanged.
   *
   * @throws {TypeError | RangeError} If it is no topic name, or the cursor is on no PUBLISH.
   */
  match(topic: string | PacketCursor): readonly T[] {
    if (typeof topic !== "object") return this.#cache.named(topic) ?? this.#matchName(topic);
    return this.#cache.identified(topicIdOf(topic)) ?? this.#matchRow(rowOf(topic));
  }

  #addEntry(filter: string): Entry<T> {
    const number = this.#freeNumbers.at(-1) ?? this.#byNumber.length;
    const hasRoom = this.#tree.add(filter, number);
    this.#freeNumbers.pop();
    const entry = { filter, number, values: new Set<T>() };
    this.#byFilter.set(filter, entry);
    this.#byNumber[number] = entry;
    this.#orders[number] = this.#added++;
    if (!hasRoom) this.#outside.add(entry);
    return entry;
  }

  #deleteEntry(entry: Entry<T>): void {
    this.#tree.remove(entry.number);
    this.#byFilter.delete(entry.filter);
    this.#byNumber[entry.number] = undefined;
    this.#freeNumbers.push(entry.number);
    this.#outside.delete(entry);
  }

  #matchName(topic: string): readonly T[] {
    const count = this.#tree.match(topic);
    const values = this.#outside.size === 0 ? this.#inside(count) : this.#both(count, topic);
    return this.#cache.name(topic, values);
  }

  #matchRow(row: number): readonly T[] {
    if (!isPublish(row)) throw new TypeError("Cannot match a topic: the cursor is on no PUBLISH");
    const count = this.#tree.matchRow(row);
    const values = this.#outside.size === 0 ? this.#inside(count) : this.#both(count, topicOf(row));
    return this.#cache.identify(words[row + TOPIC_ID]!, values);
  }

  /** The values of what the tree has just found. */
  #inside(count: number): readonly T[] {
    if (count === 0) return NOTHING;
    if (count === 1) return this.#listOf(matchedFilter(0));
    return this.#join(matchedFilters(count));
  }

  /** The same, and of the filters beside the tree. */
  #both(count: number, topic: string): readonly T[] {
    const numbers = matchedFilters(count);
    for (const { filter, number } of this.#outside) {
      if (matchesTopicFilter(filter, topic)) numbers.push(number);
    }
    return this.#join(numbers);
  }

  #join(numbers: number[]): readonly T[] {
    const values: T[] = [];
    this.#sort(numbers);
    for (const number of numbers) {
      for (const value of this.#listOf(number)) values.push(value);
    }
    return values;
  }

  /** Into the order of adding; there are hardly ever more than a few. */
  #sort(numbers: number[]): void {
    const orders = this.#orders;
    if (numbers.length > FEW) numbers.sort((a, b) => orders[a]! - orders[b]!);
    else {
      for (let i = 1; i < numbers.length; i++) {
        const number = numbers[i]!;
        let at = i;
        for (; at > 0 && orders[numbers[at - 1]!]! > orders[number]!; at--) {
          numbers[at] = numbers[at - 1]!;
        }
        numbers[at] = number;
      }
    }
  }

  #listOf(number: number): readonly T[] {
    return this.#lists[number] ??= Array.from(this.#byNumber[number]!.values);
  }
}
