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

interface Graph {
  /** Every module that is resolved, whether it is loaded at once or on first use. */
  all: string[];
  /** Those that importing loads at once. */
  loaded: string[];
}

async function graphOf(path: string): Promise<Graph> {
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
  return { all: modules.map(({ specifier }) => specifier), loaded: [...loaded] };
}

function packagesIn(modules: string[]): string[] {
  return modules.filter((specifier) => specifier.startsWith("npm:"))
    .map((specifier) => specifier.replace(/^npm:\/?/, "").replace(/@[^@]*$/, ""));
}

Deno.test("importing the package brings no broker, no other client, no server and no command line", async () => {
  const { all, loaded } = await graphOf("mod.ts");
  assertEquals(packagesIn(all), ["@peculiar/x509", "reflect-metadata"]);
  assertEquals(packagesIn(loaded), []);
  const never = /\/src\/(emulator|cli)\/|^node:https?$/;
  assertEquals(all.filter((specifier) => never.test(specifier)), []);
  // Transports without delay and through proxies load them on first use.
  const notAtOnce = /^node:(tls|net)$/;
  assertEquals(loaded.filter((specifier) => notAtOnce.test(specifier)), []);
});

Deno.test("the command line brings no broker before the demo asks for one", async () => {
  const { all, loaded } = await graphOf("src/cli/main.ts");
  assertEquals(packagesIn(all), ["@peculiar/x509", "reflect-metadata"]);
  assertEquals(packagesIn(loaded), []);
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
