import { assert, assertEquals, assertFalse, assertRejects, assertThrows } from "@std/assert";
import { createPrivateKey } from "node:crypto";
import { inspect } from "node:util";
import { CredentialStore, type StoreSettings } from "../../src/credentials/credential_store.ts";
import { Identity } from "../../src/credentials/identity.ts";
import { credentialKey } from "../../src/credentials/store_keys.ts";
import { CredentialError, PermissionError, StoreError } from "../../src/errors.ts";
import { deviceIdentity, thumbprints } from "../_kit/certs.ts";
import { findTool, run } from "../_kit/processes.ts";
import { type TempFolder, tempFolder } from "../_kit/temp.ts";
import { PASSPHRASE, patch, pfxPath, quick, runStoreProgram, tamper } from "./_store_kit.ts";

const HOST = "hub.azure-devices.net";
const SHELL = await findTool("sh");
const SENSOR = await deviceIdentity("sensor-1");
const OTHER = await deviceIdentity("sensor-2");

/** Runs an action on a store of its own. */
async function withStore(
  action: (store: CredentialStore, folder: TempFolder) => Promise<unknown>,
  changes: Partial<StoreSettings> = {},
): Promise<void> {
  await using folder = await tempFolder();
  await using store = await CredentialStore.open(quick(folder.file("store.db"), changes));
  await action(store, folder);
}

/** The credential as text, for another process. */
function plainJson(identity: Identity): string {
  return JSON.stringify({
    certificateChain: identity.certificateChain.map((der) => der.toBase64()),
    privateKey: identity.privateKey.toBase64(),
  });
}

/** The number that an elliptic key keeps secret. */
function scalarOf(identity: Identity): Uint8Array {
  const key = { key: Buffer.from(identity.privateKey), format: "der", type: "pkcs8" } as const;
  return Uint8Array.fromBase64(createPrivateKey(key).export({ format: "jwk" }).d ?? "", {
    alphabet: "base64url",
  });
}

function contains(haystack: Uint8Array, needle: Uint8Array): boolean {
  return haystack.toHex().includes(needle.toHex());
}

/** Everything that is on the disk under the store's name: the database, its journals. */
async function onDisk(folder: TempFolder): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const { name } of Deno.readDir(folder.path)) {
    if (name.startsWith("store.db")) parts.push(await Deno.readFile(folder.file(name)));
  }
  return new Uint8Array(await new Blob(parts.map((part) => new Uint8Array(part))).arrayBuffer());
}

Deno.test("CredentialStore gives back what was added, also after it was closed", async () => {
  await using folder = await tempFolder();
  const path = folder.file("store.db");
  const now = new Date("2026-11-23T20:00:00Z");
  {
    await using store = await CredentialStore.open(quick(path, { now: () => now }));
    assertEquals(await store.add(HOST, SENSOR), { added: true, deviceId: "sensor-1" });
  }
  await using store = await CredentialStore.open(quick(path, { create: false }));
  const [found, ...others] = await store.findByHost(HOST);
  assertEquals(others, []);
  assertEquals([found?.host, found?.deviceId, found?.addedAt], [HOST, "sensor-1", now]);
  assert(found?.identity instanceof Identity);
  assertEquals(found.identity.privateKey, SENSOR.privateKey);
  assertEquals(found.identity.certificateChain, SENSOR.certificateChain);
  assertEquals(store.warnings, []);
});

Deno.test("CredentialStore.add() of what is there already changes nothing and says so", () =>
  withStore(async (store) => {
    await store.add(HOST, SENSOR);
    assertEquals(await store.add(HOST, SENSOR), { added: false, deviceId: "sensor-1" });
    assertEquals(await store.add("Hub.Azure-Devices.net.", SENSOR), {
      added: false,
      deviceId: "sensor-1",
    });
    assertEquals((await store.findByHost(HOST)).length, 1);
  }));

Deno.test("CredentialStore.add() puts another credential in the place of the first", () =>
  withStore(async (store) => {
    await store.add(HOST, SENSOR);
    assertEquals(await store.add(HOST, OTHER, { deviceId: "sensor-1" }), {
      added: true,
      deviceId: "sensor-1",
    });
    const found = await store.find(HOST, "sensor-1");
    assertEquals(found?.identity.privateKey, OTHER.privateKey);
  }));

Deno.test("CredentialStore.add() refuses a wrong key, host or device id, and changes nothing", () =>
  withStore(async (store) => {
    const mixed = Identity.from({ ...SENSOR, privateKey: OTHER.privateKey });
    const error = await assertRejects(() => store.add(HOST, mixed), CredentialError);
    assertEquals(error.code, "CREDENTIAL_KEY_MISMATCH");
    await assertRejects(() => store.add("mqtts://hub.example", SENSOR), TypeError);
    await assertRejects(() => store.add(HOST, SENSOR, { deviceId: "" }), TypeError);
    assertEquals(await Array.fromAsync(store.list()), []);
  }));

Deno.test("CredentialStore keeps hosts apart: no suffix, no prefix, no wildcard", () =>
  withStore(async (store) => {
    await store.add("example.com", SENSOR);
    for (const host of ["hub.example.com", "com", "example.co", "example.com.au"]) {
      assertEquals(await store.findByHost(host), []);
      assertEquals(await store.find(host, "sensor-1"), undefined);
    }
    await assertRejects(() => store.findByHost("*.com"), TypeError);
    assertEquals((await store.findByHost("EXAMPLE.com:8883")).length, 1);
  }));

Deno.test("CredentialStore.remove() removes one credential, and says whether there was one", () =>
  withStore(async (store) => {
    await store.add(HOST, SENSOR);
    await store.add(HOST, OTHER);
    assert(await store.remove(HOST, "sensor-1"));
    assertFalse(await store.remove(HOST, "sensor-1"));
    assertEquals((await store.findByHost(HOST)).map(({ deviceId }) => deviceId), ["sensor-2"]);
  }));

Deno.test("CredentialStore.list() shows everything but the key", () => {
  const now = new Date("2026-11-23T20:00:00Z");
  return withStore(async (store) => {
    await store.add("b.example", SENSOR);
    await store.add("a.example", OTHER);
    const [first, second, ...others] = await Array.fromAsync(store.list());
    assertEquals(others, []);
    assertEquals([first?.host, second?.host], ["a.example", "b.example"]);
    assert(second);
    const { issuer, notBefore, notAfter, ...rest } = second;
    const { sha1, sha256 } = thumbprints(SENSOR);
    assertEquals(rest, {
      host: "b.example",
      deviceId: "sensor-1",
      subject: "CN=sensor-1",
      keyType: "EC P-256",
      thumbprintSha1: sha1,
      thumbprintSha256: sha256,
      addedAt: now,
    });
    assert(issuer.startsWith("CN=") && notBefore < notAfter);
  }, { now: () => now });
});

Deno.test("CredentialStore.addPfx() reads, checks and stores a PFX, by its path or its bytes", () =>
  withStore(async (store) => {
    const path = pfxPath("device");
    const expected = { deviceId: "sensor-1", warnings: [] };
    assertEquals(await store.addPfx(HOST, path, "low-tide"), { added: true, ...expected });
    const bytes = await Deno.readFile(path);
    assertEquals(await store.addPfx(HOST, bytes, "low-tide"), { added: false, ...expected });
    const found = await store.find(HOST, "sensor-1");
    assert(found?.identity.privateKey.some((byte) => byte !== 0));
  }));

const PFX_FAULTS: [name: string, code: string, password?: string][] = [
  ["device", "CREDENTIAL_WRONG_PASSWORD", "high-tide"],
  ["nameless", "CREDENTIAL_WRONG_NAME"],
  ["version1", "CREDENTIAL_UNSUPPORTED"],
  ["several", "CREDENTIAL_AMBIGUOUS"],
  ["certificate_only", "CREDENTIAL_INCOMPLETE"],
  ["missing", "CREDENTIAL_NOT_FOUND"],
];

for (const [name, code, password = "low-tide"] of PFX_FAULTS) {
  Deno.test(`CredentialStore.addPfx() answers ${code} and stores nothing`, () =>
    withStore(async (store) => {
      const add = () => store.addPfx(HOST, pfxPath(name), password);
      const error = await assertRejects(add, CredentialError);
      assertEquals(error.code, code);
      assertFalse(inspect(error).includes(password));
      assertEquals(await Array.fromAsync(store.list()), []);
    }));
}

Deno.test("C1 CredentialStore.addPfx() refuses a certificate that is not valid now", async () => {
  for (const year of ["2001", "2999"]) {
    await withStore(async (store) => {
      const add = () => store.addPfx(HOST, pfxPath("device"), "low-tide");
      assertEquals((await assertRejects(add, CredentialError)).code, "CREDENTIAL_EXPIRED");
      assertEquals(await Array.fromAsync(store.list()), []);
    }, { now: () => new Date(year) });
  }
});

Deno.test("CredentialStore.forHost() is a provider of that host's credentials and no other's", () =>
  withStore(async (store) => {
    await store.add(HOST, SENSOR);
    await store.add("other.example", OTHER);
    const provide = store.forHost(HOST);
    const identity = await provide({ host: HOST, port: 8883 });
    assertEquals(identity.privateKey, SENSOR.privateKey);
    await assertRejects(() => provide({ host: "other.example", port: 8883 }), CredentialError);
    assertThrows(() => store.forHost("https://hub.example"), TypeError);
    await store.add(HOST, OTHER);
    const error = await assertRejects(() => provide({ host: HOST, port: 8883 }), CredentialError);
    assertEquals(error.code, "CREDENTIAL_AMBIGUOUS");
    const other = await provide({ host: HOST, port: 8883, deviceId: "sensor-2" });
    assertEquals(other.privateKey, OTHER.privateKey);
  }));

Deno.test("CredentialStore.forHost() refuses a process that may not reach host and port", () =>
  withStore(async (store, folder) => {
    await store.add(HOST, SENSOR);
    const path = folder.file("store.db");
    const files = [`--allow-read=${path}`, `--allow-write=${path}`];
    const provide = (port: string, ...flags: string[]) =>
      runStoreProgram(["provide", path, HOST, port], { flags: [...files, ...flags] });
    const net = `--allow-net=${HOST}:8883`;
    assertEquals((await provide("8883", net)).stdout, "chain of 1\n");
    for (const { stdout } of [await provide("8883"), await provide("443", net)]) {
      assertEquals(JSON.parse(stdout).code, "PERMISSION_MISSING");
      assert(JSON.parse(stdout).flag.startsWith(`--allow-net=${HOST}:`));
    }
  }));

Deno.test("CredentialStore leaves no byte of key, certificate or passphrase in its files", () =>
  withStore(async (store, folder) => {
    await store.add(HOST, SENSOR);
    await store.add(HOST, OTHER);
    await store.add(HOST, OTHER, { deviceId: "sensor-1" });
    await store.remove(HOST, "sensor-2");
    await store.add(HOST, SENSOR);
    const open = await onDisk(folder);
    store.close();
    const closed = await onDisk(folder);
    const text = new TextEncoder();
    const secrets = [SENSOR, OTHER].flatMap((identity) => [
      identity.privateKey,
      scalarOf(identity),
      ...identity.certificateChain,
      text.encode(identity.privateKey.toBase64().slice(0, 60)),
      text.encode(thumbprints(identity).sha256),
    ]);
    secrets.push(text.encode(PASSPHRASE), text.encode("CN=sensor-1"));
    for (const files of [open, closed]) {
      // What may be read there is found: so the search below would find the rest.
      assert(contains(files, text.encode(HOST)) && contains(files, text.encode("sensor-1")));
      for (const secret of secrets) {
        assert(secret.length > 8);
        assertFalse(contains(files, secret));
      }
    }
  }));

Deno.test("CredentialStore shows no secret when it, a credential or an error is printed", () =>
  withStore(async (store, folder) => {
    await store.add(HOST, SENSOR);
    const wrong = quick(folder.file("store.db"), { passphrase: "a wrong passphrase" });
    const error = await assertRejects(() => CredentialStore.open(wrong), StoreError);
    const found = await store.findByHost(HOST);
    const entries = await Array.fromAsync(store.list());
    for (const value of [store, found, entries, error, store.forHost(HOST)]) {
      const printed = [
        Deno.inspect(value, { depth: 20, iterableLimit: Infinity }),
        inspect(value, { depth: 20, showHidden: true, maxArrayLength: null }),
        JSON.stringify(value) ?? "",
      ].join("\n");
      for (const secret of [PASSPHRASE, "a wrong passphrase", SENSOR.privateKey.toBase64()]) {
        assertFalse(printed.includes(secret));
      }
      assertFalse(/Uint8Array|CryptoKey/.test(printed), printed);
    }
  }));

Deno.test("CredentialStore.open() takes one secret and a path before it looks at any file", async () => {
  const wrong = [
    { path: "/none/store.db" },
    { path: "/none/store.db", passphrase: "" },
    { path: "/none/store.db", passphrase: "tide", keyFile: "/none/key" },
    { path: "", passphrase: "tide" },
  ];
  for (const options of wrong) {
    await assertRejects(() => CredentialStore.open(options), TypeError);
  }
  const costly = quick("/none/store.db", { cost: { memoryKiB: 1, passes: 1, parallelism: 1 } });
  await assertRejects(() => CredentialStore.open(costly), RangeError);
});

Deno.test("CredentialStore.open() takes a key file in place of a passphrase", async () => {
  await using folder = await tempFolder();
  const { passphrase: _passphrase, ...settings } = quick(folder.file("store.db"));
  const key = crypto.getRandomValues(new Uint8Array(32));
  const keyFile = await folder.write("key", key);
  {
    await using store = await CredentialStore.open({ ...settings, keyFile });
    await store.add(HOST, SENSOR);
  }
  await using store = await CredentialStore.open({ ...settings, passphrase: key });
  assertEquals((await store.findByHost(HOST)).length, 1);
});

Deno.test("CredentialStore, once closed, is closed for good", () =>
  withStore(async (store) => {
    store.close();
    store.close();
    await assertRejects(() => store.findByHost(HOST), TypeError, "closed");
    await assertRejects(() => store.add(HOST, SENSOR), TypeError, "closed");
    await assertRejects(() => Array.fromAsync(store.list()), TypeError, "closed");
  }));

Deno.test("CredentialStore, opened twice in one program, goes on when one of the two is closed", () =>
  withStore(async (store, folder) => {
    const second = await CredentialStore.open(quick(folder.file("store.db")));
    await second.add(HOST, SENSOR);
    second.close();
    await store.add(HOST, OTHER);
    const flags = ["-A"];
    const args = ["provide", folder.file("store.db"), HOST, "8883"];
    assertEquals(
      JSON.parse((await runStoreProgram(args, { flags })).stdout).code,
      "CREDENTIAL_AMBIGUOUS",
    );
    assertEquals((await store.findByHost(HOST)).length, 2);
  }));

Deno.test("S2 CredentialStore.open() refuses a wrong passphrase", () =>
  withStore(async (_store, folder) => {
    const wrong = quick(folder.file("store.db"), { passphrase: `${PASSPHRASE} ` });
    const error = await assertRejects(() => CredentialStore.open(wrong), StoreError);
    assertEquals([error.code, error.why], [
      "STORE_LOCKED",
      "wrong passphrase, or the store is damaged",
    ]);
  }));

Deno.test("S3 CredentialStore refuses a record that was copied to another host, and names it", async () => {
  await using folder = await tempFolder();
  const path = folder.file("store.db");
  {
    await using store = await CredentialStore.open(quick(path));
    await store.add(HOST, SENSOR);
  }
  await tamper(path, async (kv) => {
    const { value } = await kv.get(credentialKey({ host: HOST, deviceId: "sensor-1" }));
    await kv.set(credentialKey({ host: "evil.example", deviceId: "sensor-1" }), value);
  });
  await using store = await CredentialStore.open(quick(path));
  const provide = store.forHost("evil.example");
  const error = await assertRejects(
    () => provide({ host: "evil.example", port: 8883 }),
    StoreError,
  );
  assertEquals(error.code, "STORE_DAMAGED");
  assertEquals(error.what, "Cannot use the credential of device sensor-1 for host evil.example");
  assertEquals((await store.findByHost(HOST)).length, 1);
});

Deno.test("S4 CredentialStore loses nothing when two processes add at the same time", () =>
  withStore(async (store, folder) => {
    const add = (prefix: string) =>
      run([
        ...[Deno.execPath(), "run", "-A", "--quiet"],
        new URL("./_store_program.ts", import.meta.url).pathname,
        ...["add", folder.file("store.db"), HOST, prefix, "25"],
      ], { stdin: plainJson(SENSOR) });
    const results = await Promise.all([add("a"), add("b")]);
    assertEquals(results.map(({ stdout, stderr }) => stdout + stderr), ["25\n", "25\n"]);
    assertEquals((await Array.fromAsync(store.list())).length, 50);
  }));

Deno.test("S5 CredentialStore.add() leaves the old value when the file cannot be written", async () => {
  await using folder = await tempFolder();
  const path = folder.file("store.db");
  {
    await using store = await CredentialStore.open(quick(path));
    await store.add(HOST, SENSOR);
  }
  // Byte 18 is the version that one needs to write the file: SQLite opens an unknown one for reading only.
  await patch(path, (bytes) => void (bytes[18] = 9));
  await using store = await CredentialStore.open(quick(path));
  const error = await assertRejects(
    () => store.add(HOST, OTHER, { deviceId: "sensor-1" }),
    StoreError,
  );
  assertEquals(error.code, "STORE_NOT_WRITABLE");
  const found = await store.find(HOST, "sensor-1");
  assertEquals(found?.identity.privateKey, SENSOR.privateKey);
});

Deno.test({
  name: "S5 CredentialStore.add() leaves the old value when the disk is full",
  ignore: SHELL === undefined,
  async fn() {
    await using folder = await tempFolder();
    const path = folder.file("store.db");
    {
      await using store = await CredentialStore.open(quick(path));
      await store.add(HOST, SENSOR, { deviceId: "x0" });
    }
    // A limit on the size of files fails as a full disk does, and needs no disk of our own.
    const limited = `trap "" XFSZ; ulimit -f 76; exec "$0" "$@"`;
    const { certificateChain: [leaf = new Uint8Array()], privateKey } = OTHER;
    const large = Identity.from({
      privateKey,
      certificateChain: [leaf, new Uint8Array(40_000)],
    });
    const program = new URL("./_store_program.ts", import.meta.url).pathname;
    const { stdout } = await run([
      ...[SHELL ?? "", "-c", limited, Deno.execPath(), "run", "-A", "--quiet", program],
      ...["add", path, HOST, "x", "1"],
    ], { stdin: plainJson(large) });
    assertEquals(JSON.parse(stdout).code, "STORE_NOT_WRITABLE");
    await using store = await CredentialStore.open(quick(path));
    assertEquals((await store.find(HOST, "x0"))?.identity.privateKey, SENSOR.privateKey);
  },
});

Deno.test("S7 CredentialStore.add() refuses a chain of more than 48 KB, and stores nothing", () =>
  withStore(async (store) => {
    const certificateChain = [...SENSOR.certificateChain, new Uint8Array(50_000)];
    const large = Identity.from({ ...SENSOR, certificateChain });
    const error = await assertRejects(() => store.add(HOST, large), CredentialError);
    assertEquals(error.code, "CREDENTIAL_LIMIT");
    assertEquals(await Array.fromAsync(store.list()), []);
  }));

Deno.test("S8 CredentialStore.open() needs read and write permission on its path and nothing else", async () => {
  await using folder = await tempFolder();
  const path = folder.file("store.db");
  const [read, write] = [`--allow-read=${path}`, `--allow-write=${path}`];
  const open = async (...flags: string[]) =>
    (await runStoreProgram(["open", path], { flags })).stdout;
  const missing = async (...flags: string[]) => JSON.parse(await open(...flags)).flag;
  assertEquals(await missing(), `${read} ${write}`);
  assertEquals(await missing(read), write);
  assertEquals(await missing(write), read);
  await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
  assertEquals(await open(read, write), "opened\n");
  assertEquals(await open(read, write), "opened\n");
});

Deno.test("S8 CredentialStore.open() names the flag for a folder that has to be made", async () => {
  await using folder = await tempFolder();
  const path = folder.file("data/store.db");
  const flags = [`--allow-read=${path}`, `--allow-write=${path}`];
  const { stdout } = await runStoreProgram(["open", path], { flags });
  assertEquals(JSON.parse(stdout).flag, `--allow-write=${folder.file("data")}`);
});

Deno.test({
  name: "S8 CredentialStore.open() without a path names the variables it may not read",
  permissions: { env: false },
  async fn() {
    const open = () => CredentialStore.open({ passphrase: "tide" });
    const error = await assertRejects(open, PermissionError);
    assertEquals(error.flag, "--allow-env=HUBWIRE_STORE,XDG_DATA_HOME,HOME");
  },
});

Deno.test("CredentialStore.open() names --unstable-kv where Deno KV is not switched on", async () => {
  await using folder = await tempFolder();
  const flags = ["--no-config", "-A"];
  const { stdout } = await runStoreProgram(["open", folder.file("store.db")], { flags });
  const { code, remedy } = JSON.parse(stdout);
  assertEquals([code, remedy], ["STORE_UNAVAILABLE", "Run again with --unstable-kv"]);
});

Deno.test("CredentialStore.open() takes every path for a file, also what SQLite takes for something else", async () => {
  for (const path of [":memory:", "file:store.db", "store.db"]) {
    await using folder = await tempFolder();
    const open = () => runStoreProgram(["open", path], { flags: ["-A"], cwd: folder.path });
    for (const { stdout, stderr } of [await open(), await open()]) {
      assertEquals([stdout, stderr], ["opened\n", ""]);
    }
    const files = await Array.fromAsync(Deno.readDir(folder.path), ({ name }) => name);
    assertEquals(files, [path]);
    const { mode } = await Deno.stat(`${folder.path}/${path}`);
    assertEquals((mode ?? 0o600) & 0o777, 0o600);
  }
});

Deno.test("CredentialStore.open() refuses a URL, before anything is fetched or made", async () => {
  for (const path of ["http://127.0.0.1:1/db", "https://hub.example/db", ""]) {
    await assertRejects(() => CredentialStore.open(quick(path)), TypeError, "Cannot open a store");
  }
});

Deno.test("CredentialStore.remove() takes away what nobody could add", () =>
  withStore(async (store, folder) => {
    await store.add(HOST, SENSOR);
    await tamper(folder.file("store.db"), async (kv) => {
      const { value } = await kv.get(credentialKey({ host: HOST, deviceId: "sensor-1" }));
      await kv.set(credentialKey({ host: "Hub/\x1b", deviceId: "\x07" }), value);
    });
    assertEquals(await store.deviceIds(HOST), ["sensor-1"]);
    assert(await store.remove("Hub/\x1b", "\x07"));
    await assertRejects(() => store.remove("Hub/\x1b", "\x07"), TypeError);
    assertEquals((await Array.fromAsync(store.list())).length, 1);
  }));
