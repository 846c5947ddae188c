/**
 * Deno KV as an outbox uses it: failures in the outbox's terms, and an end to waiting for it to open.
 *
 * Only one program has the file open, so a commit meets nobody, and nothing has to be checked in one.
 */
import { kvUnavailable, outboxBusy, outboxFailure } from "./outbox_errors.ts";

/** How long another program, one that does not know of our lock, may keep SQLite from opening the file. */
const OPEN_DEADLINE_MS = 10_000;

/** A database that is open; disposing of it closes it. */
export class OutboxDatabase implements Disposable {
  readonly #kv: Deno.Kv;
  readonly #path: string;

  private constructor(kv: Deno.Kv, path: string) {
    this.#kv = kv;
    this.#path = path;
  }

  /** The file must be there, private and locked. */
  static async open(path: string): Promise<OutboxDatabase> {
    if (Deno.openKv === undefined) throw kvUnavailable(path);
    const opening = Deno.openKv(path);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), OPEN_DEADLINE_MS);
    try {
      const kv = await Promise.race([opening, promise]);
      if (kv) return new OutboxDatabase(kv, path);
    } catch (error) {
      throw outboxFailure(error, path);
    } finally {
      clearTimeout(timer);
    }
    // Should it open after all, nobody is there to close it.
    Promise.allSettled([opening]).then(([late]) => {
      if (late.status === "fulfilled") late.value.close();
    });
    throw outboxBusy(path);
  }

  /** What stands under a key. */
  async read(key: Deno.KvKey): Promise<unknown> {
    return (await this.#inItsTerms(() => this.#kv.get(key))).value;
  }

  /** What stands where, a few at a time: values may be large. */
  async *list(selector: Deno.KvListSelector): AsyncGenerator<Deno.KvEntry<unknown>> {
    const entries = this.#kv.list(selector, { batchSize: 16 });
    for (;;) {
      const step = await this.#inItsTerms(() => entries.next());
      if (step.done) return;
      yield step.value;
    }
  }

  /** Does all of it or nothing; on the disk when it returns. */
  async commit(build: (operation: Deno.AtomicOperation) => void): Promise<void> {
    const operation = this.#kv.atomic();
    build(operation);
    await this.#inItsTerms(() => operation.commit());
  }

  /** Nothing may be under way. */
  [Symbol.dispose](): void {
    this.#kv.close();
  }

  async #inItsTerms<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw outboxFailure(error, this.#path);
    }
  }
}
