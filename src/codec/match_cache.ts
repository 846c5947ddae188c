import { FLIPS, TOPIC_CAPACITY, words } from "./wasm.ts";

/** Topics that are remembered by name; beyond, all are forgotten. */
const MOST_NAMES = 10_000;

/** The highest id and one more, which stands for none. */
const NO_ID = 2 * TOPIC_CAPACITY;

/** Ids stand in pages, of which most stay the empty one: that of `NO_ID` always. */
const PAGE_BITS = 8;
const PAGE_SIZE = 1 << PAGE_BITS;
const EMPTY_PAGE: readonly undefined[] = Array.from({ length: PAGE_SIZE }, () => undefined);
const NO_PAGES: readonly undefined[][] = Array.from(
  { length: NO_ID / PAGE_SIZE + 1 },
  () => EMPTY_PAGE as undefined[],
);

/** What was found for topics, by name, or by the id that an incoming topic has while the codec keeps it. */
export class MatchCache<T> {
  readonly #byName = new Map<string, T>();
  #pages = NO_PAGES as (T | undefined)[][];
  /** The generation of ids: in the next one other topics may have them. */
  #flips = 0;

  /** What is remembered by name. */
  named(topic: string): T | undefined {
    return this.#byName.get(topic);
  }

  /** What is remembered by id. */
  identified(id: number): T | undefined {
    if (words[FLIPS] !== this.#flips) return undefined;
    return this.#pages[id >> PAGE_BITS]![id & PAGE_SIZE - 1];
  }

  /** Remembers by name; returns it. */
  name(topic: string, found: T): T {
    if (this.#byName.size >= MOST_NAMES) this.#byName.clear();
    this.#byName.set(topic, found);
    return found;
  }

  /** Remembers by id; returns it. */
  identify(id: number, found: T): T {
    if (id === NO_ID) return found;
    if (words[FLIPS] !== this.#flips) {
      this.#flips = words[FLIPS]!;
      this.#pages = NO_PAGES as (T | undefined)[][];
    }
    if (this.#pages === NO_PAGES) this.#pages = this.#pages.slice();
    const index = id >> PAGE_BITS;
    let page = this.#pages[index]!;
    if (page === EMPTY_PAGE as unknown) page = this.#pages[index] = page.slice();
    page[id & PAGE_SIZE - 1] = found;
    return found;
  }

  /** Forgets all. */
  forget(): void {
    if (this.#byName.size > 0) this.#byName.clear();
    this.#pages = NO_PAGES as (T | undefined)[][];
  }
}
