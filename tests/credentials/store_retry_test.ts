import { assertEquals } from "@std/assert";
import { poll } from "../../src/credentials/store_retry.ts";

Deno.test("poll() asks once even when there is no time at all", async () => {
  let asked = 0;
  const answer = await poll(() => Promise.resolve(void asked++), { deadlineMs: 0 });
  assertEquals([asked, answer], [1, undefined]);
});

Deno.test("poll() asks again until there is an answer", async () => {
  let asked = 0;
  const answer = await poll(() => Promise.resolve(++asked === 3 ? "there" : undefined), {
    deadlineMs: 60_000,
  });
  assertEquals([asked, answer], [3, "there"]);
});

Deno.test("poll() takes false for an answer, and passes a failure on", async () => {
  assertEquals(await poll(() => Promise.resolve(false), { deadlineMs: 60_000 }), false);
  const failure = new Error("no");
  const seen = await poll(() => Promise.reject(failure), { deadlineMs: 60_000 })
    .catch((error: unknown) => error);
  assertEquals(seen, failure);
});
