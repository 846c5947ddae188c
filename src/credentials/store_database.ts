import { isLockedByOther, storeBusy, storeFailure } from "./store_errors.ts";
import { poll } from "./store_retry.ts";

/**
 * Deno KV as the store uses it: bytes under keys, failures in the store's terms, and an end to waiting.
 *
 * Several processes may have the same file open. A commit that met another one is tried again until
 * the deadline. A read waits for SQLite without end if somebody has locked the whole file: not here.
 */
export class StoreDatabase implements Disposable {
  #kv: Deno.Kv | undefined;
  #path: string;
  #deadlineMs: number;
  #unanswered: Promise<unknown> | undefined;

  /** It closes the database when it is disposed of. */
  constructor(kv: Deno.Kv, options: { path: string; deadlineMs: number }) {
    this.#kv = kv;
    this.#path = options.path;
    this.#deadlineMs = options.deadlineMs;
  }

  /** The file must be there, private and locked: SQLite would make one that others can read. */
  static async open(options: { path: string; deadlineMs: number }): Promise<StoreDatabase> {
    return new StoreDatabase(await Deno.openKv(asFile(options.path)), options);
  }

  /** What stands under a key; its `versionstamp` is null if nothing does. */
  async read(key: Deno.KvKey): Promise<Deno.KvEntryMaybe<unknown>> {
    const answer = this.#opened().get(key);
    const entry = await this.#inItsTerms(() => within(this.#deadlineMs, answer));
    if (entry !== undefined) return entry;
    this.#unanswered = answer;
    throw storeBusy(this.#path);
  }

  /** Everything under a prefix, a hundred at a time. */
  async *list(
    prefix: Deno.KvKey,
    options?: { limit?: number },
  ): AsyncGenerator<Deno.KvEntry<unknown>> {
    const entries = this.#opened().list({ prefix }, options);
    for (;;) {
      const step = await this.#inItsTerms(() => entries.next());
      if (step.done) return;
      yield step.value;
    }
  }

  /** Does all of it or nothing. `false`: something that was checked has changed meanwhile. */
  async commit(build: (operation: Deno.AtomicOperation) => Deno.AtomicOperation): Promise<boolean> {
    const kv = this.#opened();
    const result = await this.#inItsTerms(() =>
      poll(() => unlessLocked(() => build(kv.atomic()).commit()), { deadlineMs: this.#deadlineMs })
    );
    if (result === undefined) throw storeBusy(this.#path);
    return result.ok;
  }

  /** Closing twice is no mistake. To close it while a read waits would stop the whole program until then. */
  [Symbol.dispose](): void {
    const kv = this.#kv;
    this.#kv = undefined;
    if (this.#unanswered === undefined) kv?.close();
    else Promise.allSettled([this.#unanswered]).then(() => kv?.close());
  }

  #opened(): Deno.Kv {
    if (this.#kv === undefined) throw new TypeError("Cannot use a store that is closed");
    return this.#kv;
  }

  async #inItsTerms<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw storeFailure(error, this.#path);
    }
  }
}

/** For Deno KV and SQLite, `:memory:` and `file:…` are no files; behind `./` they are. */
function asFile(path: string): string {
  return /^(?:[/\\]|[a-z]:)/i.test(path) ? path : `./${path}`;
}

async function unlessLocked<T>(commit: () => Promise<T>): Promise<T | undefined> {
  try {
    return await commit();
  } catch (error) {
    if (isLockedByOther(error)) return undefined;
    throw error;
  }
}

async function within<T>(deadlineMs: number, answer: Promise<T>): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), deadlineMs);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}
