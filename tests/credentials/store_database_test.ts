import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { StoreDatabase } from "../../src/credentials/store_database.ts";
import { StoreError } from "../../src/errors.ts";
import { tempFolder } from "../_kit/temp.ts";

const KEY = ["a", 1];

function options(path: string, deadlineMs = 5000) {
  return { path, deadlineMs };
}

/** A database that is locked for the first `times` commits. */
function lockedKv(times: number): { kv: Deno.Kv; tries: () => number } {
  let tries = 0;
  const operation = {
    set: () => operation,
    commit: () =>
      ++tries > times
        ? Promise.resolve({ ok: true, versionstamp: "1" })
        : Promise.reject(new TypeError("database is locked")),
  };
  const kv = { atomic: () => operation, close: () => {} } as unknown as Deno.Kv;
  return { kv, tries: () => tries };
}

/** Fails as soon as somebody else has closed it. */
async function readForEver(kv: Deno.Kv): Promise<never> {
  for (;;) await kv.get(KEY);
}

Deno.test("StoreDatabase reads, lists and deletes what it wrote", async () => {
  await using folder = await tempFolder();
  using database = await StoreDatabase.open(options(folder.file("store.db")));
  assertEquals((await database.read(KEY)).versionstamp, null);
  assert(
    await database.commit((operation) => operation.set(KEY, 1).set(["a", 2], 2).set(["b"], 3)),
  );
  assertEquals((await database.read(KEY)).value, 1);
  assertEquals(await Array.fromAsync(database.list(["a"]), ({ value }) => value), [1, 2]);
  assertEquals((await Array.fromAsync(database.list(["a"], { limit: 1 }))).length, 1);
  assert(await database.commit((operation) => operation.delete(KEY)));
  assertEquals((await database.read(KEY)).versionstamp, null);
});

Deno.test("StoreDatabase.commit() answers false when what it checks has changed", async () => {
  await using folder = await tempFolder();
  using database = await StoreDatabase.open(options(folder.file("store.db")));
  const before = await database.read(KEY);
  await database.commit((operation) => operation.set(KEY, 1));
  assertFalse(await database.commit((operation) => operation.check(before).set(KEY, 2)));
  assertEquals((await database.read(KEY)).value, 1);
});

Deno.test("S4 StoreDatabase.commit() tries again while another process has the database", async () => {
  const { kv, tries } = lockedKv(3);
  using database = new StoreDatabase(kv, options("store.db"));
  assert(await database.commit((operation) => operation.set(KEY, 1)));
  assertEquals(tries(), 4);
});

Deno.test("S4 StoreDatabase.commit() gives up with STORE_BUSY at the deadline", async () => {
  using database = new StoreDatabase(lockedKv(Infinity).kv, options("store.db", 1));
  const error = await assertRejects(
    () => database.commit((operation) => operation.set(KEY, 1)),
    StoreError,
  );
  assertEquals([error.code, error.retryable], ["STORE_BUSY", true]);
});

Deno.test("S4 StoreDatabase.read() gives up at the deadline, and closing does not wait either", async () => {
  await using folder = await tempFolder();
  const path = folder.file("store.db");
  (await Deno.openKv(path)).close();
  using other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  const kv = await Deno.openKv(path);
  const database = new StoreDatabase(kv, options(path, 1));
  const error = await assertRejects(() => database.read(KEY), StoreError);
  assertEquals(error.code, "STORE_BUSY");
  database[Symbol.dispose]();
  other.exec("ROLLBACK");
  await assertRejects(() => readForEver(kv));
});

Deno.test("StoreDatabase, once closed, is closed for good", async () => {
  await using folder = await tempFolder();
  const database = await StoreDatabase.open(options(folder.file("store.db")));
  database[Symbol.dispose]();
  database[Symbol.dispose]();
  await assertRejects(() => database.read(KEY), TypeError, "closed");
  await assertRejects(() => database.list(["a"]).next(), TypeError, "closed");
  await assertRejects(() => database.commit((operation) => operation), TypeError, "closed");
});
