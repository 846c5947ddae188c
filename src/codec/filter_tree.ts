import { invalidPacket } from "./invalid_packet.ts";
import { TOPIC_AT, TOPIC_LENGTH } from "./row.ts";
import { FIRST_MATCH, wasm, words } from "./wasm.ts";
import { stageText } from "./write_field.ts";

/**
 * Topic filters as a tree in the codec's memory, which all trees share; each filter has a number.
 *
 * The tree has a root as long as it has a filter.
 */
export class FilterTree {
  #root = 0;
  /** Where the filter of each number is in the tree; 0 for nowhere. */
  #places: number[] = [];
  #size = 0;

  /**
   * Adds a filter that is not there yet; `false` when there is no room for it.
   *
   * @throws {TypeError | RangeError} If it is no topic filter.
   */
  add(filter: string, number: number): boolean {
    const units = stageText(filter, "a topic filter");
    const root = this.#root || wasm.addRoot();
    const place = wasm.addFilter(root, units, number);
    if (place > 0) {
      this.#root = root;
      this.#places[number] = place;
      this.#size++;
    } else if (place < 0) throw invalidPacket("a topic filter");
    return place > 0;
  }

  /** Takes a filter out, if it is there. */
  remove(number: number): void {
    const place = this.#places[number] ?? 0;
    if (place === 0) return;
    wasm.removeFilter(place);
    this.#places[number] = 0;
    if (--this.#size === 0) this.#root = 0;
  }

  /** Takes all out. */
  clear(): void {
    for (const number of this.#places.keys()) this.remove(number);
    this.#places = [];
  }

  /**
   * Finds the filters that match a topic name; returns how many. {@linkcode matchedFilter} gives their numbers.
   *
   * @throws {TypeError | RangeError} If it is no topic name.
   */
  match(topic: string): number {
    const count = wasm.matchText(this.#root, stageText(topic, "a topic name"));
    if (count < 0) throw invalidPacket("a topic name");
    return count;
  }

  /** The same for the topic of the PUBLISH in a row, where it stands. */
  matchRow(row: number): number {
    return wasm.matchFilters(this.#root, words[row + TOPIC_AT]!, words[row + TOPIC_LENGTH]!);
  }
}

/** The number of a filter that the last match has found, by its index. */
export function matchedFilter(index: number): number {
  return words[FIRST_MATCH + index]!;
}

/** The numbers of all of them. */
export function matchedFilters(count: number): number[] {
  const numbers: number[] = [];
  for (let index = 0; index < count; index++) numbers.push(matchedFilter(index));
  return numbers;
}
