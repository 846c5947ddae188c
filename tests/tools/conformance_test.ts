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
  return projectOf({ "tests/codec/a_test.ts": literals });
}

/** The same with more files. */
function projectOf(files: Record<string, string[]>): Promise<FixtureProject> {
  const sources = Object.entries(files).map(([file, literals]) => {
    return [file, literals.map((literal) => `Deno.test(${literal}, () => {});`).join("\n")];
  });
  return makeProject(Object.fromEntries(sources));
}

Deno.test("readConformance() is content when each part that shows a statement has a test of it", async () => {
  await using project = await projectOf({
    "tests/codec/a_test.ts": [`"both [MQTT-1.1.1-1] [MQTT-1.1.1-2]"`],
    "tests/client/b_test.ts": [`"three [MQTT-1.1.1-3]"`],
  });
  const { faults, page } = await readConformance(project.root, STATEMENTS);
  assertEquals(faults, []);
  assertStringIncludes(page, "3 statements.");
  assertStringIncludes(
    page,
    "| MQTT-1.1.1-2 | two | decoder | " +
      "[codec/a_test.ts](../tests/codec/a_test.ts): both |\n",
  );
});

Deno.test("readConformance() names a statement without a test, and a part without one of its own", async () => {
  await using project = await projectWith(`"one [MQTT-1.1.1-1]"`, `"three [MQTT-1.1.1-3]"`);
  const { faults, page } = await readConformance(project.root, STATEMENTS);
  assertEquals(faults, [
    "MQTT-1.1.1-2 has no test of the decoder: two",
    "MQTT-1.1.1-3 has no test of the session: three",
  ]);
  assertStringIncludes(page, "| MQTT-1.1.1-2 | two | decoder | not yet |\n");
});

Deno.test("readConformance() names an id that is no known statement", async () => {
  await using project = await projectWith(`"[MQTT-1.1.1-1] [MQTT-1.1.1-2] [MQTT-9.9.9-9]"`);
  const { faults } = await readConformance(project.root, STATEMENTS.slice(0, 2));
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
