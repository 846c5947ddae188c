/**
 * The store's file: made private, locked, and never opened twice.
 *
 * 1. A new file is created with mode 0600 before Deno KV sees it; SQLite gives its journals the same mode.
 * 2. A lock on the file itself keeps processes apart: exclusive to make or rebuild a store, shared to use it.
 * 3. A process that closes any descriptor of a file loses all its POSIX locks on that file, SQLite's among
 *    them. So the descriptor stays open as long as the database, and where one program has a store
 *    open twice, all descriptors are closed together, with the last. For the same reason every call on a
 *    descriptor is a synchronous one: Deno's asynchronous calls duplicate it and close the duplicate.
 */
import { requireFileAccess } from "./permission.ts";
import { storeUnfit } from "./store_errors.ts";

/** Which lock: many may share the store, one may have it alone. */
export type LockKind = "shared" | "exclusive";

/** The descriptors of this program, by file: how many are in use, and those that wait to be closed (rule 3). */
const descriptors = new Map<string, { used: number; parked: Deno.FsFile[] }>();

/** One open descriptor of a store's file. */
export class StoreFile implements Disposable {
  #file: Deno.FsFile;
  #inode: string;

  private constructor(file: Deno.FsFile) {
    const { dev, ino } = file.statSync();
    this.#file = file;
    this.#inode = `${dev}:${ino}`;
    descriptors.getOrInsert(this.#inode, { used: 0, parked: [] }).used += 1;
  }

  /** Opens a file; `undefined` if there is none. */
  static async openExisting(path: string): Promise<StoreFile | undefined> {
    return await unless(Deno.errors.NotFound, async () => {
      const file = await Deno.open(path, { read: true, write: true });
      if (file.statSync().isFile) return new StoreFile(file);
      file.close();
      throw storeUnfit(path, "it is a pipe or a device, and no file");
    });
  }

  /** Creates an empty file, and its folder; `undefined` if the file is there already. */
  static async create(path: string): Promise<StoreFile | undefined> {
    const options = { createNew: true, read: true, write: true, mode: 0o600 };
    const create = async () => new StoreFile(await Deno.open(path, options));
    const created = await unless(Deno.errors.AlreadyExists, async () => {
      const file = await unless(Deno.errors.NotFound, create);
      if (file !== undefined) return file;
      await createFolder(path.replace(/[/\\][^/\\]*$/, ""));
      return await create();
    });
    if (created === undefined) await refuseDanglingLink(path);
    return created;
  }

  /** Takes a lock, or changes the one that is held. `false`: another process has the store. */
  tryLock(kind: LockKind): boolean {
    // On Windows a lock on the file would keep SQLite itself out of it; its own locks must do there.
    return Deno.build.os === "windows" || this.#file.tryLockSync(kind === "exclusive");
  }

  /** How large the file is, who may read it, and whether it still has a name. */
  stat(): Deno.FileInfo {
    return this.#file.statSync();
  }

  /** The first bytes of the file: at most `length`. */
  head(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    this.#file.seekSync(0, Deno.SeekMode.Start);
    let filled = 0;
    while (filled < length) {
      const count = this.#file.readSync(bytes.subarray(filled));
      if (count === null) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  }

  /** Gives up the lock, and closes the descriptor when that can harm no other store of this program. */
  [Symbol.dispose](): void {
    const all = descriptors.get(this.#inode);
    if (all === undefined) throw new Error("Bug: a store's file was closed twice");
    all.used -= 1;
    all.parked.push(this.#file);
    this.#file.unlockSync();
    if (all.used > 0) return;
    descriptors.delete(this.#inode);
    for (const file of all.parked) file.close();
  }
}

async function createFolder(folder: string): Promise<void> {
  await requireFileAccess(folder, { access: ["write"], what: `Cannot make the folder ${folder}` });
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
}

/** Such a link can neither be opened nor made, however often one tries. */
async function refuseDanglingLink(path: string): Promise<void> {
  const link = await unless(Deno.errors.NotFound, () => Deno.lstat(path));
  if (!link?.isSymlink) return;
  const target = await unless(Deno.errors.NotFound, () => Deno.stat(path));
  if (target === undefined) throw storeUnfit(path, "it is a link to a file that does not exist");
}

/** The answer, or `undefined` where the one failure that is an answer too occurs. */
async function unless<T>(
  expected: new () => Error,
  action: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof expected) return undefined;
    throw error;
  }
}
