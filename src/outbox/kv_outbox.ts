import { countInGroup, GroupCommit } from "./group_commit.ts";
import { type CheckedLimits, checkLimits, type OutboxLimits } from "./limits.ts";
import type { KeptMessage, MessageToKeep } from "./message.ts";
import { outboxClosed } from "./outbox_errors.ts";
import { type OpenedOutbox, openOutbox } from "./outbox_opening.ts";
import { outboxPath } from "./outbox_path.ts";
import { Room } from "./room.ts";
import { Sealer } from "./sealer.ts";

/** Options of {@linkcode kvOutbox}. */
export interface KvOutboxOptions extends OutboxLimits {
  /** The file; it is made, with its folder, if there is none. */
  path: string;
  /** 32 random bytes: topics and payloads are sealed with AES-256-GCM. Default: they are in clear. */
  key?: Uint8Array;
}

const DEFAULTS = { maximumCount: 1_000_000, maximumBytes: 256 * 2 ** 20 };

/**
 * Keeps in a file what is not yet delivered: it survives the end of the process, however sudden.
 *
 * A message is safe once `add` has resolved. Calls that come together share one commit, so it is much faster
 * to add many messages at once than one after the other. At most a million messages and 256 MiB of payload,
 * unless said otherwise; what is more waits. Only what is being delivered takes memory. The file is a Deno KV
 * database of its own (`--unstable-kv`), which only its owner can read (mode 0600); without a `key` topics and
 * payloads are in clear in it. It has one user at a time. It keeps its size when messages leave, and uses the room again.
 *
 * @example What could not be sent before is still there
 * ```ts
 * import { kvOutbox } from "@hubwire/hubwire/mqtt";
 *
 * const path = `${await Deno.makeTempDir()}/outbox.db`;
 * const payload = new TextEncoder().encode("21.5");
 * {
 *   await using outbox = kvOutbox({ path });
 *   await outbox.open();
 *   await outbox.add({ topic: "temperature", payload, qos: 1, retain: false });
 * }
 * await using outbox = kvOutbox({ path });
 * await outbox.open();
 * const [message] = await outbox.read(0, 10);
 * if (message?.topic !== "temperature") throw new Error("It was stored");
 * await outbox.remove(message.sequence);
 * ```
 * @throws {RangeError} If a limit is no whole number of at least 1, or the key has not 32 bytes.
 * @throws {TypeError} If the path is empty or a URL.
 */
export function kvOutbox(options: KvOutboxOptions): KvOutbox {
  const { path, key } = options;
  return new KvOutbox({
    path: outboxPath(path),
    sealer: key && new Sealer(key),
    limits: checkLimits(options, DEFAULTS),
  });
}

interface Addition {
  message: MessageToKeep;
  resolve: (sequence: number) => void;
  reject: (reason: unknown) => void;
}

interface Removal {
  sequence: number;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

interface Opened extends OpenedOutbox {
  room: Room;
}

/** So many at once are enough to make a commit worth while. */
const REMOVALS_PER_COMMIT = 10_000;

/** What {@linkcode kvOutbox} makes. */
export class KvOutbox implements AsyncDisposable {
  /** Told which message was dropped to make room. */
  ondropped?: ((sequence: number) => void) | undefined;
  readonly #path: string;
  readonly #sealer: Sealer | undefined;
  readonly #limits: CheckedLimits;
  #additions: Addition[] = [];
  #removals: Removal[] = [];
  /** From the call of `open` on. */
  #opening: Promise<Opened> | undefined;
  /** From its success to the call of `close`. */
  #opened: Opened | undefined;
  #closing: Promise<void> | undefined;
  #writing: Promise<void> | undefined;
  /** Reading and writing take turns. */
  #turn: Promise<unknown> = Promise.resolve();

  /** Made by {@linkcode kvOutbox}. */
  constructor(
    settings: { path: string; sealer: Sealer | undefined; limits: CheckedLimits },
  ) {
    this.#path = settings.path;
    this.#sealer = settings.sealer;
    this.#limits = settings.limits;
  }

  /** How many messages are kept; 0 while it is closed. */
  get count(): number {
    return this.#opened?.table.totals.count ?? 0;
  }

  /** How many bytes of payload they are. */
  get bytes(): number {
    return this.#opened?.table.totals.bytes ?? 0;
  }

  /**
   * Opens the file, or makes it, and locks it.
   *
   * @throws {StoreError} `STORE_BUSY` if another outbox has it open, `STORE_LOCKED` if the key is not the one,
   * `STORE_DAMAGED`, `STORE_NOT_WRITABLE`, or `STORE_UNAVAILABLE` if there is no Deno KV or the path cannot be one.
   * @throws {PermissionError} If the file may not be read or written.
   */
  async open(): Promise<void> {
    const opening = this.#opening ??= this.#begin();
    try {
      await opening;
    } catch (error) {
      if (this.#opening === opening) this.#opening = undefined;
      throw error;
    }
  }

  /**
   * Stores a message behind all others; resolves to its sequence once it is on the disk.
   *
   * The signal ends the wait for room, and not a commit that is under way.
   *
   * @throws {OutboxFullError} If there is no room and it does not wait.
   * @throws {StoreError} If it cannot be written: `STORE_NOT_WRITABLE`. What was stored before is safe.
   */
  add(message: MessageToKeep, signal?: AbortSignal): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const admit = () => {
      this.#additions.push({ message, resolve, reject });
      this.#write();
    };
    if (!this.#opened) reject(outboxClosed());
    else this.#opened.room.enter(message.payload.length, { admit, fail: reject, signal });
    return promise;
  }

  /**
   * The messages behind a sequence, oldest first, at most so many.
   *
   * @throws {DamagedMessagesError} If the first of them cannot be read; behind its `last` it goes on.
   */
  async read(after: number, limit: number): Promise<KeptMessage[]> {
    const { table } = this.#use();
    return await this.#inTurn(() => table.read(after, limit));
  }

  /** Forgets a message for good; that it is not there is no mistake. */
  async remove(sequence: number): Promise<void> {
    this.#use();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#removals.push({ sequence, resolve, reject });
    this.#write();
    await promise;
  }

  /** Commits what was let in, fails whoever waits for room, and lets go of the file. It can be opened again. */
  async close(): Promise<void> {
    await (this.#closing ??= this.#end());
  }

  /** The same as `close`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #begin(): Promise<Opened> {
    const opened = await openOutbox(this.#path, this.#sealer);
    const room = new Room(this.#limits);
    const { count, bytes } = opened.table.totals;
    room.occupy(count, bytes);
    return this.#opened = { ...opened, room };
  }

  async #end(): Promise<void> {
    // That it could not be opened was told to whoever opened it.
    const opened = await this.#opening?.catch(() => undefined);
    this.#opened = undefined;
    opened?.room.fail(outboxClosed());
    await this.#writing;
    await this.#turn;
    opened?.resources.dispose();
    this.#opening = undefined;
    this.#closing = undefined;
  }

  #use(): Opened {
    if (!this.#opened) throw outboxClosed();
    return this.#opened;
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(action);
    // Whoever asked is told of the failure; whoever comes next has nothing to do with it.
    this.#turn = result.catch(() => {});
    return result;
  }

  #write(): void {
    if (this.#opened) this.#writing ??= this.#writeAll(this.#opened);
  }

  async #writeAll(opened: Opened): Promise<void> {
    // All that the caller does before it waits goes into one commit.
    await undefined;
    while (this.#additions.length > 0 || this.#removals.length > 0) {
      await this.#inTurn(() => this.#writeGroup(opened));
    }
    this.#writing = undefined;
  }

  /** Settles everybody whose turn it is, and never rejects. */
  async #writeGroup(opened: Opened): Promise<void> {
    const { table } = opened;
    const additions = this.#additions.slice(0, countInGroup(this.#additions, this.#limits));
    const group = new GroupCommit(table);
    const removals: Removal[] = [];
    try {
      for (const removal of this.#removals) {
        if (group.isFull || removals.length === REMOVALS_PER_COMMIT) break;
        await group.remove(removal.sequence);
        removals.push(removal);
      }
      const dropped = await this.#makeRoom(opened, { group, additions });
      const messages = additions.map(({ message }) => message);
      const first = await group.commit(messages);
      this.#additions.splice(0, additions.length);
      this.#removals.splice(0, removals.length);
      additions.forEach(({ resolve }, i) => resolve(first + i));
      for (const { resolve } of removals) resolve();
      // Whatever a listener throws is none of our business.
      for (const sequence of dropped) queueMicrotask(() => this.ondropped?.(sequence));
      opened.room.leave(group.removed.count, group.removed.bytes);
    } catch (error) {
      this.#fail(opened, { additions, removals, error });
    }
  }

  /** Drops the oldest for the sake of these, if that is the policy; if there is too much to drop for one commit, they have to wait. */
  async #makeRoom(
    { table }: Opened,
    { group, additions }: { group: GroupCommit; additions: Addition[] },
  ): Promise<number[]> {
    if (this.#limits.whenFull !== "drop-oldest") return [];
    const bytes = additions.reduce((sum, { message }) => sum + message.payload.length, 0);
    const areTooMany = () => {
      const count = table.totals.count - group.removed.count + additions.length;
      const size = table.totals.bytes - group.removed.bytes + bytes;
      return count > this.#limits.maximumCount || size > this.#limits.maximumBytes;
    };
    const dropped = await group.removeOldest(areTooMany);
    if (areTooMany() && !group.isEmpty) additions.length = 0;
    return dropped;
  }

  /** New messages may fail where removing others would not: those are tried again, alone. */
  #fail(
    opened: Opened,
    { additions, removals, error }: {
      additions: Addition[];
      removals: Removal[];
      error: unknown;
    },
  ): void {
    // What could not be taken out of the file because it was to be looked up is the first in its queue.
    const failed = additions.length > 0 ? [] : this.#removals.splice(0, removals.length || 1);
    for (const { reject } of failed) reject(error);
    this.#additions.splice(0, additions.length);
    for (const { message, reject } of additions) {
      reject(error);
      opened.room.leave(1, message.payload.length);
    }
  }
}
