import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import {
  DamagedRecordsError,
  isLockedByOther,
  storeBusy,
  storeFailure,
  storeNotFound,
} from "../../src/credentials/store_errors.ts";
import { CredentialError, StoreError } from "../../src/errors.ts";
import { tempFolder } from "../_kit/temp.ts";
import { patch } from "./_store_kit.ts";

/** What Deno KV says about this file when it is opened, read and written. */
async function kvFailure(path: string): Promise<Error> {
  return await assertRejects(async () => {
    using kv = await Deno.openKv(path);
    await Array.fromAsync(kv.list({ prefix: [] }));
    await kv.set(["key"], 1);
  }, Error);
}

function codeOf(failure: Error): string {
  const error = storeFailure(failure, "store.db");
  assert(error instanceof StoreError, `${failure.message} is not recognised`);
  assertStrictEquals(error.cause, failure);
  return error.code;
}

async function newKv(path: string): Promise<string> {
  using kv = await Deno.openKv(path);
  for (let i = 0; i < 10; i++) await kv.set(["key", i], new Uint8Array(3000));
  return path;
}

Deno.test("S1 storeFailure() knows Deno's words for a damaged file", async () => {
  await using folder = await tempFolder();
  const noise = await folder.write("noise.db", crypto.getRandomValues(new Uint8Array(8192)));
  assertEquals(codeOf(await kvFailure(noise)), "STORE_DAMAGED");
  const short = await newKv(folder.file("short.db"));
  await patch(short, (bytes) => bytes.subarray(0, 8192));
  assertEquals(codeOf(await kvFailure(short)), "STORE_DAMAGED");
  const holed = await newKv(folder.file("holed.db"));
  await patch(holed, (bytes) => bytes.fill(0xa5, 8192, 20480));
  assertEquals(codeOf(await kvFailure(holed)), "STORE_DAMAGED");
});

Deno.test("S5 storeFailure() knows Deno's words for a database that cannot be written", async () => {
  await using folder = await tempFolder();
  const path = await newKv(folder.file("store.db"));
  // Byte 18 is the version that one needs to write the file: SQLite opens an unknown one for reading only.
  await patch(path, (bytes) => void (bytes[18] = 9));
  assertEquals(codeOf(await kvFailure(path)), "STORE_NOT_WRITABLE");
});

Deno.test("storeFailure() knows Deno's words for a file that cannot be opened", async () => {
  await using folder = await tempFolder();
  assertEquals(codeOf(await kvFailure(folder.path)), "STORE_UNAVAILABLE");
  assertEquals(codeOf(await kvFailure(folder.file("no/store.db"))), "STORE_UNAVAILABLE");
});

Deno.test("S4 isLockedByOther() knows Deno's words for a database that another process has", async () => {
  await using folder = await tempFolder();
  const path = folder.file("store.db");
  using kv = await Deno.openKv(path);
  await kv.set(["key"], 1);
  using other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  // Deno gives up by itself after five seconds; nothing makes it give up sooner.
  const failure = await assertRejects(() => kv.set(["key"], 2), Error);
  assert(isLockedByOther(failure), failure.message);
  const error = storeFailure(failure, "store.db");
  assert(error instanceof StoreError && error.code === "STORE_BUSY");
  other.exec("ROLLBACK");
});

Deno.test("S5 storeFailure() knows what the system says of full disks and read-only folders", () => {
  for (const code of ["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT"]) {
    assertEquals(codeOf(Object.assign(new Error(code), { code })), "STORE_NOT_WRITABLE");
  }
  assertEquals(codeOf(new TypeError("database or disk is full")), "STORE_NOT_WRITABLE");
  for (const code of ["EISDIR", "ENOTDIR", "EMFILE"]) {
    assertEquals(codeOf(Object.assign(new Error(code), { code })), "STORE_UNAVAILABLE");
  }
});

Deno.test("storeFailure() leaves our own errors, bugs and other things as they are", () => {
  const ours = new CredentialError("CREDENTIAL_NOT_FOUND", { what: "a", why: "b", remedy: "c" });
  for (const error of [ours, storeBusy("store.db"), new TypeError("x is undefined"), "text"]) {
    assertStrictEquals(storeFailure(error, "store.db"), error);
  }
});

Deno.test("the errors of a store name what they are about", () => {
  assertEquals(
    new DamagedRecordsError([
      { host: "hub.example", deviceId: "sensor-1" },
      { host: "b", deviceId: "c" },
    ]).what,
    "Cannot use the credential of device sensor-1 for host hub.example, device c for host b",
  );
  assertEquals(storeBusy("store.db", 4711).why, "process 4711 holds it");
  assertEquals(storeBusy("store.db").why, "another process holds it");
  assertEquals(storeNotFound("store.db").what, "Cannot open the store store.db");
});
