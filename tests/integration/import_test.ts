import { assertEquals } from "@std/assert";
import { run } from "../_kit/processes.ts";
import { tempFolder } from "../_kit/temp.ts";

const ROOT = new URL("../../", import.meta.url);
const MOD = new URL("mod.ts", ROOT).href;
const DENO = Deno.execPath();
const CONFIG = new URL("deno.json", ROOT).pathname;

interface Dependency {
  code?: { specifier?: string };
  isDynamic?: boolean;
}

/** The specifier of every module that importing this one loads; what is imported on first use is not among them. */
async function modulesOf(path: string): Promise<string[]> {
  const { code, stdout, stderr } = await run([DENO, "info", "--json", path], {
    cwd: ROOT.pathname,
  });
  assertEquals(code, 0, stderr);
  const { roots, modules } = JSON.parse(stdout) as {
    roots: string[];
    modules: { specifier: string; dependencies?: Dependency[] }[];
  };
  const dependencies = new Map(modules.map((module) => [module.specifier, module.dependencies]));
  const loaded = new Set(roots);
  for (const specifier of loaded) {
    for (const { code, isDynamic } of dependencies.get(specifier) ?? []) {
      if (code?.specifier && !isDynamic) loaded.add(code.specifier);
    }
  }
  return [...loaded];
}

Deno.test("importing the package loads no package from npm, no server and no command line", async () => {
  const modules = await modulesOf("mod.ts");
  assertEquals(modules.filter((specifier) => specifier.startsWith("npm:")), []);
  const unwanted = /\/src\/(emulator|cli)\/|^node:(tls|net|http|https)$/;
  assertEquals(modules.filter((specifier) => unwanted.test(specifier)), []);
});

Deno.test("the command line loads no package from npm before a command asks for one", async () => {
  const modules = await modulesOf("src/cli/main.ts");
  assertEquals(modules.filter((specifier) => specifier.startsWith("npm:")), []);
});

Deno.test("importing the package needs no permission and does not run the X.509 library", async () => {
  await using folder = await tempFolder();
  const program = `
    import * as hubwire from ${JSON.stringify(MOD)};
    if (!hubwire.DeviceClient || !hubwire.CredentialStore) throw new Error("incomplete");
    // @peculiar/x509 needs reflect-metadata, which leaves its mark on the language.
    console.log(typeof Reflect.getMetadata);
  `;
  const path = await folder.write("program.js", program);
  const { code, stdout, stderr } = await run([
    DENO,
    "run",
    "--no-prompt",
    `--config=${CONFIG}`,
    path,
  ]);
  assertEquals([code, stdout.trim(), stderr], [0, "undefined", ""]);
});
