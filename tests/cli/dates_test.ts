import { assertEquals } from "@std/assert";
import { dayOf } from "../../src/cli/dates.ts";

Deno.test("dayOf() is the day in UTC", () => {
  assertEquals(dayOf(new Date("2026-11-20T23:30:00-05:00")), "2026-11-21");
});
