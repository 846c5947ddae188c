import { assertEquals } from "@std/assert";
import { mirrorFaults } from "../../tools/check_mirror.ts";
import { makeProject } from "./fixture_project.ts";

const FILES = {
  "src/errors.ts": "export class A {}",
  "src/hub/topics.ts": "export const a = 1;",
  "src/hub/twin.ts": "export const b = 1;",
  "src/hub/mod.ts": `export * from "./topics.ts";`,
  "src/hub/shapes.ts": "export interface Shape { a: string }",
  "src/session/session.ts": "export const c = 1;",
  "tests/errors_test.ts": "",
  "tests/hub/topics_test.ts": "",
};

Deno.test("mirrorFaults() names sources without a test of their own, but for doors and types", async () => {
  await using project = await makeProject(FILES);
  assertEquals(await mirrorFaults(project.root, []), [
    "src/hub/twin.ts has no tests/hub/twin_test.ts",
    "src/session/session.ts has no tests/session/session_test.ts",
  ]);
});

Deno.test("mirrorFaults() takes a reason for a file or a folder, and no reason too many", async () => {
  await using project = await makeProject(FILES);
  const reasons: [string, string][] = [
    ["src/session/", "tests are named after behaviour"],
    ["src/hub/twin.ts", "tested with the emulator"],
  ];
  assertEquals(await mirrorFaults(project.root, reasons), []);
  assertEquals(await mirrorFaults(project.root, [...reasons, ["src/errors.ts", "none"]]), [
    "src/errors.ts needs no reason: take it out of the table",
  ]);
});
