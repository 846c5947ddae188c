import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import {
  isGranted,
  requireFileAccess,
  requireHostAccess,
  requireNetAccess,
} from "../../src/credentials/permission.ts";
import { PermissionError } from "../../src/errors.ts";

const WHAT = "Cannot do it";

/** The flag that somebody is told to add. */
async function flagOf(action: () => Promise<void>): Promise<string> {
  const error = await assertRejects(action, PermissionError);
  assertEquals(error.code, "PERMISSION_MISSING");
  assertEquals(error.remedy, `Run again with ${error.flag}`);
  return error.flag;
}

Deno.test({
  name: "requireFileAccess() names each flag that is missing for that very path, and no other",
  permissions: { read: ["/a/store.db"], write: ["/b/store.db"] },
  async fn() {
    const require = (path: string) => () =>
      requireFileAccess(path, { access: ["read", "write"], what: WHAT });
    assertEquals(await flagOf(require("/a/store.db")), "--allow-write=/a/store.db");
    assertEquals(await flagOf(require("/b/store.db")), "--allow-read=/b/store.db");
    assertEquals(
      await flagOf(require("/c/store.db")),
      "--allow-read=/c/store.db --allow-write=/c/store.db",
    );
  },
});

Deno.test({
  name: "requireFileAccess() is content with the two permissions on the path alone",
  permissions: { read: ["/a/store.db"], write: ["/a/store.db"] },
  async fn() {
    await requireFileAccess("/a/store.db", { access: ["read", "write"], what: WHAT });
  },
});

Deno.test({
  name: "requireNetAccess() asks for host and port",
  permissions: { net: ["hub.example:8883", "other.example"] },
  async fn() {
    await requireNetAccess({ host: "hub.example", port: 8883 }, { what: WHAT });
    await requireNetAccess({ host: "other.example", port: 443 }, { what: WHAT });
    for (const [host, port] of [["hub.example", 443], ["x.hub.example", 8883]] as const) {
      const flag = await flagOf(() => requireNetAccess({ host, port }, { what: WHAT }));
      assertEquals(flag, `--allow-net=${host}:${port}`);
    }
  },
});

Deno.test({
  name: "isGranted() takes what Deno would ask a human about for a no",
  permissions: { env: ["HUBWIRE_STORE"] },
  async fn() {
    assert(await isGranted({ name: "env", variable: "HUBWIRE_STORE" }));
    assertFalse(await isGranted({ name: "env", variable: "HOME" }));
  },
});

Deno.test({
  name: "requireHostAccess() is content with any port at which a hub listens, and asks for 8883",
  permissions: { net: ["mqtt.example:8883", "web.example:443", "all.example", "odd.example:1"] },
  async fn() {
    for (const host of ["mqtt", "web", "all"]) {
      await requireHostAccess(`${host}.example`, { what: WHAT });
    }
    for (const host of ["odd.example", "x.all.example"]) {
      const flag = await flagOf(() => requireHostAccess(host, { what: WHAT }));
      assertEquals(flag, `--allow-net=${host}:8883`);
    }
  },
});
