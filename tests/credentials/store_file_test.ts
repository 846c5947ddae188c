import { assert, assertEquals, assertFalse, assertRejects, assertThrows } from "@std/assert";
import { StoreFile } from "../../src/credentials/store_file.ts";
import { StoreError } from "../../src/errors.ts";
import { findTool, run } from "../_kit/processes.ts";
import { tempFolder } from "../_kit/temp.ts";

async function created(path: string): Promise<StoreFile> {
  const file = await StoreFile.create(path);
  if (file === undefined) throw new Error("it exists already");
  return file;
}

async function opened(path: string): Promise<StoreFile> {
  const file = await StoreFile.openExisting(path);
  if (file === undefined) throw new Error("there is none");
  return file;
}

/** The POSIX locks, SQLite's kind, that this process has on a file. */
async function posixLocks(path: string): Promise<string[]> {
  const { ino } = await Deno.stat(path);
  const locks = (await Deno.readTextFile("/proc/locks")).split("\n");
  return locks.filter((line) =>
    line.includes(" POSIX ") && line.includes(` ${Deno.pid} `) && line.includes(`:${ino} `)
  );
}

Deno.test("StoreFile.create() makes an empty file that only its owner can read", async () => {
  await using folder = await tempFolder();
  using file = await created(folder.file("store.db"));
  const { size, mode } = file.stat();
  assertEquals([size, (mode ?? 0o600) & 0o777], [0, 0o600]);
});

Deno.test("StoreFile.create() makes the folders that are missing, and they are 0700", async () => {
  await using folder = await tempFolder();
  using file = await created(folder.file("data/hubwire/store.db"));
  assertEquals(file.stat().size, 0);
  for (const name of ["data", "data/hubwire"]) {
    const { mode } = await Deno.stat(folder.file(name));
    assertEquals((mode ?? 0o700) & 0o777, 0o700);
  }
});

Deno.test("StoreFile.create() answers undefined for a file that is there, and leaves it alone", async () => {
  await using folder = await tempFolder();
  const path = await folder.write("store.db", "precious");
  assertEquals(await StoreFile.create(path), undefined);
  assertEquals(await Deno.readTextFile(path), "precious");
});

Deno.test("StoreFile.openExisting() answers undefined where there is no file, and makes none", async () => {
  await using folder = await tempFolder();
  assertEquals(await StoreFile.openExisting(folder.file("store.db")), undefined);
  assertEquals(await StoreFile.openExisting(folder.file("no/store.db")), undefined);
  assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

Deno.test("StoreFile.tryLock() lets many share and one have it alone", async () => {
  await using folder = await tempFolder();
  using one = await created(folder.file("store.db"));
  using two = await opened(folder.file("store.db"));
  assert(one.tryLock("exclusive"));
  assertFalse(two.tryLock("shared"));
  assert(one.tryLock("shared"));
  assert(two.tryLock("shared"));
  assertFalse(two.tryLock("exclusive"));
});

Deno.test("StoreFile gives its lock back when it is disposed of, even while another is in use", async () => {
  await using folder = await tempFolder();
  using one = await created(folder.file("store.db"));
  {
    using two = await opened(folder.file("store.db"));
    assert(two.tryLock("exclusive"));
    assertFalse(one.tryLock("shared"));
  }
  assert(one.tryLock("exclusive"));
});

Deno.test("StoreFile.head() reads the beginning, and no more than there is", async () => {
  await using folder = await tempFolder();
  using file = await opened(await folder.write("store.db", "0123456789"));
  assertEquals(new TextDecoder().decode(file.head(4)), "0123");
  assertEquals(new TextDecoder().decode(file.head(4)), "0123");
  assertEquals(new TextDecoder().decode(file.head(100)), "0123456789");
});

Deno.test({
  name: "StoreFile, disposed of, leaves SQLite's locks of another store in this program",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using folder = await tempFolder();
    const path = folder.file("store.db");
    using _first = await created(path);
    using kv = await Deno.openKv(path);
    await kv.set(["key"], 1);
    assertEquals((await posixLocks(path)).length, 1);
    (await opened(path))[Symbol.dispose]();
    assertEquals((await posixLocks(path)).length, 1);
  },
});

Deno.test("StoreFile, disposed of twice, is noticed", async () => {
  await using folder = await tempFolder();
  const file = await created(folder.file("store.db"));
  file[Symbol.dispose]();
  assertThrows(() => file[Symbol.dispose](), Error, "Bug:");
});

Deno.test({
  name: "StoreFile refuses a link to nothing, a pipe and a device at once",
  ignore: Deno.build.os === "windows" || await findTool("mkfifo") === undefined,
  async fn() {
    await using folder = await tempFolder();
    await Deno.symlink(folder.file("gone"), folder.file("link"));
    await run(["mkfifo", folder.file("pipe")]);
    const link = await assertRejects(() => StoreFile.create(folder.file("link")), StoreError);
    assertEquals([link.code, link.why], [
      "STORE_UNAVAILABLE",
      "it is a link to a file that does not exist",
    ]);
    for (const path of [folder.file("pipe"), "/dev/null"]) {
      const { code, why } = await assertRejects(() => StoreFile.openExisting(path), StoreError);
      assertEquals([code, why], ["STORE_UNAVAILABLE", "it is a pipe or a device, and no file"]);
    }
  },
});
