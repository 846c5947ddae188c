/**
 * Opening an outbox, or making one: the order in which file, lock, database, header and totals come.
 *
 * The header goes in with the first commit. A file that has nothing at all in it was never finished, by a
 * program that ended in that instant, and is begun again: nothing can be lost that was never stored.
 */
import { checkedValue, openCheckedValue } from "./checked_value.ts";
import { OutboxDatabase } from "./outbox_database.ts";
import { outboxDamaged, outboxFailure, outboxLocked } from "./outbox_errors.ts";
import { OutboxFile } from "./outbox_file.ts";
import { EVERYTHING, HEADER_KEY } from "./outbox_keys.ts";
import { OutboxTable } from "./outbox_table.ts";
import type { Sealer } from "./sealer.ts";

/** An outbox that is open; disposing of `resources` closes it. */
export interface OpenedOutbox {
  table: OutboxTable;
  resources: DisposableStack;
}

const FORMAT = 1;
const CONTEXT = new TextEncoder().encode("hubwire outbox");

/** Opens the outbox, or makes it if there is none. */
export async function openOutbox(path: string, sealer: Sealer | undefined): Promise<OpenedOutbox> {
  try {
    using resources = new DisposableStack();
    resources.use(await OutboxFile.open(path));
    const database = resources.use(await OutboxDatabase.open(path));
    await checkHeader(database, { path, sealer });
    const table = new OutboxTable(database, { path, sealer });
    await table.begin();
    return { table, resources: resources.move() };
  } catch (error) {
    throw outboxFailure(error, path);
  }
}

async function checkHeader(
  database: OutboxDatabase,
  { path, sealer }: { path: string; sealer: Sealer | undefined },
): Promise<void> {
  const value = await database.read(HEADER_KEY);
  if (value === null) return await makeHeader(database, { path, sealer });
  const header = openCheckedValue(value);
  const [format, isSealed] = header ?? [];
  if (!header) throw outboxDamaged(path, { why: "its header is damaged" });
  if (format !== FORMAT) throw outboxDamaged(path, { why: `it has the unknown format ${format}` });
  if (!sealer && isSealed) throw outboxLocked(path, "it is sealed, and no key was given");
  if (sealer && !isSealed) throw outboxLocked(path, "a key was given, but it is not sealed");
  if (sealer && !await sealer.open(header.subarray(2), CONTEXT)) {
    throw outboxLocked(path, "it was sealed with another key");
  }
}

async function makeHeader(
  database: OutboxDatabase,
  { path, sealer }: { path: string; sealer: Sealer | undefined },
): Promise<void> {
  for await (const _ of database.list({ prefix: EVERYTHING })) {
    throw outboxDamaged(path, { why: "it is a database, but not an outbox" });
  }
  // What is sealed opens with the same key only: so the next one that is given is checked.
  const seal = await sealer?.seal(new Uint8Array(), CONTEXT) ?? new Uint8Array();
  const value = checkedValue(Uint8Array.of(FORMAT, sealer ? 1 : 0), seal);
  await database.commit((operation) => operation.set(HEADER_KEY, value));
}
