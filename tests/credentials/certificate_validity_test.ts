import { assert, assertEquals, assertThrows } from "@std/assert";
import { chooseValidity } from "../../src/credentials/certificate_validity.ts";

const notBefore = new Date("2026-01-01T00:00:00.999Z");
const begin = new Date("2026-01-01T00:00:00Z");

Deno.test("chooseValidity() counts days from the beginning, in whole seconds", () => {
  const day = new Date("2026-01-02T00:00:00Z");
  assertEquals(chooseValidity({ notBefore, validDays: 1 }, 5), { notBefore: begin, notAfter: day });
  assertEquals(chooseValidity({ notBefore }, 1), { notBefore: begin, notAfter: day });
});

Deno.test("chooseValidity() takes an end as it is", () => {
  const notAfter = new Date("2099-12-31T23:59:59.500Z");
  const chosen = chooseValidity({ notBefore, notAfter }, 1);
  assertEquals(chosen.notAfter.toISOString(), "2099-12-31T23:59:59.000Z");
});

Deno.test("chooseValidity() begins five minutes ago unless told otherwise", () => {
  const earliest = Date.now() - 5 * 60_000 - 1000;
  const chosen = chooseValidity({}, 1).notBefore.getTime();
  assert(chosen >= earliest && chosen <= Date.now() - 5 * 60_000);
});

Deno.test("chooseValidity() refuses two ends, none in time, and what is no date", () => {
  assertThrows(() => chooseValidity({ validDays: 1, notAfter: new Date() }, 1), TypeError);
  for (const validDays of [0, -1, NaN, Infinity]) {
    assertThrows(() => chooseValidity({ notBefore, validDays }, 1), RangeError);
  }
  assertThrows(() => chooseValidity({ notBefore, notAfter: notBefore }, 1), RangeError);
  assertThrows(() => chooseValidity({ notBefore: new Date(NaN) }, 1), RangeError);
});
