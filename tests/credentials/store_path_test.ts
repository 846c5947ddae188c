import { assertEquals, assertThrows } from "@std/assert";
import { checkStorePath } from "../../src/credentials/store_path.ts";
import { run } from "../_kit/processes.ts";

const MODULE = new URL("../../src/credentials/store_path.ts", import.meta.url).href;
const FLAG = "--allow-env=HUBWIRE_STORE,XDG_DATA_HOME,HOME";

/** What a process with this environment and these permissions takes for the default path, or its error. */
async function defaultPath(env: Record<string, string>, flags: string[]): Promise<string> {
  const program = `import { defaultStorePath } from ${JSON.stringify(MODULE)};
    try { console.log(await defaultStorePath()); }
    catch (error) { console.log(error.code, error.flag ?? error.remedy); }`;
  const url = `data:application/javascript,${encodeURIComponent(program)}`;
  const unset = { HUBWIRE_STORE: "", XDG_DATA_HOME: "", HOME: "" };
  const { stdout, stderr } = await run(
    [Deno.execPath(), "run", "--no-prompt", "--quiet", ...flags, url],
    { env: { DENO_DIR: await denoDir(), ...unset, ...env } },
  );
  return (stdout + stderr).trim();
}

/** The child's home is another, and its cache must not be. */
async function denoDir(): Promise<string> {
  const { stdout } = await run([Deno.execPath(), "info", "--json"]);
  return JSON.parse(stdout).denoDir;
}

Deno.test("defaultStorePath() takes HUBWIRE_STORE, then XDG_DATA_HOME, then HOME", async () => {
  const home = { HOME: "/home/ada" };
  const data = { ...home, XDG_DATA_HOME: "/data" };
  const named = { ...data, HUBWIRE_STORE: "/srv/hub.db" };
  assertEquals(await defaultPath(named, [FLAG]), "/srv/hub.db");
  assertEquals(await defaultPath(data, [FLAG]), "/data/hubwire/store.db");
  assertEquals(await defaultPath(home, [FLAG]), "/home/ada/.local/share/hubwire/store.db");
});

Deno.test("defaultStorePath() needs no more than the first variable that is set", async () => {
  const env = { HUBWIRE_STORE: "/srv/hub.db" };
  assertEquals(await defaultPath(env, ["--allow-env=HUBWIRE_STORE"]), "/srv/hub.db");
});

Deno.test("S8 defaultStorePath() names the flag, and reads no variable that is not granted", async () => {
  const env = { HUBWIRE_STORE: "/srv/hub.db", HOME: "/home/ada" };
  for (const flags of [[], ["--allow-env=HOME"]]) {
    assertEquals(await defaultPath(env, flags), `PERMISSION_MISSING ${FLAG}`);
  }
  const unnamed = await defaultPath({ HOME: "/home/ada" }, ["--allow-env=HUBWIRE_STORE"]);
  assertEquals(unnamed, `PERMISSION_MISSING ${FLAG}`);
});

Deno.test("defaultStorePath() asks for a path where no variable is set", async () => {
  const answer = await defaultPath({}, [FLAG]);
  assertEquals(answer, "STORE_NOT_FOUND Name a path, or set HUBWIRE_STORE.");
});

Deno.test("checkStorePath() refuses no path and URLs, and quotes none", () => {
  for (const path of [":memory:", "file:a.db", "a/http://b", "store.db"]) checkStorePath(path);
  assertThrows(() => checkStorePath(""), TypeError, "empty");
  for (const url of ["http://ada:secret@a.example", "HTTPS://ada:secret@a.example"]) {
    const { message } = assertThrows(() => checkStorePath(url), TypeError);
    assertEquals(message.includes("secret"), false);
  }
});
