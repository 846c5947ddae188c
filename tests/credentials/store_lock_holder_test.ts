import { assertEquals } from "@std/assert";
import { findLockHolder } from "../../src/credentials/store_lock_holder.ts";
import { tempFolder } from "../_kit/temp.ts";

Deno.test({
  name: "findLockHolder() finds the process that has a file locked, and none where nobody has",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using folder = await tempFolder();
    using file = await Deno.open(await folder.write("store.db", "x"), { write: true });
    const { ino } = await file.stat();
    assertEquals(await findLockHolder(ino), undefined);
    await file.lock(true);
    assertEquals(await findLockHolder(ino), Deno.pid);
  },
});

Deno.test({
  name: "findLockHolder() answers undefined where it may not look",
  permissions: "none",
  async fn() {
    assertEquals(await findLockHolder(1), undefined);
  },
});
