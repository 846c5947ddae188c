/**
 * Opening a store, or making one: the order in which file, lock, database, header and key come.
 *
 * A store is made under an exclusive lock, its header in the first transaction. So whoever finds a
 * file with no header, and has the lock, looks at one that was never finished or is no store at all,
 * and leaves it as it is: nothing that exists is ever initialised again.
 */
import type { KdfCost } from "./sealing.ts";
import { StoreDatabase } from "./store_database.ts";
import {
  storeBusy,
  storeDamaged,
  storeFailure,
  storeLocked,
  storeNotFound,
} from "./store_errors.ts";
import { type LockKind, StoreFile } from "./store_file.ts";
import { createHeader, unlockHeader, type Vault } from "./store_header.ts";
import { HEADER_KEY } from "./store_keys.ts";
import { findLockHolder } from "./store_lock_holder.ts";
import { poll } from "./store_retry.ts";

/** What is asked for. */
export interface StoreRequest {
  path: string;
  secret: Uint8Array<ArrayBuffer>;
  /** Whether to make the store if there is none. */
  create: boolean;
  /** The cost of guessing the passphrase of a store made here. */
  cost: KdfCost;
  /** How long to wait for other processes. */
  deadlineMs: number;
}

/** An unlocked store; disposing of `resources` closes it. */
export interface OpenedStore {
  database: StoreDatabase;
  vault: Vault;
  warnings: string[];
  resources: DisposableStack;
}

/** How long an empty file may be one that another process is making at this moment. */
const BEING_MADE_MS = 250;

/** Opens the store, or makes it if that was asked for. */
export async function openStore(request: StoreRequest): Promise<OpenedStore> {
  let header: ReturnType<typeof createHeader> | undefined;
  // Slow on purpose: once is enough, however often we look.
  const newHeader = () => header ??= createHeader(request.secret, request.cost);
  try {
    // Another process may make or drop the file between our two looks; then we look again.
    const opened = await poll(
      async () => await openExisting(request) ?? await createNew(request, newHeader),
      request,
    );
    if (opened === undefined) throw storeBusy(request.path);
    return opened;
  } catch (error) {
    throw storeFailure(error, request.path);
  }
}

/** `undefined`: there is no such file, or whoever was making it gave up and removed it. */
async function openExisting(request: StoreRequest): Promise<OpenedStore | undefined> {
  const { path, secret } = request;
  using resources = new DisposableStack();
  const file = await StoreFile.openExisting(path);
  if (file === undefined) return undefined;
  resources.use(file);
  await poll(() => file.stat().size > 0 || undefined, { deadlineMs: BEING_MADE_MS });
  await lock(file, "shared", request);
  if (file.stat().nlink === 0) return undefined;
  refuseForeign(file, path);
  const database = resources.use(await StoreDatabase.open(request));
  const header = await database.read(HEADER_KEY);
  if (header.versionstamp === null) {
    throw storeDamaged(path, { why: "it has no header: it is no store, or was never finished" });
  }
  const vault = await unlockHeader(header.value, secret);
  if (vault === undefined) throw storeLocked(path);
  return { database, vault, warnings: await makePrivate(file, path), resources: resources.move() };
}

/** `undefined`: there is such a file after all. */
async function createNew(
  request: StoreRequest,
  newHeader: () => ReturnType<typeof createHeader>,
): Promise<OpenedStore | undefined> {
  const { path } = request;
  if (!request.create) throw storeNotFound(path);
  const { header, vault } = await newHeader();
  using resources = new DisposableStack();
  const file = await StoreFile.create(path);
  if (file === undefined) return undefined;
  resources.use(file);
  let finished = false;
  resources.defer(() => finished || Deno.removeSync(path));
  await lock(file, "exclusive", request);
  const database = resources.use(await StoreDatabase.open(request));
  await database.commit((operation) => operation.set(HEADER_KEY, header));
  finished = true;
  await lock(file, "shared", request);
  return { database, vault, warnings: [], resources: resources.move() };
}

async function lock(file: StoreFile, kind: LockKind, request: StoreRequest): Promise<void> {
  if (await poll(() => file.tryLock(kind) || undefined, request)) return;
  throw storeBusy(request.path, await findLockHolder(file.stat().ino));
}

/**
 * Deno KV makes its tables in any SQLite file it is given. Its own show on the first page (`migration_state`
 * is made first), unless that page is still empty because everything is in the journal after a crash.
 */
function refuseForeign(file: StoreFile, path: string): void {
  const page = file.head(4096);
  const text = new TextDecoder("latin1").decode(page);
  const hasTables = page[100] === 0x0d && (page[103] !== 0 || page[104] !== 0);
  if (text.startsWith("SQLite format 3\0") && (!hasTables || text.includes("migration_state"))) {
    return;
  }
  throw storeDamaged(path, {
    why: page.length === 0
      ? "the file is empty: it was never finished, or was cut off"
      : "the file is damaged, or not a store",
  });
}

/** What is sealed can still be guessed at. Done last, when it is sure that the file is ours. */
async function makePrivate(file: StoreFile, path: string): Promise<string[]> {
  const { mode } = file.stat();
  if (mode === null || (mode & 0o077) === 0) return [];
  await Deno.chmod(path, 0o600);
  return [`${path} was open to others (mode 0${(mode & 0o777).toString(8)}); it is 0600 now.`];
}
