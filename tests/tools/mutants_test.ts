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
    within: "",
    before: "a = b + c;",
    after: "a = b - c;",
    source: "let a = b;\n  a = b - c;\na = d;",
  });
});

Deno.test("explainedIn() knows the mutants that a page explains, bars and all", () => {
  const source = "export function f(): void {\n  while (a < b || c) d;\n}\nconst A: i32 = 1;\n";
  const mutants = mutantsOf("wasm/assembly/a.ts", source);
  const rows = mutants.map(rowOf);
  assertEquals(rows, [
    "| `a.ts f()` | `while (a < b \\|\\| c) d;` → `while (a <= b \\|\\| c) d;` | why |",
    "| `a.ts f()` | `while (a < b \\|\\| c) d;` → `while (a < b && c) d;` | why |",
    "| `a.ts` | `const A: i32 = 1;` → `const A: i32 = 2;` | why |",
  ]);
  const page = ["# Mutants", "", "| place | change | why |", "| --- | --- | --- |", ...rows, ""];
  assertEquals(explainedIn(page.join("\n")), new Set(mutants.map(keyOf)));
});

Deno.test("keyOf() tells mutants of other files and functions apart, not where a line stands", () => {
  const [first] = mutantsOf("wasm/assembly/a.ts", "function f() {\n  a + b;\n}");
  const [moved] = mutantsOf("wasm/assembly/a.ts", "\nfunction f() {\n\n  a + b; // why\n}");
  assert(first && moved);
  assertEquals(keyOf(first), keyOf(moved));
  const others = { "b.ts": "function f() {\n  a + b;", "a.ts": "function g() {\n  a + b;" };
  for (const [file, source] of Object.entries(others)) {
    const [other] = mutantsOf(`wasm/assembly/${file}`, source);
    assert(other);
    assertNotEquals(keyOf(first), keyOf(other));
  }
});
