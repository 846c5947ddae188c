import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { DeadlineError } from "../../src/errors.ts";
import { type Deadline, withDeadline } from "../../src/transport/deadline.ts";

function deadline(change: Partial<Deadline> = {}): Deadline & { abandoned: number } {
  const made = {
    phase: "connect" as const,
    ms: 60_000,
    address: "h:1",
    signal: undefined,
    abandoned: 0,
    abandon: () => void made.abandoned++,
    ...change,
  };
  return made;
}

Deno.test("withDeadline() gives what the work gives, or throws what it throws", async () => {
  const options = deadline();
  assertEquals(await withDeadline(Promise.resolve(7), options), 7);
  assertEquals(options.abandoned, 0);
  const failure = new Error("no");
  assertStrictEquals(
    await assertRejects(() => withDeadline(Promise.reject(failure), options)),
    failure,
  );
});

Deno.test("withDeadline() throws when the time is up, and has the work undone", async () => {
  for (const phase of ["connect", "handshake"] as const) {
    const options = deadline({ phase, ms: 1 });
    const error = await assertRejects(
      () => withDeadline(new Promise(() => {}), options),
      DeadlineError,
    );
    assertEquals([error.phase, options.abandoned], [phase, 1]);
  }
});

Deno.test("withDeadline() throws the reason of its signal", async () => {
  const reason = new Error("enough");
  const controller = new AbortController();
  const options = deadline({ signal: controller.signal });
  const waiting = withDeadline(new Promise(() => {}), options);
  controller.abort(reason);
  assertStrictEquals(await assertRejects(() => waiting), reason);
  assertStrictEquals(
    await assertRejects(() => withDeadline(new Promise(() => {}), options)),
    reason,
  );
  assertEquals(options.abandoned, 2);
});
