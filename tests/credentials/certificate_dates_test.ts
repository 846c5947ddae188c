import { assertEquals } from "@std/assert";
import { daysBetween, whyNotValid } from "../../src/credentials/certificate_dates.ts";

Deno.test("daysBetween() counts whole days", () => {
  const start = new Date("2026-01-01T00:00:00Z");
  assertEquals(daysBetween(start, new Date("2026-01-01T23:59:59Z")), "0 d");
  assertEquals(daysBetween(start, new Date("2026-01-04T00:00:00Z")), "3 d");
});

Deno.test("whyNotValid() says nothing from the first second to the last, and why before and after", () => {
  const [notBefore, notAfter] = [
    new Date("2026-01-10T00:00:00Z"),
    new Date("2026-02-10T00:00:00Z"),
  ];
  const at = (now: string) => whyNotValid({ notBefore, notAfter }, new Date(now));
  assertEquals(at("2026-01-10T00:00:00Z"), undefined);
  assertEquals(at("2026-02-10T00:00:00Z"), undefined);
  assertEquals(
    at("2026-01-07T12:00:00Z"),
    "is not valid for another 2 d (2026-01-10T00:00:00.000Z)",
  );
  assertEquals(at("2026-02-13T06:00:00Z"), "expired 3 d ago (2026-02-10T00:00:00.000Z)");
});
