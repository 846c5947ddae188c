/** An entry and the one after it. The first link of a feed holds no entry. */
interface Link<T> {
  value?: T;
  next?: Link<T>;
}

/** How many entries are kept for a reader who comes late. */
const keptForLateReaders = 10_000;

/**
 * A list that grows, read from its start by any number of readers, each at its own pace.
 *
 * A reader holds its own place, so it misses nothing however slow it is; only one who starts late finds
 * no more than the latest 10 000 entries.
 */
export class Feed<T> {
  #start: Link<T> = {};
  #last: Link<T> = this.#start;
  #length = 0;
  #ended = false;
  #change = Promise.withResolvers<void>();

  /** Appends an entry; after {@linkcode end} there is nobody to read it, and it is dropped. */
  push(value: T): void {
    if (this.#ended) return;
    this.#last = this.#last.next = { value };
    this.#length++;
    if (this.#length > keptForLateReaders && this.#start.next) {
      this.#start = this.#start.next;
      this.#length--;
    }
    this.#wakeReaders();
  }

  /** Lets every reader finish once it has read what is there. */
  end(): void {
    this.#ended = true;
    this.#wakeReaders();
  }

  /** Every entry from the start, then those to come, until the end. */
  async *read(): AsyncIterableIterator<T> {
    let place = this.#start;
    while (true) {
      while (place.next) {
        place = place.next;
        yield place.value as T;
      }
      if (this.#ended) return;
      await this.#change.promise;
    }
  }

  #wakeReaders(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }
}
