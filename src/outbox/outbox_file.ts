/**
 * The outbox's file: made private, and held by one program alone.
 *
 * 1. A new file is created with mode 0600 before Deno KV sees it; SQLite gives its journals the same mode.
 * 2. An exclusive lock on the file itself keeps other programs out, for as long as the outbox is open.
 * 3. A process that closes any descriptor of a file loses all its POSIX locks on that file, SQLite's among
 *    them. So this program opens it no second time, and every call on the descriptor is a synchronous one:
 *    Deno's asynchronous calls duplicate it and close the duplicate.
 */
import { outboxBusy, outboxDamaged, outboxForbidden, outboxUnfit } from "./outbox_errors.ts";

/** The files that this program has open (rule 3). */
const held = new Set<string>();

/** The locked file of an outbox; disposing of it lets go of it. */
export class OutboxFile implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #identity: string;

  private constructor(file: Deno.FsFile, identity: string) {
    this.#file = file;
    this.#identity = identity;
    held.add(identity);
  }

  /**
   * Opens the file, or makes it and its folder, and locks it.
   *
   * @throws {StoreError} `STORE_BUSY` if somebody else has it.
   */
  static async open(path: string): Promise<OutboxFile> {
    await requireAccess(path);
    await createUnlessThere(path);
    const info = await Deno.stat(path);
    if (!info.isFile) throw outboxUnfit(path, { why: "it is no file" });
    const identity = `${info.dev}:${info.ino}`;
    if (held.has(identity)) throw outboxBusy(path, { holder: Deno.pid });
    const file = new OutboxFile(Deno.openSync(path, { read: true, write: true }), identity);
    try {
      // On Windows a lock on the file would keep SQLite itself out of it; its own locks must do there.
      if (Deno.build.os !== "windows" && !file.#file.tryLockSync(true)) {
        throw outboxBusy(path, { holder: await findLockHolder(info.ino) });
      }
      file.#refuseForeign(path);
      if (((info.mode ?? 0) & 0o077) !== 0) await Deno.chmod(path, 0o600);
      return file;
    } catch (error) {
      file[Symbol.dispose]();
      throw error;
    }
  }

  /** Gives up the lock. The database has to be closed by then. */
  [Symbol.dispose](): void {
    held.delete(this.#identity);
    this.#file.close();
  }

  /**
   * Deno KV makes its tables in any SQLite file it is given. Its own show on the first page, unless that is
   * still empty because everything is in the journal after a crash. An empty file was never finished.
   */
  #refuseForeign(path: string): void {
    const page = new Uint8Array(4096);
    this.#file.seekSync(0, Deno.SeekMode.Start);
    const length = this.#file.readSync(page);
    if (length === null) return;
    const text = new TextDecoder("latin1").decode(page.subarray(0, length));
    const hasTables = page[100] === 0x0d && (page[103] !== 0 || page[104] !== 0);
    const isKv = !hasTables || text.includes("migration_state");
    if (text.startsWith("SQLite format 3\0") && isKv) return;
    throw outboxDamaged(path, { why: "the file is damaged, or not an outbox" });
  }
}

async function requireAccess(path: string): Promise<void> {
  const missing: string[] = [];
  for (const name of ["read", "write"] as const) {
    // Only asked, never requested: nothing here makes Deno ask a human.
    const { state } = await Deno.permissions.query({ name, path });
    if (state !== "granted") missing.push(name);
  }
  if (missing.length > 0) throw outboxForbidden(path, missing);
}

async function createUnlessThere(path: string): Promise<void> {
  const create = () => Deno.openSync(path, { createNew: true, write: true, mode: 0o600 }).close();
  try {
    create();
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return await refuseDanglingLink(path);
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const folder = path.replace(/[/\\][^/\\]*$/, "");
    const { state } = await Deno.permissions.query({ name: "write", path: folder });
    if (state !== "granted") throw outboxForbidden(folder, ["write"]);
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    create();
  }
}

async function refuseDanglingLink(path: string): Promise<void> {
  try {
    await Deno.stat(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw outboxUnfit(path, { why: "it is a link to a file that does not exist" });
  }
}

/** Which process has the file locked, where the system tells: on Linux, if this program may do everything. */
async function findLockHolder(inode: number | null): Promise<number | undefined> {
  let table: string;
  try {
    table = await Deno.readTextFile("/proc/locks");
  } catch (error) {
    const { NotCapable, NotFound } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotCapable) return undefined;
    throw error;
  }
  // 1: FLOCK  ADVISORY  WRITE 4711 fe:00:2147851 0 EOF
  const holder = new RegExp(` FLOCK .* (\\d+) [0-9a-f]+:[0-9a-f]+:${inode} `).exec(table)?.[1];
  return holder === undefined ? undefined : Number(holder);
}
