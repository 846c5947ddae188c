import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { explainedIn, keyOf, rowOf } from "../../wasm/mutation/explained.ts";
import { mutantsOf } from "../../wasm/mutation/mutants.ts";

/** What becomes of one line. */
function changesOf(line: string): string[] {
  return mutantsOf("a.ts", line).map(({ after }) => after);
}

Deno.test("mutantsOf() turns each operator of a line into another, one at a time", () => {
  const turned: Record<string, string> = {
    "a == b;": "a != b;",
    "a != b;": "a == b;",
    "a < b;": "a <= b;",
    "a <= b;": "a < b;",
    "a > b;": "a >= b;",
    "a >= b;": "a > b;",
    "a + b;": "a - b;",
    "a - b;": "a + b;",
    "a && b;": "a || b;",
    "a || b;": "a && b;",
    "a << b;": "a >> b;",
    "a >> b;": "a << b;",
    "a & b;": "a | b;",
    "a | b;": "a & b;",
    "a += b;": "a -= b;",
    "at++;": "at--;",
    "(!a);": "(a);",
    "return fail(A, at);": "return !fail(A, at);",
  };
  for (const [before, after] of Object.entries(turned)) assertEquals(changesOf(before), [after]);
  assertEquals(changesOf("a + b + c;"), ["a - b + c;", "a + b - c;"]);
});

Deno.test("mutantsOf() moves each constant by one and leaves names and types alone", () => {
  assertEquals(changesOf("const a: i32 = 7;"), ["const a: i32 = 8;"]);
  assertEquals(changesOf("x = 0xbf;"), ["x = 0xbf + 1;"]);
  assertEquals(changesOf("load<u16>(at, 4);"), ["load<u16>(at, 5);"]);
  assertEquals(changesOf("i8x16.splat(0);"), ["i8x16.splat(1);"]);
});

Deno.test("mutantsOf() drops a check that leads to a return", () => {
  assertEquals(changesOf("if (isBad) return 0;"), [
    "if (false && isBad) return 0;",
    "if (isBad) return 1;",
  ]);
});

Deno.test("mutantsOf() leaves comments, imports, exports of names and attributes alone", () => {
  const source = [
    "/** a + b */",
    " * a + b",
    "// a + b",
    "@inline",
    'import { A } from "./a";',
    "import {",
    "  A0,",
    "  B_1,",
    '} from "./b";',
    "export {",
    "  C,",
    '} from "./c";',
    "x; // 1 + 1",
    "",
  ].join("\n");
  assertEquals(mutantsOf("a.ts", source), []);
});

Deno.test("mutantsOf() tells file, line and both forms, and changes that line only", () => {
  const lines = ["let a = b;", "  a = b + c; // why", "a = d;"];
  const [mutant, ...others] = mutantsOf("wasm/assembly/a.ts", lines.join("\n"));
  assert(mutant);
  assertEquals(others, []);
  assertEquals(mutant, {
    file: "wasm/assembly/a.ts",
    line: 2,
    before: "a = b + c;",
    after: "a = b - c;",
    source: "let a = b;\n  a = b - c;\na = d;",
  });
});

Deno.test("explainedIn() knows the mutants that a page explains, bars and all", () => {
  const [, or] = mutantsOf("wasm/assembly/a.ts", "while (a < b || c) d;");
  assert(or);
  const page = `# Mutants\n\n| file | change | why |\n| --- | --- | --- |\n${rowOf(or)}\n`;
  assertEquals(explainedIn(page), new Set([keyOf(or)]));
  assertEquals(
    rowOf(or),
    "| `a.ts` | `while (a < b \\|\\| c) d;` → `while (a < b && c) d;` | why |",
  );
});

Deno.test("keyOf() tells mutants of other lines and files apart, not where a line stands", () => {
  const [first] = mutantsOf("wasm/assembly/a.ts", "a + b;");
  const [moved] = mutantsOf("wasm/assembly/a.ts", "\n\n  a + b; // why");
  const [other] = mutantsOf("wasm/assembly/b.ts", "a + b;");
  assert(first && moved && other);
  assertEquals(keyOf(first), keyOf(moved));
  assertNotEquals(keyOf(first), keyOf(other));
});
