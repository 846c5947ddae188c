import { assertEquals } from "@std/assert";
import { run } from "../_kit/processes.ts";
import { tempFolder } from "../_kit/temp.ts";

const ROOT = new URL("../../", import.meta.url);
const MOD = new URL("mod.ts", ROOT).href;
const DENO = Deno.execPath();
const CONFIG = new URL("deno.json", ROOT).pathname;

/** The specifier of every module that importing this one brings along. */
async function modulesOf(path: string): Promise<string[]> {
  const { code, stdout, stderr } = await run([DENO, "info", "--json", path], {
    cwd: ROOT.pathname,
  });
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout).modules.map((module: { specifier: string }) => module.specifier);
}

Deno.test("importing the package loads no broker, no other client, no server and no command line", async () => {
  const modules = await modulesOf("mod.ts");
  assertEquals(
    modules.filter((specifier) => specifier.startsWith("npm:")).map(nameOfPackage),
    ["@peculiar/x509", "reflect-metadata"],
  );
  const unwanted = /\/src\/(emulator|cli)\/|^node:(tls|net|http|https)$/;
  assertEquals(modules.filter((specifier) => unwanted.test(specifier)), []);
});

Deno.test("the command line loads no broker before the demo asks for one", async () => {
  const modules = await modulesOf("src/cli/main.ts");
  const names = modules.filter((specifier) => specifier.startsWith("npm:")).map(nameOfPackage);
  assertEquals(names, ["@peculiar/x509", "reflect-metadata"]);
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

/** Of `npm:/@scope/name@1.2.3`, the name. */
function nameOfPackage(specifier: string): string {
  return specifier.replace(/^npm:\/?/, "").replace(/@[^@]*$/, "");
}
