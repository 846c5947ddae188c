import { assertEquals } from "@std/assert";
import { dayOf, daysBetween } from "../../src/cli/dates.ts";

Deno.test("daysBetween() counts whole days", () => {
  const start = new Date("2026-01-01T00:00:00Z");
  assertEquals(daysBetween(start, new Date("2026-01-01T23:59:59Z")), "0 d");
  assertEquals(daysBetween(start, new Date("2026-01-04T00:00:00Z")), "3 d");
});

Deno.test("dayOf() is the day in UTC", () => {
  assertEquals(dayOf(new Date("2026-11-20T23:30:00-05:00")), "2026-11-21");
});
