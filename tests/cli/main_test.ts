/** What only a process of its own shows: permissions, signals, pipes. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromHex } from "../_kit/hex.ts";
import { type ProcessResult, run } from "../_kit/processes.ts";
import { Stage } from "./_stage.ts";

const MAIN = new URL("../../src/cli/main.ts", import.meta.url).pathname;
const ROOT = new URL("../..", import.meta.url).pathname;
// Nobody's own store has a part in this.
const NO_STORE = { HUBWIRE_STORE: "", HUBWIRE_STORE_PASSPHRASE: "", XDG_DATA_HOME: "" };

function command(flags: string[], args: string[]): string[] {
  return [Deno.execPath(), "run", "--no-prompt", ...flags, MAIN, ...args];
}

function hubwire(flags: string[], args: string[]): Promise<ProcessResult> {
  return run(command(flags, args), { cwd: ROOT, env: NO_STORE });
}

/** The flags that `send` needs with a store, and its arguments. */
async function sending(stage: Stage): Promise<{ flags: string[]; args: string[] }> {
  const [hub, store, secret, ca] = await Promise.all(
    ["HUB", "STORE", "STORE_SECRET", "CA"].map((name) => stage.value(name)),
  );
  const args = [
    "send",
    ...["-h", "localhost", "-p", `${hub}`, "-i", "dev-1", "--cafile", `${ca}`],
    ...["--store", `${store}`, "--store-passphrase-file", `${secret}`, "-m", "21.5", "--json"],
  ];
  const flags = [
    `--allow-net=localhost:${hub}`,
    `--allow-read=${store},${secret},${ca}`,
    `--allow-write=${store}`,
  ];
  return { flags, args };
}

Deno.test("main() without arguments exits 2 and asks for no permission", async () => {
  const { code, stdout, stderr } = await hubwire([], []);
  assertEquals([code, stdout], [2, ""]);
  assertStringIncludes(stderr, "deno run -A mod.ts demo");
});

Deno.test("send needs the host and port, the store and the named files, and nothing else", async () => {
  await using stage = await Stage.open();
  const { flags, args } = await sending(stage);
  const result = await hubwire(flags, args);
  assertEquals(result, { code: 0, stdout: '{"sent":1,"acknowledged":1}\n', stderr: "" });
});

Deno.test("send says which flag is missing", async () => {
  await using stage = await Stage.open();
  const { flags, args } = await sending(stage);
  const [hub, store, secret, ca] = await Promise.all(
    ["HUB", "STORE", "STORE_SECRET", "CA"].map((name) => stage.value(name)),
  );
  const cases: [left: string[], missing: string][] = [
    [flags.slice(1), `--allow-net=localhost:${hub}`],
    [
      [...flags.slice(0, 1), `--allow-read=${secret},${ca}`],
      `--allow-read=${store} --allow-write=${store}`,
    ],
    [flags.slice(0, 2), `--allow-write=${store}`],
  ];
  const results = await Promise.all(cases.map(([left]) => hubwire(left, args)));
  for (const [i, { code, stdout, stderr }] of results.entries()) {
    const { error } = JSON.parse(stderr);
    assertEquals([code, stdout, error.code], [2, "", "PERMISSION_MISSING"]);
    assertEquals(error.remedy, `Run again with ${cases[i]?.[1]}`);
  }
});

Deno.test("demo says which flags are missing", async () => {
  for (
    const [flags, missing] of [
      [[], "--allow-read --allow-write --allow-net --allow-env"],
      [["--allow-read", "--allow-net", "--allow-env"], "--allow-write"],
    ] as const
  ) {
    const { code, stderr } = await hubwire([...flags], ["demo", "--json"]);
    const { error } = JSON.parse(stderr);
    assertEquals([code, error.code, error.remedy], [
      2,
      "PERMISSION_MISSING",
      `Run again with ${missing}`,
    ]);
  }
});

Deno.test("pub says that it may not look for the store that the environment names", async () => {
  await using stage = await Stage.open();
  const [store, port] = [await stage.value("STORE"), await stage.value("CLOSED")];
  const args = ["pub", "-h", "127.0.0.1", "-p", port, "-t", "a", "-m", "x"];
  const { code, stderr } = await run(command([`--allow-net=127.0.0.1:${port}`], args), {
    cwd: ROOT,
    env: { ...NO_STORE, HUBWIRE_STORE: store },
  });
  assertEquals(code, 3);
  assertStringIncludes(stderr, "hubwire: no store was looked for, so there is no certificate");
});

Deno.test("pub connects without a certificate where there is no store and none was named", async () => {
  await using stage = await Stage.open();
  const args = [
    "pub",
    "-h",
    "127.0.0.1",
    "-p",
    await stage.value("TLS_BROKER"),
    "-t",
    "a",
    "-m",
    "x",
  ];
  const { code, stderr } = await run(
    command(["-A"], [...args, "--cafile", await stage.value("CA")]),
    { cwd: ROOT, env: { ...NO_STORE, XDG_DATA_HOME: await stage.value("DIR") } },
  );
  assertEquals(code, 5, stderr);
  assertStringIncludes(stderr, "the server wants a client certificate");
});

Deno.test("main() is quiet when nobody reads its output any more", async () => {
  const [program = "", ...args] = command([], ["pub", "--help"]);
  const child = new Deno.Command(program, { args, stdout: "piped", stderr: "piped" }).spawn();
  await child.stdout.cancel();
  const [{ code }, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
  assertEquals([code, stderr], [0, ""]);
});

/** Starts a command against a server that answers with these bytes in turn and then falls silent. */
async function interrupt(
  args: string[],
  { answers, stdin, signal }: { answers: string[]; stdin?: string; signal: Deno.Signal },
): Promise<ProcessResult> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [program = "", ...words] = command(["-A"], [
    ...args,
    ...["-h", "127.0.0.1", "-p", `${listener.addr.port}`, "--no-tls"],
  ]);
  const child = new Deno.Command(program, {
    args: words,
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(stdin ?? ""));
  using connection = await listener.accept();
  for (const answer of answers) {
    await connection.read(new Uint8Array(1024));
    await connection.write(fromHex(answer));
  }
  // What it sends now stays without an answer.
  if (stdin !== undefined) await connection.read(new Uint8Array(1024));
  child.kill(signal);
  const [{ code }, stdout, stderr] = await Promise.all([
    child.status,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  await writer.close().catch(ignoreBrokenPipe);
  return { code, stdout, stderr };
}

function ignoreBrokenPipe(error: unknown): void {
  if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
}

Deno.test("Ctrl-C waits two seconds for acknowledgements and says what it did without (N15)", async () => {
  const args = ["pub", "-t", "a", "-q", "1", "-l"];
  const result = await interrupt(args, {
    answers: ["20 02 00 00"],
    stdin: "one\n",
    signal: "SIGINT",
  });
  const stderr = "hubwire: 1 message sent, 1 unacknowledged\n";
  assertEquals(result, { code: 130, stdout: "", stderr });
});

Deno.test("SIGTERM ends a subscriber at once", async () => {
  const result = await interrupt(["sub", "-t", "a"], {
    answers: ["20 02 00 00", "90 03 00 01 00"],
    signal: "SIGTERM",
  });
  assertEquals(result, { code: 143, stdout: "", stderr: "" });
});
