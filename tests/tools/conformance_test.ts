import { assertEquals, assertStringIncludes } from "@std/assert";
import { readConformance } from "../../tools/conformance.ts";
import type { Statement } from "../../tools/conformance/statements.ts";
import { idsIn, readTestNames } from "../../tools/conformance/test_names.ts";
import { type FixtureProject, makeProject } from "./fixture_project.ts";

const STATEMENTS: Statement[] = [
  { id: "MQTT-1.1.1-1", rule: "one", shownBy: ["encoder", "decoder"] },
  { id: "MQTT-1.1.1-2", rule: "two", shownBy: ["decoder"] },
  { id: "MQTT-1.1.1-3", rule: "three", shownBy: ["session"] },
];

/** A project with one file of tests, given by the names as literals. */
function projectWith(...literals: string[]): Promise<FixtureProject> {
  const tests = literals.map((literal) => `Deno.test(${literal}, () => {});`);
  return makeProject({ "tests/codec/a_test.ts": tests.join("\n") });
}

Deno.test("readConformance() is content when each demanded statement has a test", async () => {
  await using project = await projectWith(`"both [MQTT-1.1.1-1] [MQTT-1.1.1-2]"`);
  const { faults, page } = await readConformance(project.root, STATEMENTS);
  assertEquals(faults, []);
  assertStringIncludes(page, "3 statements, 2 of them shown by the codec.");
  assertStringIncludes(
    page,
    "| MQTT-1.1.1-2 | two | decoder | " +
      "[codec/a_test.ts](../tests/codec/a_test.ts): both |\n",
  );
  assertStringIncludes(page, "| MQTT-1.1.1-3 | three | session | not yet |\n");
});

Deno.test("readConformance() names a demanded statement without a test", async () => {
  await using project = await projectWith(`"one [MQTT-1.1.1-1]"`, `"three [MQTT-1.1.1-3]"`);
  const { faults } = await readConformance(project.root, STATEMENTS);
  assertEquals(faults, ["MQTT-1.1.1-2 has no test: two"]);
});

Deno.test("readConformance() names an id that is no known statement", async () => {
  await using project = await projectWith(`"[MQTT-1.1.1-1] [MQTT-1.1.1-2] [MQTT-9.9.9-9]"`);
  const { faults } = await readConformance(project.root, STATEMENTS);
  assertEquals(faults, ["MQTT-9.9.9-9 is no known statement: tests/codec/a_test.ts"]);
});

Deno.test("readConformance() lists every test of a statement, and keeps bars and tags inside a cell", async () => {
  await using project = await projectWith(`"a | b [MQTT-1.1.1-1]"`, `"<i> [MQTT-1.1.1-1]"`);
  const { page } = await readConformance(project.root, STATEMENTS);
  const link = "[codec/a_test.ts](../tests/codec/a_test.ts)";
  assertStringIncludes(
    page,
    `${link}: a \\| b<br>${link}: &lt;i> |\n`,
  );
});

Deno.test("readTestNames() reads literals of every kind, steps too, sorted by file", async () => {
  await using project = await makeProject({
    "tests/b_test.ts": [
      `Deno.test("double \\"quoted\\"", () => {});`,
      `Deno.test('single', () => {});`,
      "Deno.test(`of ${[name].join()} [MQTT-1.1.1-1]`, () => {});",
      `Deno.test(\n  "on a line of its own",\n  async (t) => {`,
      `    await t.step("a step", () => {});\n  },\n);`,
    ].join("\n"),
    "tests/a/a_test.ts": `Deno.test("first", () => {});`,
  });
  assertEquals(await readTestNames(project.root), [
    { file: "tests/a/a_test.ts", name: "first" },
    { file: "tests/b_test.ts", name: `double "quoted"` },
    { file: "tests/b_test.ts", name: "single" },
    { file: "tests/b_test.ts", name: "of … [MQTT-1.1.1-1]" },
    { file: "tests/b_test.ts", name: "on a line of its own" },
    { file: "tests/b_test.ts", name: "a step" },
  ]);
});

Deno.test("readTestNames() takes nothing that does not run: skipped, commented out, not a test file", async () => {
  await using project = await makeProject({
    "tests/a_test.ts": [
      `Deno.test.ignore("skipped", () => {});`,
      `// Deno.test("commented out", () => {});`,
      ` * Deno.test("in a comment", () => {});`,
      "Deno.test(name, () => {});",
    ].join("\n"),
    "tests/a.ts": `Deno.test("elsewhere", () => {});`,
  });
  assertEquals(await readTestNames(project.root), []);
});

Deno.test("idsIn() reads every id in brackets, as the specification prints it", () => {
  assertEquals(idsIn("a [MQTT-3-8.3-4] b [MQTT-4.7.3-3] MQTT-1.5.3-1 [2.2.3]"), [
    "MQTT-3-8.3-4",
    "MQTT-4.7.3-3",
  ]);
});
