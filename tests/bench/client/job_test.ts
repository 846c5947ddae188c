import { assertEquals, assertThrows } from "@std/assert";
import { clientIdOf, HOLD, type Job, jobOf } from "./job.ts";

Deno.test("jobOf() reads what clientIdOf() wrote", () => {
  const jobs: Job[] = [
    HOLD,
    { kind: "publish", qos: 0, size: 64, count: 2_000_000 },
    { kind: "receive", qos: 1, size: 1024, count: 1000 },
  ];
  assertEquals(jobs.map((job) => jobOf(clientIdOf(job))), jobs);
});

Deno.test("jobOf() refuses what is no job", () => {
  for (const clientId of ["", "thermometer", "publish/2/64/1", "publish/0/64", "/0/64/1"]) {
    assertThrows(() => jobOf(clientId), TypeError);
  }
});
