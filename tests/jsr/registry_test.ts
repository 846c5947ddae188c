import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { makeProject } from "../tools/fixture_project.ts";
import { deno, publish } from "./deno_command.ts";
import { LoopbackRegistry } from "./registry.ts";

const PACKAGE = {
  "deno.json": JSON.stringify({
    name: "@fixture/fixture",
    version: "1.2.3",
    license: "MIT",
    exports: { ".": "./mod.ts", "./program": "./src/program.ts" },
  }),
  "mod.ts": `/** The answer. */
export const answer: number = 42;
if (import.meta.main) await import(new URL("./src/program.ts", import.meta.url).href);`,
  "src/program.ts": `console.log("program", Deno.args.join(" "));`,
  "src/worker.ts": `postMessage("from the worker");`,
};

const USER = {
  "deno.json": "{}",
  "main.ts": `import { answer } from "jsr:@fixture/fixture@^1";
console.log("imported", answer);
const url = new URL("./1.2.3/src/worker.ts", Deno.env.get("JSR_URL") + "@fixture/fixture/");
const worker = new Worker(url, { type: "module" });
worker.onmessage = ({ data }) => { console.log(data); worker.terminate(); };`,
};

Deno.test("LoopbackRegistry takes a package and serves import, run and worker", async () => {
  await using registry = new LoopbackRegistry();
  await using project = await makeProject(PACKAGE);
  await using user = await makeProject(USER);
  await publish(registry, project.root);
  assertEquals(registry.published, ["@fixture/fixture@1.2.3"]);

  const env = { JSR_URL: registry.url, DENO_DIR: join(user.root, "cache") };
  const imported = await deno(["run", "-A", "main.ts"], { cwd: user.root, env });
  assertEquals(imported.stdout, "imported 42\nfrom the worker\n", imported.stderr);
  const run = await deno(["run", "-A", "jsr:@fixture/fixture", "--help"], { cwd: user.root, env });
  assertEquals(run.stdout, "program --help\n", run.stderr);
});

Deno.test("LoopbackRegistry refuses who has no token", async () => {
  await using registry = new LoopbackRegistry();
  await using project = await makeProject(PACKAGE);
  const { code, stderr } = await deno(["publish", "--token=wrong", "--allow-dirty"], {
    cwd: project.root,
    env: { JSR_URL: registry.url },
  });
  assertEquals(code, 1);
  assertStringIncludes(stderr, "wrong token");
  assertEquals(registry.published, []);
});
