import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { StoreFile } from "../../src/credentials/store_file.ts";
import { HEADER_KEY } from "../../src/credentials/store_keys.ts";
import {
  type OpenedStore,
  openStore,
  type StoreRequest,
} from "../../src/credentials/store_opening.ts";
import { StoreError } from "../../src/errors.ts";
import { findTool, run } from "../_kit/processes.ts";
import { tempFolder } from "../_kit/temp.ts";
import { quickRequest, runStoreProgram, tamper } from "./_store_kit.ts";

const CONTEXT = new Uint8Array(1);
const SHELL = await findTool("sh");
const isPosix = Deno.build.os !== "windows";

/** A store that is there and closed. */
async function makeStore(path: string): Promise<string> {
  (await openStore(quickRequest(path))).resources.dispose();
  return path;
}

async function refusal(path: string, changes: Partial<StoreRequest> = {}): Promise<StoreError> {
  return await assertRejects(() => openStore(quickRequest(path, changes)), StoreError);
}

/** Whether both have the same data key. */
async function areSame(one: OpenedStore, other: OpenedStore): Promise<boolean> {
  const sealed = await one.vault.sealer.seal(CONTEXT, CONTEXT);
  return await other.vault.sealer.open(sealed, CONTEXT) !== undefined;
}

/** Makes a store and tries to get in meanwhile; how often that was tried once the file had something in it. */
async function disturb(path: string): Promise<number> {
  let tries = 0;
  let isMade = false;
  const making = openStore(quickRequest(path)).finally(() => isMade = true);
  while (!isMade) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    using file = await StoreFile.openExisting(path);
    if (isMade || file === undefined || file.stat().size === 0) continue;
    assertFalse(file.tryLock("shared"));
    tries++;
  }
  (await making).resources.dispose();
  return tries;
}

Deno.test("openStore() makes a store, and opens it again with the same key", async () => {
  await using folder = await tempFolder();
  const first = await openStore(quickRequest(folder.file("store.db")));
  first.resources.dispose();
  const second = await openStore(quickRequest(folder.file("store.db")));
  second.resources.dispose();
  assert(await areSame(first, second));
  assertEquals([first.warnings, second.warnings], [[], []]);
});

Deno.test("openStore() makes file and journals 0600 and the folder 0700", async () => {
  await using folder = await tempFolder();
  const opened = await openStore(quickRequest(folder.file("data/store.db")));
  using _resources = opened.resources;
  const mode = async (path: string) => ((await Deno.stat(path)).mode ?? 0) & 0o777;
  if (isPosix) assertEquals(await mode(folder.file("data")), 0o700);
  const names = await Array.fromAsync(Deno.readDir(folder.file("data")), ({ name }) => name);
  assert(names.includes("store.db") && names.length > 1);
  if (!isPosix) return;
  for (const name of names) assertEquals(await mode(folder.file(`data/${name}`)), 0o600);
});

Deno.test("openStore() makes nothing where it is told not to", async () => {
  await using folder = await tempFolder();
  const error = await refusal(folder.file("data/store.db"), { create: false });
  assertEquals(error.code, "STORE_NOT_FOUND");
  assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

Deno.test("openStore() makes one store when many make it at the same time", async () => {
  await using folder = await tempFolder();
  const request = quickRequest(folder.file("store.db"));
  const [first, ...others] = await Promise.all(
    Array.from({ length: 8 }, () => openStore(request)),
  );
  assert(first);
  for (const other of others) assert(await areSame(first, other));
  for (const opened of [first, ...others]) opened.resources.dispose();
});

Deno.test({
  name: "openStore() lets nobody in while it makes a store",
  ignore: !isPosix,
  async fn() {
    await using folder = await tempFolder();
    for (let i = 0; await disturb(folder.file(`store${i}.db`)) === 0; i++) assert(i < 100);
  },
});

Deno.test("openStore() makes one store when two processes make it at the same time", async () => {
  await using folder = await tempFolder();
  const path = folder.file("store.db");
  const open = () => runStoreProgram(["open", path], { flags: ["-A"] });
  for (const { stdout, stderr } of await Promise.all([open(), open()])) {
    assertEquals([stdout, stderr], ["opened\n", ""]);
  }
});

Deno.test("S1 openStore() calls an empty file damaged, and leaves it empty", async () => {
  await using folder = await tempFolder();
  const path = await folder.write("store.db", "");
  const error = await refusal(path);
  assertEquals(error.code, "STORE_DAMAGED");
  assertEquals(error.why, "the file is empty: it was never finished, or was cut off");
  assertEquals((await Deno.stat(path)).size, 0);
});

Deno.test("S1 openStore() calls a file that is cut off anywhere damaged, and leaves it so", async () => {
  await using folder = await tempFolder();
  const path = await makeStore(folder.file("store.db"));
  const whole = await Deno.readFile(path);
  for (const length of [1, 15, 16, 99, 100, 2048, 4096, 8192, whole.length - 4096]) {
    await Deno.writeFile(path, whole.subarray(0, length));
    assertEquals((await refusal(path)).code, "STORE_DAMAGED");
    assertEquals(await Deno.readFile(path), whole.subarray(0, length));
  }
});

Deno.test("S1 openStore() calls what is no database damaged, and leaves it alone", async () => {
  await using folder = await tempFolder();
  for (const content of ["hello", "-----BEGIN CERTIFICATE-----", "x".repeat(100_000)]) {
    const path = await folder.write("store.db", content);
    assertEquals((await refusal(path)).code, "STORE_DAMAGED");
    assertEquals(await Deno.readTextFile(path), content);
  }
});

Deno.test("S1 openStore() leaves another program's SQLite database to the byte", async () => {
  await using folder = await tempFolder();
  const path = folder.file("other.db");
  {
    using other = new DatabaseSync(path);
    other.exec("CREATE TABLE bookmarks (url); INSERT INTO bookmarks VALUES ('https://a.example')");
  }
  const before = await Deno.readFile(path);
  assertEquals((await refusal(path)).code, "STORE_DAMAGED");
  assertEquals(await Deno.readFile(path), before);
});

Deno.test("S1 openStore() calls a database without a header damaged, and gives it none", async () => {
  await using folder = await tempFolder();
  const path = folder.file("store.db");
  await tamper(path, (kv) => kv.set(["some", "other"], 1));
  const error = await refusal(path);
  assertEquals(error.code, "STORE_DAMAGED");
  assertEquals(error.why, "it has no header: it is no store, or was never finished");
  await tamper(path, async (kv) => {
    assertEquals((await kv.get(HEADER_KEY)).versionstamp, null);
    assertEquals((await kv.get(["some", "other"])).value, 1);
  });
});

Deno.test("openStore() opens a store whose maker was killed right after the first transaction", async () => {
  await using folder = await tempFolder();
  const made = await openStore(quickRequest(folder.file("store.db")));
  // What is on the disk at this moment: the main file is almost empty, everything is in the journal.
  for (const suffix of ["", "-wal"]) {
    await Deno.copyFile(folder.file(`store.db${suffix}`), folder.file(`copy.db${suffix}`));
  }
  made.resources.dispose();
  await Deno.chmod(folder.file("copy.db"), 0o600);
  const copy = await openStore(quickRequest(folder.file("copy.db"), { create: false }));
  copy.resources.dispose();
  assert(await areSame(made, copy));
});

Deno.test("S2 a wrong passphrase and a damaged header read the same", async () => {
  await using folder = await tempFolder();
  const path = await makeStore(folder.file("store.db"));
  const text = ({ code, what, why, remedy, cause }: StoreError) => [code, what, why, remedy, cause];
  const wrong = await refusal(path, { secret: new Uint8Array([1, 2, 3]) });
  assertEquals(wrong.code, "STORE_LOCKED");
  const damages: [name: string, damage: (header: Uint8Array) => unknown][] = [
    ["a changed vault id", (header) => header.with(3, 1 ^ (header[3] ?? 0))],
    ["a changed wrapped key", (header) => header.with(104, 1 ^ (header[104] ?? 0))],
    ["a cost above the limits", (header) => header.with(17, 255)],
    ["another schema", (header) => header.with(0, 99)],
    ["a header cut off", (header) => header.subarray(0, 50)],
    ["a header of another type", () => "header"],
  ];
  for (const [name, damage] of damages) {
    await tamper(path, async (kv) => {
      const { value } = await kv.get<Uint8Array>(HEADER_KEY);
      await kv.set(["kept"], value);
      await kv.set(HEADER_KEY, damage(value ?? new Uint8Array(105)));
    });
    assertEquals(text(await refusal(path)), text(wrong), name);
    await tamper(path, async (kv) => await kv.set(HEADER_KEY, (await kv.get(["kept"])).value));
  }
  (await openStore(quickRequest(path))).resources.dispose();
});

Deno.test({
  name: "S4 openStore() gives up with STORE_BUSY and names the process that has the store",
  ignore: !isPosix,
  async fn() {
    await using folder = await tempFolder();
    const path = await makeStore(folder.file("store.db"));
    using holder = await StoreFile.openExisting(path);
    holder?.tryLock("exclusive");
    const error = await refusal(path, { deadlineMs: 1 });
    assertEquals([error.code, error.retryable], ["STORE_BUSY", true]);
    if (Deno.build.os === "linux") assertEquals(error.why, `process ${Deno.pid} holds it`);
  },
});

Deno.test("S4 openStore() waits for a store that comes free in time", async () => {
  await using folder = await tempFolder();
  const path = await makeStore(folder.file("store.db"));
  const holder = await StoreFile.openExisting(path);
  holder?.tryLock("exclusive");
  const opening = openStore(quickRequest(path, { deadlineMs: 60_000 }));
  holder?.[Symbol.dispose]();
  (await opening).resources.dispose();
});

Deno.test({
  name: "openStore() makes the store anew when whoever was making it gave up and removed it",
  ignore: !isPosix,
  async fn() {
    await using folder = await tempFolder();
    const path = folder.file("store.db");
    const maker = await StoreFile.create(path);
    maker?.tryLock("exclusive");
    await Deno.writeTextFile(path, "half of a database");
    const opening = openStore(quickRequest(path, { deadlineMs: 60_000 }));
    await Deno.remove(path);
    maker?.[Symbol.dispose]();
    const opened = await opening;
    using _resources = opened.resources;
    assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  },
});

Deno.test("S4 openStore() lets several have the store at once", async () => {
  await using folder = await tempFolder();
  const path = await makeStore(folder.file("store.db"));
  using _one = (await openStore(quickRequest(path))).resources;
  const { stdout } = await runStoreProgram(["open", path], { flags: ["-A"] });
  assertEquals(stdout, "opened\n");
});

Deno.test({
  name: "S5 openStore() makes a file that others can read private, and says so",
  ignore: !isPosix,
  async fn() {
    await using folder = await tempFolder();
    const path = await makeStore(folder.file("store.db"));
    await Deno.chmod(path, 0o644);
    const opened = await openStore(quickRequest(path));
    opened.resources.dispose();
    assertEquals(opened.warnings, [`${path} was open to others (mode 0644); it is 0600 now.`]);
    assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  },
});

Deno.test("S5 openStore() says that a folder is no file, and a file no folder", async () => {
  await using folder = await tempFolder();
  assertEquals((await refusal(folder.path)).code, "STORE_UNAVAILABLE");
  const file = await folder.write("file", "");
  assertEquals((await refusal(`${file}/store.db`)).code, "STORE_UNAVAILABLE");
});

Deno.test({
  name: "S5 openStore() leaves no half-made store when the disk is full",
  ignore: SHELL === undefined,
  async fn() {
    await using folder = await tempFolder();
    const path = folder.file("store.db");
    await using elsewhere = await tempFolder();
    // A limit on the size of files fails as a full disk does, and needs no disk of our own.
    const limited = `trap "" XFSZ; ulimit -f 24; exec "$0" "$@"`;
    const program = new URL("./_store_program.ts", import.meta.url).pathname;
    const { stdout } = await run([
      ...[
        SHELL ?? "",
        "-c",
        limited,
        Deno.execPath(),
        "run",
        "-A",
        "--quiet",
        program,
        "open",
        path,
      ],
    ], { cwd: elsewhere.path });
    assertEquals(JSON.parse(stdout).code, "STORE_NOT_WRITABLE");
    await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
  },
});

Deno.test({
  name: "openStore() does not wait for a link to nothing to become a file",
  ignore: !isPosix,
  async fn() {
    await using folder = await tempFolder();
    await Deno.symlink(folder.file("gone"), folder.file("link"));
    assertEquals((await refusal(folder.file("link"))).code, "STORE_UNAVAILABLE");
  },
});
