import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { publishDryRun } from "../../tools/check_publish.ts";
import { stagePackage } from "../../tools/stage.ts";
import { makeProject } from "./fixture_project.ts";

const FILES = {
  "deno.json": JSON.stringify({
    name: "@fixture/fixture",
    version: "1.0.0",
    license: "MIT",
    exports: "./mod.ts",
    imports: { "@std/cli": "jsr:@std/cli@^1" },
    links: ["./links/std_cli"],
    publish: { include: ["deno.json", "mod.ts", "src"] },
  }),
  "deno.lock": `{ "version": "5" }`,
  "mod.ts": `export { answer } from "./src/answer.ts";`,
  "src/answer.ts": `import { ask } from "@std/cli";\nexport const answer: number = ask();`,
  "tests/answer_test.ts": `Deno.test("the answer", () => {});`,
  "links/std_cli/deno.json": `{ "name": "@std/cli", "version": "1.0.9", "exports": "./mod.ts" }`,
  "links/std_cli/mod.ts": `export const ask = (): number => 42;`,
};

Deno.test("publishDryRun() lists what is shipped and nothing else, with the links outside", async () => {
  await using project = await makeProject(FILES);
  const { success, report } = await publishDryRun(project.root);
  assert(success, report);
  assertMatch(report, /^ *src\/answer\.ts/m);
  assertFalse(report.includes("tests/"), report);
  assertFalse(report.includes("links"), report);
});

Deno.test("publishDryRun() fails on an exported name without a type", async () => {
  const slow = `import { ask } from "@std/cli";\nexport const answer = ask();`;
  await using project = await makeProject({ ...FILES, "src/answer.ts": slow });
  const { success, report } = await publishDryRun(project.root);
  assertFalse(success);
  assertStringIncludes(report, "missing-explicit-type");
});

Deno.test("stagePackage() cleans up after itself", async () => {
  await using project = await makeProject(FILES);
  const stage = await stagePackage(project.root);
  assertEquals(await Deno.readTextFile(join(stage.packageFolder, "mod.ts")), FILES["mod.ts"]);
  await stage[Symbol.asyncDispose]();
  assertFalse(await exists(stage.packageFolder));
  assertFalse(stage.linkFolders.some((folder) => folder.startsWith(stage.packageFolder)));
});

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
