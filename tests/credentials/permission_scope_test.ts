/** A credential is had by nobody who may not reach its hub anyway: shown in a worker that may reach one hub only. */

import { assertEquals, assertRejects } from "@std/assert";
import { CertificateAuthority } from "../../src/credentials/certificate_authority.ts";
import { CredentialStore } from "../../src/credentials/credential_store.ts";
import { PermissionError } from "../../src/errors.ts";
import { tempFolder } from "../_kit/temp.ts";
import type { ScopeAnswer, ScopeRequest } from "./_scope_worker.ts";
import { quick } from "./_store_kit.ts";

const OWN = "hub-a.example";
const FOREIGN = "hub-b.example";

async function storeOfTwoHubs(path: string): Promise<void> {
  const authority = await CertificateAuthority.create();
  await using store = await CredentialStore.open(quick(path));
  for (const host of [OWN, FOREIGN]) await store.add(host, await authority.issueDevice("sensor-1"));
}

/** What a worker gets that may use the store's file, and reach what `net` says. */
async function askWorker(path: string, net: string[]): Promise<ScopeAnswer> {
  const worker = new Worker(new URL("./_scope_worker.ts", import.meta.url), {
    type: "module",
    deno: {
      permissions: {
        net,
        read: [path],
        write: [path],
        env: false,
        run: false,
        ffi: false,
        sys: false,
        import: false,
      },
    },
  });
  const { promise, resolve, reject } = Promise.withResolvers<ScopeAnswer>();
  worker.onmessage = ({ data }) =>
    typeof data === "string" ? reject(new Error(data)) : resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  const request: ScopeRequest = { path, own: OWN, foreign: FOREIGN, deviceId: "sensor-1" };
  worker.postMessage(request);
  try {
    return await promise;
  } finally {
    worker.terminate();
  }
}

/** What a worker is refused: the flag that it lacks, or the code of the error. */
const REFUSED = {
  "find()": `--allow-net=${FOREIGN}:8883`,
  "find() in capitals": `--allow-net=${FOREIGN}:8883`,
  "find() at another port": `--allow-net=${FOREIGN}:443`,
  "find() at a port of no hub": `--allow-net=${FOREIGN}:1`,
  "findByHost()": `--allow-net=${FOREIGN}:8883`,
  "findByHost() at another port": `--allow-net=${FOREIGN}:443`,
  "forHost()": `--allow-net=${FOREIGN}:8883`,
  "forHost() at another port": `--allow-net=${FOREIGN}:443`,
  "forHost() of its own at another port": `--allow-net=${OWN}:443`,
  "forHost() of its own, asked for the other": "CREDENTIAL_NOT_FOUND",
  "forHost() of the other, asked for its own": "CREDENTIAL_NOT_FOUND",
};

Deno.test("CredentialStore hands out no key of another hub in a worker that may reach one hub only", async () => {
  await using folder = await tempFolder();
  await storeOfTwoHubs(folder.file("store.db"));
  const outcomes = await askWorker(folder.file("store.db"), [`${OWN}:8883`]);
  const expected: ScopeAnswer = {
    "find() of its own": "had",
    "findByHost() of its own": "had",
    "forHost() of its own": "had",
  };
  for (const [name, why] of Object.entries(REFUSED)) expected[name] = `refused: ${why}`;
  assertEquals(outcomes, expected);
});

Deno.test("CredentialStore hands out keys of every hub that a worker may reach, at whichever port", async () => {
  await using folder = await tempFolder();
  await storeOfTwoHubs(folder.file("store.db"));
  const outcomes = await askWorker(folder.file("store.db"), [`${OWN}:443`, FOREIGN]);
  const had = Object.keys(outcomes).filter((name) => outcomes[name] === "had");
  assertEquals(had, [
    "find() of its own",
    "find()",
    "find() in capitals",
    "find() at another port",
    "find() at a port of no hub",
    "findByHost() of its own",
    "findByHost()",
    "findByHost() at another port",
    "forHost() of its own at another port",
    "forHost()",
    "forHost() at another port",
  ]);
});

/** Each method that there is, so that a new one has to be looked at here. */
const METHODS = {
  /** They are tried in the worker. */
  "hands out keys": ["find", "findByHost", "forHost"],
  "hands out none": [
    "add",
    "addPfx",
    "close",
    "constructor",
    "deviceIds",
    "entry",
    "list",
    "remove",
  ],
};

Deno.test("Of every method of CredentialStore it is known whether it hands out keys", () => {
  assertEquals(
    Object.getOwnPropertyNames(CredentialStore.prototype).sort(),
    Object.values(METHODS).flat().sort(),
  );
});

Deno.test({
  name: "CredentialStore needs no net permission for what shows no key",
  permissions: { read: true, write: true, net: false },
  async fn() {
    await using folder = await tempFolder();
    const authority = await CertificateAuthority.create();
    await using store = await CredentialStore.open(quick(folder.file("store.db")));
    await store.add(OWN, await authority.issueDevice("sensor-1"));
    assertEquals((await store.entry(OWN, "sensor-1"))?.subject, "CN=sensor-1");
    assertEquals(await store.entry(OWN, "sensor-2"), undefined);
    assertEquals(await Array.fromAsync(store.list(), ({ host }) => host), [OWN]);
    assertEquals(await store.deviceIds(OWN), ["sensor-1"]);
    const error = await assertRejects(() => store.find(OWN, "sensor-1"), PermissionError);
    assertEquals(error.flag, `--allow-net=${OWN}:8883`);
    assertEquals(await store.remove(OWN, "sensor-1"), true);
  },
});
