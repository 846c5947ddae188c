import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { coverageVerdicts, describeVerdict } from "../../tools/check_coverage.ts";
import { lineRanges, parseLcov, percentage } from "../../tools/coverage.ts";
import { emitsCode } from "../../tools/source_files.ts";
import { makeProject } from "./fixture_project.ts";

const HALF_TESTED = `export function sign(x: number): number {
  if (x < 0) {
    return -1;
  }
  // deno-coverage-ignore
  if (x !== x) throw new Error("Bug: not a number");
  return x > 0 ? 1 : 0;
}
`;

const FILES = {
  "deno.json": "{}",
  "src/codec/mod.ts": `export * from "./whole.ts";\nexport type { Size } from "./size.ts";`,
  "src/codec/size.ts": `/** A size. */\nexport interface Size { width: number }`,
  "src/codec/whole.ts": `export const twice = (x: number): number => 2 * x;`,
  "src/codec/wasm_bytes.ts": `export const BYTES = "";`,
  "src/session/half.ts": HALF_TESTED,
  "src/session/forgotten.ts": `export const forgotten = 1;`,
  "src/client/half.ts": HALF_TESTED,
  "src/client/forgotten.ts": `export const forgotten = 1;`,
  "tests/a_test.ts": `import { twice } from "../src/codec/mod.ts";
import { sign } from "../src/session/half.ts";
import { sign as other } from "../src/client/half.ts";
Deno.test("a", () => void (twice(1) + sign(1) + other(1)));`,
};

Deno.test("coverageVerdicts() gates the pure rooms and counts what no test imports", async () => {
  await using project = await makeProject(FILES);
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--coverage=profile", "--coverage-raw-data-only", "--no-check", "tests"],
    cwd: project.root,
    stdout: "null",
    stderr: "null",
  }).output();
  assert(success);
  const verdicts = await coverageVerdicts(project.root, "profile");
  assertEquals(verdicts.map(({ file, passes }) => [file, passes]), [
    ["src/client/forgotten.ts", true],
    ["src/client/half.ts", true],
    ["src/codec/whole.ts", true],
    ["src/session/forgotten.ts", false],
    ["src/session/half.ts", false],
  ]);
  const [, , whole, forgotten, half] = verdicts.map(describeVerdict);
  assertEquals(whole, "100.0  100.0  src/codec/whole.ts");
  assertEquals(forgotten, "  0.0    0.0  src/session/forgotten.ts  <- no test imports it");
  assertStringIncludes(half ?? "", "src/session/half.ts  <- lines 2-4, 7");
});

Deno.test("parseLcov() counts lines and branches that were never run", () => {
  const report =
    "SF:/a.ts\nBRDA:3,1,0,0\nBRDA:3,1,1,2\nBRDA:4,2,0,-\nDA:3,2\nDA:5,0\nend_of_record\n" +
    "SF:/b.ts\nDA:1,1\nend_of_record\n";
  assertEquals([...parseLcov(report)], [
    ["/a.ts", { lines: { found: 2, missed: [5] }, branches: { found: 3, missed: [3, 4] } }],
    ["/b.ts", { lines: { found: 1, missed: [] }, branches: { found: 0, missed: [] } }],
  ]);
});

Deno.test("percentage() takes nothing of nothing as all of it", () => {
  assertEquals(percentage({ found: 0, missed: [] }), 100);
  assertEquals(percentage({ found: 4, missed: [1] }), 75);
});

Deno.test("lineRanges() joins neighbours and names each line once", () => {
  assertEquals(lineRanges([7, 3, 8, 9, 7]), "3, 7-9");
  assertEquals(lineRanges([]), "");
});

Deno.test("emitsCode() finds no code in types, comments, imports and re-exports", () => {
  for (
    const source of [
      "",
      "/** A type. */\nexport interface A {\n  b: string;\n}\nexport type C = 'x';",
      `export * from "./a.ts";\nexport * as b from "./b.ts";\nexport {\n  c,\n  type D,\n} from './c.ts';`,
      `import type { A } from "./a.ts";\nexport type B = A;`,
      `import "reflect-metadata";\nimport { a } from "./a.ts";\nexport {};`,
    ]
  ) assertFalse(emitsCode(source), source);
});

Deno.test("emitsCode() finds code in anything else", () => {
  for (
    const source of [
      "export const a = 'x';",
      "export enum A { B }",
      "export class A {}",
      "export default 1;",
      `export { a } from "./a.ts"; run();`,
      `await import("./a.ts");`,
      "import.meta.main;",
    ]
  ) assert(emitsCode(source), source);
});
