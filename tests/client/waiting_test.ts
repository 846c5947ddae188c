import { assertEquals, assertRejects } from "@std/assert";
import { Answer, waitForAnswer, type Waiting } from "../../src/client/waiting.ts";
import { settled } from "../_kit/virtual_clock.ts";

Deno.test("Answer: the first word counts, and what comes later is no uncaught error", async () => {
  const answered = new Answer<readonly number[]>();
  answered.resolve([1]);
  answered.reject(new Error("late"));
  assertEquals(await answered.promise, [1]);
  const refused = new Answer<void>();
  refused.reject(new Error("first"));
  refused.reject(new Error("second"));
  refused.resolve();
  await assertRejects(() => refused.promise, Error, "first");
  await settled();
});

Deno.test("waitForAnswer() rejects with what sending threw, and with the reason of its signal", async () => {
  const send = () => {
    throw new RangeError("too long");
  };
  await assertRejects(() => waitForAnswer<void>(send), RangeError, "too long");
  const controller = new AbortController();
  let waiting: Waiting | undefined;
  const waits = waitForAnswer<void>((who) => waiting = who, controller.signal);
  controller.abort(new Error("enough"));
  await assertRejects(() => waits, Error, "enough");
  waiting?.resolve();
});
