import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { CliError } from "../../src/cli/cli_error.ts";
import { readFlags } from "../../src/cli/read_flags.ts";
import {
  findExistingStore,
  findStore,
  openStore,
  STORE_FLAGS,
} from "../../src/cli/store_access.ts";
import { StoreError } from "../../src/errors.ts";
import { tempFolder } from "../_kit/temp.ts";
import { FakeIo } from "./_fake_io.ts";
import { PASSPHRASE, Stage } from "./_stage.ts";

const flagsOf = (...args: string[]) => readFlags(args, STORE_FLAGS);

Deno.test("findStore() prefers the flag to the environment", async () => {
  const io = new FakeIo({ variables: { HUBWIRE_STORE: "/b" } });
  assertEquals(await findStore(flagsOf("--store", "/a"), io), { path: "/a", isNamed: true });
  assertEquals(await findStore(flagsOf(), io), { path: "/b", isNamed: true });
  assertEquals((await findStore(flagsOf(), new FakeIo())).isNamed, false);
});

Deno.test("findStore() refuses what is no path, wherever it was said", async () => {
  for (const path of ["", "http://a.example/db", "HTTPS://a.example"]) {
    await assertRejects(() => findStore(flagsOf("--store", path), new FakeIo()), CliError);
  }
  const io = new FakeIo({ variables: { HUBWIRE_STORE: "https://a.example" } });
  await assertRejects(() => findStore(flagsOf(), io), CliError, "a URL is none");
  const unset = new FakeIo({ variables: { HUBWIRE_STORE: "" } });
  assertEquals((await findStore(flagsOf(), unset)).isNamed, false);
});

Deno.test({
  name: "findExistingStore() says that it may not look for one",
  permissions: "none",
  async fn() {
    const io = new FakeIo();
    assertEquals(await findExistingStore(flagsOf(), io), undefined);
    assertStringIncludes(io.stderr, "hubwire: no store was looked for");
    assertStringIncludes(io.stderr, "--allow-env=HUBWIRE_STORE,XDG_DATA_HOME,HOME");
  },
});

Deno.test("findExistingStore() takes a named store at its word, there or not", async () => {
  const place = { path: "/nowhere/store.db", isNamed: true };
  assertEquals(await findExistingStore(flagsOf("--store", place.path), new FakeIo()), place);
});

Deno.test("openStore() opens, makes one only if told so, and changes nothing on the way", async () => {
  await using stage = await Stage.open();
  const place = { path: await stage.value("STORE"), isNamed: true };
  const secret = await stage.value("STORE_SECRET");
  const flags = flagsOf("--store-passphrase-file", secret);
  {
    await using store = await openStore(flags, new FakeIo(), { place, create: false });
    assertEquals((await Array.fromAsync(store.list())).length, 3);
  }
  await using folder = await tempFolder();
  const missing = { path: folder.file("new.db"), isNamed: true };
  const open = () => openStore(flags, new FakeIo(), { place: missing, create: false });
  const error = await assertRejects(open, StoreError);
  assertEquals(error.code, "STORE_NOT_FOUND");
  assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

Deno.test("openStore() asks a person three times", async () => {
  await using stage = await Stage.open();
  const place = { path: await stage.value("STORE"), isNamed: true };
  const io = new FakeIo({ secrets: ["a", "b", PASSPHRASE] });
  await using store = await openStore(flagsOf(), io, { place, create: false });
  assertEquals((await Array.fromAsync(store.list())).length, 3);
  assertEquals(io.questions.length, 3);
});

Deno.test("openStore() refuses an empty passphrase as a mistake, not as a wrong one", async () => {
  await using stage = await Stage.open();
  const place = { path: await stage.value("STORE"), isNamed: true };
  const flags = flagsOf("--store-passphrase-file", await stage.value("EMPTY"));
  const open = () => openStore(flags, new FakeIo(), { place, create: false });
  await assertRejects(open, CliError, "the passphrase is empty");
});
