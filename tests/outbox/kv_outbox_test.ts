import { assert, assertEquals, assertFalse, assertRejects, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { DamagedMessagesError, StoreError } from "../../src/errors.ts";
import { kvOutbox } from "../../src/outbox/mod.ts";
import { heldBytes } from "../_kit/held_bytes.ts";
import { findTool, run } from "../_kit/processes.ts";
import { tempFolder } from "../_kit/temp.ts";
import { addAll, message, opened, sequences } from "./_outboxes.ts";

const PROGRAM = new URL("./_outbox_program.ts", import.meta.url).pathname;
const KEY = Uint8Array.from({ length: 32 }, (_, i) => i);

/** Does something to the records of an outbox that is closed, past everything that checks. */
async function tamper(path: string, action: (kv: Deno.Kv) => Promise<unknown>): Promise<void> {
  using kv = await Deno.openKv(path);
  await action(kv);
}

/** The keys and values of all segments, in order. */
async function segments(kv: Deno.Kv): Promise<Deno.KvEntry<Uint8Array>[]> {
  return await Array.fromAsync(kv.list<Uint8Array>({ prefix: ["hubwire", "outbox", "messages"] }));
}

async function refusal(path: string, options: { key?: Uint8Array } = {}): Promise<StoreError> {
  return await assertRejects(() => opened({ path, ...options }), StoreError);
}

function outboxProgram(args: string[], flags = ["-A"]): string[] {
  return [Deno.execPath(), "run", "--no-prompt", "--quiet", ...flags, PROGRAM, ...args];
}

Deno.test("kvOutbox() has everything again after it was opened again, and goes on counting", async () => {
  await using folder = await tempFolder();
  const path = folder.file("outbox.db");
  let added: number[];
  {
    await using outbox = await opened({ path });
    added = await addAll(outbox, Array.from({ length: 300 }, (_, i) => message(i)));
    await Promise.all(added.slice(0, 150).map((sequence) => outbox.remove(sequence)));
  }
  {
    await using outbox = await opened({ path });
    assertEquals([outbox.count, outbox.bytes], [150, 1200]);
    assertEquals(await sequences(outbox), added.slice(150));
    await Promise.all(added.map((sequence) => outbox.remove(sequence)));
  }
  await using outbox = await opened({ path });
  assertEquals([outbox.count, outbox.bytes], [0, 0]);
  assert(await outbox.add(message(0)) > (added.at(-1) ?? 0));
});

Deno.test("kvOutbox() commits the calls of a tick together, in few values", async () => {
  await using folder = await tempFolder();
  const path = folder.file("outbox.db");
  {
    await using outbox = await opened({ path });
    await addAll(outbox, Array.from({ length: 1000 }, (_, i) => message(i, 64)));
  }
  await tamper(path, async (kv) => {
    const entries = await segments(kv);
    assertEquals(entries.length, Math.ceil(1000 / 128));
    assertEquals(new Set(entries.map(({ versionstamp }) => versionstamp)).size, 1);
  });
});

Deno.test("kvOutbox() splits payloads that no value takes, and leaves nothing of them behind", async () => {
  await using folder = await tempFolder();
  const path = folder.file("outbox.db");
  const sizes = [59_990, 60_000, 60_060, 60_100, 65_536, 120_200, 2 ** 20];
  const messages = sizes.flatMap((size, i) => [message(i, size), message(i)]);
  for (const options of [{ path }, { path: folder.file("sealed.db"), key: KEY }]) {
    {
      await using outbox = await opened(options);
      await addAll(outbox, messages);
    }
    await using outbox = await opened(options);
    const read = await outbox.read(0, 100);
    assertEquals(read.map(({ topic }) => topic), messages.map(({ topic }) => topic));
    assert(read.every((one, i) => equal(one.payload, messages[i]?.payload)));
    await Promise.all(read.map(({ sequence }) => outbox.remove(sequence)));
    assertEquals([outbox.count, outbox.bytes], [0, 0]);
    await outbox.close();
    await tamper(options.path, async (kv) => {
      const keys = await Array.fromAsync(kv.list({ prefix: [] }), ({ key }) => key.at(-1));
      assertEquals(keys, ["header", "totals"]);
    });
  }
});

Deno.test("kvOutbox() removes and drops from more segments than one commit takes", async () => {
  await using folder = await tempFolder();
  const path = folder.file("outbox.db");
  const each = 250;
  {
    await using outbox = await opened({ path });
    for (let i = 0; i < 2 * each; i++) await outbox.add(message(i));
    const oldest = await outbox.read(0, each);
    await Promise.all(oldest.map(({ sequence }) => outbox.remove(sequence)));
    assertEquals([outbox.count, outbox.bytes], [each, 8 * each]);
  }
  await using outbox = await opened({ path, maximumCount: each, whenFull: "drop-oldest" });
  const dropped: number[] = [];
  outbox.ondropped = (sequence) => dropped.push(sequence);
  const before = await sequences(outbox);
  const added = await addAll(outbox, Array.from({ length: each }, (_, i) => message(i)));
  assertEquals([await sequences(outbox), dropped], [added, before]);
});

Deno.test("kvOutbox() takes away what a write that did not finish left behind", async () => {
  await using folder = await tempFolder();
  const path = folder.file("outbox.db");
  await (await opened({ path })).close();
  await tamper(path, async (kv) => {
    await kv.set(["hubwire", "outbox", "loose", 1], true);
    await kv.set(["hubwire", "outbox", "parts", 1, 0], new Uint8Array(60_000));
  });
  await (await opened({ path })).close();
  await tamper(path, async (kv) => {
    const keys = await Array.fromAsync(kv.list({ prefix: [] }), ({ key }) => key.at(-1));
    assertEquals(keys, ["header"]);
  });
});

Deno.test("kvOutbox() names damaged messages, and gives all others", async () => {
  await using folder = await tempFolder();
  const path = folder.file("outbox.db");
  {
    await using outbox = await opened({ path });
    await addAll(outbox, Array.from({ length: 384 }, (_, i) => message(i)));
  }
  for (const at of [0, 4, 30, 2000]) {
    await tamper(path, async (kv) => {
      const { key, value } = (await segments(kv))[1] ?? { key: [], value: new Uint8Array() };
      value[at] = (value[at] ?? 0) ^ 1;
      await kv.set(key, value);
    });
    await using outbox = await opened({ path });
    assertEquals((await sequences(outbox)).at(-1), 128);
    const error = await assertRejects(() => outbox.read(128, 10), DamagedMessagesError);
    assertEquals([error.code, error.first, error.last], ["STORE_DAMAGED", 129, 256]);
    assertEquals(error.what, `Cannot read messages 129 to 256 of the outbox ${path}`);
    assertEquals((await outbox.read(error.last, 1000)).length, 128);
  }
  await using outbox = await opened({ path });
  await Promise.all(Array.from({ length: 128 }, (_, i) => outbox.remove(129 + i)));
  assertEquals([outbox.count, outbox.bytes, (await sequences(outbox)).length], [256, 2048, 256]);
});

Deno.test("kvOutbox() notices a large message of which a part is missing or damaged", async () => {
  await using folder = await tempFolder();
  const path = folder.file("outbox.db");
  {
    await using outbox = await opened({ path });
    await addAll(outbox, [message(1, 200_000), message(2, 200_000), message(3)]);
  }
  await tamper(path, async (kv) => {
    await kv.delete(["hubwire", "outbox", "parts", 1, 1]);
    await kv.set(["hubwire", "outbox", "parts", 2, 0], new Uint8Array(60_000));
  });
  await using outbox = await opened({ path });
  assertEquals((await assertRejects(() => outbox.read(0, 9), DamagedMessagesError)).last, 1);
  assertEquals((await assertRejects(() => outbox.read(1, 9), DamagedMessagesError)).last, 2);
  assertEquals((await outbox.read(2, 9)).map(({ topic }) => topic), [message(3).topic]);
  await Promise.all([1, 2, 3].map((sequence) => outbox.remove(sequence)));
  assertEquals([outbox.count, outbox.bytes], [0, 0]);
});

Deno.test("kvOutbox() counts anew where its totals are damaged", async () => {
  await using folder = await tempFolder();
  const path = folder.file("outbox.db");
  {
    await using outbox = await opened({ path });
    const added = await addAll(outbox, Array.from({ length: 200 }, (_, i) => message(i)));
    await Promise.all(added.slice(50, 60).map((sequence) => outbox.remove(sequence)));
  }
  await tamper(path, (kv) => kv.set(["hubwire", "outbox", "totals"], new Uint8Array(28)));
  await using outbox = await opened({ path });
  assertEquals([outbox.count, outbox.bytes, (await sequences(outbox)).length], [190, 1520, 190]);
  assertEquals(await outbox.add(message(0)), 201);
});

Deno.test("kvOutbox() refuses what is no outbox, and leaves it as it is", async () => {
  await using folder = await tempFolder();
  const noise = await folder.write("noise.db", crypto.getRandomValues(new Uint8Array(8192)));
  const other = folder.file("other.db");
  await tamper(other, (kv) => kv.set(["mine"], 1));
  const foreign = folder.file("foreign.db");
  new DatabaseSync(foreign).exec("CREATE TABLE mine (it)");
  for (const path of [noise, other, foreign]) {
    const before = await Deno.readFile(path);
    assertEquals((await refusal(path)).code, "STORE_DAMAGED");
    assertEquals(await Deno.readFile(path), before);
  }
});

Deno.test("kvOutbox() refuses a file that is cut off, holed, a folder or a link to nothing", async () => {
  await using folder = await tempFolder();
  const path = folder.file("outbox.db");
  {
    await using outbox = await opened({ path });
    await addAll(outbox, Array.from({ length: 2000 }, (_, i) => message(i, 64)));
  }
  const bytes = await Deno.readFile(path);
  const cut = await folder.write("cut.db", bytes.subarray(0, 8192));
  const holed = await folder.write("holed.db", bytes.fill(0xa5, 4096, 40_960));
  await Deno.symlink(folder.file("gone"), folder.file("link.db"));
  assertEquals((await refusal(cut)).code, "STORE_DAMAGED");
  assertEquals((await refusal(holed)).code, "STORE_DAMAGED");
  assertEquals((await refusal(folder.path)).code, "STORE_UNAVAILABLE");
  assertEquals((await refusal(folder.file("link.db"))).code, "STORE_UNAVAILABLE");
});

Deno.test("kvOutbox() begins again with a file in which nothing was ever stored", async () => {
  await using folder = await tempFolder();
  const empty = await folder.write("empty.db", "");
  const bare = folder.file("bare.db");
  (await Deno.openKv(bare)).close();
  for (const path of [empty, bare]) {
    await using outbox = await opened({ path });
    assert(await outbox.add(message(1)) > 0);
  }
});

Deno.test("kvOutbox() seals topics and payloads if it has a key, and nothing otherwise", async () => {
  await using folder = await tempFolder();
  const secret = {
    ...message(1),
    topic: "very/secret",
    payload: new TextEncoder().encode("hush!"),
  };
  const text = async (name: string) => {
    const files = [name, `${name}-wal`].map((file) => folder.file(file));
    const found = await Promise.all(files.map((file) => Deno.readTextFile(file)));
    return found.join("");
  };
  await using sealed = await opened({ path: folder.file("sealed.db"), key: KEY });
  await using clear = await opened({ path: folder.file("clear.db") });
  for (const outbox of [sealed, clear]) await outbox.add(secret);
  assertEquals((await sealed.read(0, 1))[0]?.topic, "very/secret");
  assertFalse(/very\/secret|hush!/.test(await text("sealed.db")));
  assert(/very\/secret/.test(await text("clear.db")) && /hush!/.test(await text("clear.db")));
});

Deno.test("kvOutbox() opens with the key that it was made with, and with no other", async () => {
  await using folder = await tempFolder();
  const [sealed, clear] = [folder.file("sealed.db"), folder.file("clear.db")];
  await (await opened({ path: sealed, key: KEY })).close();
  await (await opened({ path: clear })).close();
  const why = async (path: string, options: { key?: Uint8Array }) => {
    const error = await refusal(path, options);
    assertEquals(error.code, "STORE_LOCKED");
    return error.why;
  };
  assertEquals(await why(sealed, {}), "it is sealed, and no key was given");
  assertEquals(await why(sealed, { key: KEY.toReversed() }), "it was sealed with another key");
  assertEquals(await why(clear, { key: KEY }), "a key was given, but it is not sealed");
  await (await opened({ path: sealed, key: KEY })).close();
});

Deno.test("kvOutbox() does not take a sealed segment for another one", async () => {
  await using folder = await tempFolder();
  const options = { path: folder.file("outbox.db"), key: KEY };
  {
    await using outbox = await opened(options);
    for (const n of [1, 2]) await outbox.add(message(n));
  }
  await tamper(options.path, async (kv) => {
    const [one, two] = await segments(kv);
    await kv.set(two?.key ?? [], one?.value);
  });
  await using outbox = await opened(options);
  assertEquals((await assertRejects(() => outbox.read(1, 9), DamagedMessagesError)).last, 2);
});

Deno.test({
  name: "kvOutbox() makes a file that only its owner can read, its folder and its journals too",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await tempFolder();
    await using outbox = await opened({ path: folder.file("new/outbox.db") });
    await outbox.add(message(1));
    const mode = async (name: string) => ((await Deno.stat(folder.file(name))).mode ?? 0) & 0o777;
    assertEquals(await mode("new"), 0o700);
    for (const suffix of ["", "-wal", "-shm"]) {
      assertEquals(await mode(`new/outbox.db${suffix}`), 0o600);
    }
  },
});

Deno.test("kvOutbox() takes every name for a file, and no URL or empty path", async () => {
  assertThrows(() => kvOutbox({ path: "" }), TypeError, "its path is empty");
  const url = assertThrows(() => kvOutbox({ path: "https://user:hush@host/" }), TypeError);
  assertFalse(url.message.includes("hush"));
  assertThrows(() => kvOutbox({ path: "a", key: new Uint8Array(31) }), RangeError, "31 bytes");
  await using folder = await tempFolder();
  for (const path of [":memory:", "file:a.db"]) {
    const { stdout } = await run(outboxProgram(["open", path]), { cwd: folder.path });
    assertEquals([stdout, (await Deno.stat(folder.file(path))).isFile], ["0\n", true]);
  }
});

Deno.test("kvOutbox() is refused to a second user, of this program and of another", async () => {
  await using folder = await tempFolder();
  const path = folder.file("outbox.db");
  const outbox = await opened({ path });
  const error = await refusal(path);
  assertEquals([error.code, error.why], ["STORE_BUSY", "this program has it open already"]);
  assert(error.retryable);
  const { stdout } = await run(outboxProgram(["open", path]));
  const { code, why } = JSON.parse(stdout);
  assertEquals(code, "STORE_BUSY");
  if (Deno.build.os === "linux") assertEquals(why, `process ${Deno.pid} holds it`);
  await outbox.add(message(1));
  await outbox.close();
  assertEquals((await run(outboxProgram(["open", path]))).stdout, "1\n");
});

Deno.test("kvOutbox() says which flag is missing", async () => {
  await using folder = await tempFolder();
  const path = folder.file("outbox.db");
  const kv = "--unstable-kv";
  const refused = async (flags: string[]) =>
    JSON.parse((await run(outboxProgram(["open", path], flags), { cwd: folder.path })).stdout);
  const { code, flag } = await refused([kv, `--allow-read=${path}`]);
  assertEquals([code, flag], ["PERMISSION_MISSING", `--allow-write=${path}`]);
  const both = [`--allow-read=${path}`, `--allow-write=${path}`];
  assertEquals((await refused(["--no-config", ...both])).remedy, "Run again with --unstable-kv");
  assertEquals((await run(outboxProgram(["open", path], [kv, ...both]))).stdout, "0\n");
});

Deno.test({
  name: "kvOutbox() on a disk that is full rejects what is new and keeps what it has",
  // Only root may mount a disk that is small; a shell may limit the size of files, which is much the same.
  ignore: Deno.build.os !== "linux" || await findTool("sh") === undefined,
  async fn() {
    await using folder = await tempFolder();
    const path = folder.file("outbox.db");
    const limited = `trap '' XFSZ; ulimit -f 2000; exec "$@"`;
    const { stdout, stderr } = await run([
      "sh",
      "-c",
      limited,
      "sh",
      ...outboxProgram(["full", path]),
    ]);
    assert(stdout !== "", stderr);
    const { stored, code, read, count } = JSON.parse(stdout);
    assertEquals([code, read, count], ["STORE_NOT_WRITABLE", stored, stored]);
    assert(stored > 10);
    await using outbox = await opened({ path });
    assertEquals((await sequences(outbox)).length, stored);
    assert(await outbox.add(message(1)) > stored);
  },
});

Deno.test({
  name: "kvOutbox() on a small disk that is really full rejects what is new and keeps what it has",
  ignore: Deno.build.os !== "linux" || Deno.uid() !== 0 || await findTool("mount") === undefined,
  async fn() {
    await using folder = await tempFolder();
    const mounted = await run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", folder.path]);
    if (mounted.code !== 0) return console.log(`not run: ${mounted.stderr}`);
    try {
      const path = folder.file("outbox.db");
      const { stdout, stderr } = await run(outboxProgram(["full", path]));
      assert(stdout !== "", stderr);
      const { stored, code, read, count } = JSON.parse(stdout);
      assertEquals([code, read, count], ["STORE_NOT_WRITABLE", stored, stored]);
      assert(stored > 10);
      await using outbox = await opened({ path });
      assertEquals((await sequences(outbox)).length, stored);
    } finally {
      await run(["umount", folder.path]);
    }
  },
});

Deno.test("kvOutbox() says so if another program has locked the database, and has lost nothing", async () => {
  await using folder = await tempFolder();
  const path = folder.file("outbox.db");
  await using outbox = await opened({ path });
  const sequence = await outbox.add(message(1));
  {
    using other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    // Deno gives up by itself after five seconds; nothing makes it give up sooner.
    assertEquals(
      (await assertRejects(() => outbox.add(message(2)), StoreError)).code,
      "STORE_BUSY",
    );
    other.exec("ROLLBACK");
  }
  assertEquals([await sequences(outbox), outbox.count], [[sequence], 1]);
  assertEquals(await outbox.add(message(3)), sequence + 1);
});

Deno.test("kvOutbox() needs no memory for what it has stored", async () => {
  await using folder = await tempFolder();
  await using outbox = await opened({ path: folder.file("outbox.db") });
  const group = Array.from({ length: 1000 }, (_, i) => message(i, 64));
  await addAll(outbox, group);
  const before = heldBytes();
  for (let i = 0; i < 50; i++) await addAll(outbox, group);
  const grownBy = heldBytes() - before;
  assert(grownBy < 1_000_000, `50 000 messages more take ${grownBy} bytes`);
  assertEquals(outbox.count, 51_000);
});

function equal(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i]);
}
