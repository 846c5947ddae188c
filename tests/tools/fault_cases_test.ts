import { assertEquals, assertStringIncludes } from "@std/assert";
import type { FaultCase } from "../../tools/conformance/fault_cases.ts";
import { numbersIn, readFaultCases } from "../../tools/fault_cases.ts";
import { makeProject } from "./fixture_project.ts";

const CASES: FaultCase[] = [
  { number: "P1", happens: "a flag", expected: "violation" },
  { number: "N1", happens: "no address", expected: "told" },
];

Deno.test("readFaultCases() lists the tests of each case, without its number", async () => {
  await using project = await makeProject({
    "tests/a_test.ts": `Deno.test("P1: one", () => {});\nDeno.test("N1 two (P1)", () => {});`,
  });
  const { page, faults } = await readFaultCases(project.root, CASES);
  assertEquals(faults, []);
  assertStringIncludes(
    page,
    "| P1 | a flag | violation | [a_test.ts](../tests/a_test.ts): one<br>" +
      "[a_test.ts](../tests/a_test.ts): two (P1) |\n",
  );
});

Deno.test("readFaultCases() names a case without a test, and a number that is none", async () => {
  await using project = await makeProject({
    "tests/a_test.ts": `Deno.test("P1: one", () => {});\nDeno.test("N77: two", () => {});`,
  });
  const { faults } = await readFaultCases(project.root, CASES);
  assertEquals(faults, [
    "N1 has no test: no address",
    "N77 is no known case: tests/a_test.ts",
  ]);
});

Deno.test("numbersIn() reads numbers at the beginning and in brackets, and nowhere else", () => {
  assertEquals(numbersIn("N5: a (P6) of P7 [P8] (N9)"), ["N5", "P6", "N9"]);
  assertEquals(numbersIn("N5 a"), ["N5"]);
  assertEquals(numbersIn("N5a (X6)"), []);
});
