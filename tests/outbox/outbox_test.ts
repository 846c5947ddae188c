import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { OutboxFullError, StoreError } from "../../src/errors.ts";
import { kvOutbox, memoryOutbox } from "../../src/outbox/mod.ts";
import { addAll, message, sequences, testEach } from "./_outboxes.ts";

testEach("gives messages back as they were, oldest first", async (make) => {
  await using outbox = await make();
  const messages = Array.from({ length: 300 }, (_, i) => message(i, i));
  const added = await addAll(outbox, messages);
  assertEquals(added, added.toSorted((a, b) => a - b));
  const read = await outbox.read(0, 1000);
  assertEquals(read, messages.map((one, i) => ({ ...one, sequence: added[i] ?? 0 })));
  assertEquals(outbox.count, 300);
  assertEquals(outbox.bytes, messages.reduce((sum, { payload }) => sum + payload.length, 0));
});

testEach("reads behind a sequence, and no more than asked for", async (make) => {
  await using outbox = await make();
  await addAll(outbox, Array.from({ length: 400 }, (_, i) => message(i)));
  const found: number[] = [];
  for (let after = 0;;) {
    const batch = await outbox.read(after, 7);
    if (batch.length === 0) break;
    found.push(...batch.map(({ sequence }) => sequence));
    after = found.at(-1) ?? 0;
  }
  assertEquals(found, await sequences(outbox));
  assertEquals(await outbox.read(0, 0), []);
  assertEquals(await outbox.read(1e9, 10), []);
});

testEach("forgets what is removed, in any order, once and for all", async (make) => {
  await using outbox = await make();
  const added = await addAll(outbox, Array.from({ length: 300 }, (_, i) => message(i)));
  const gone = added.filter((sequence) => sequence % 3 === 0).toReversed();
  await Promise.all([...gone, ...gone, 12_345].map((sequence) => outbox.remove(sequence)));
  assertEquals(await sequences(outbox), added.filter((sequence) => sequence % 3 !== 0));
  assertEquals([outbox.count, outbox.bytes], [200, 1600]);
  await Promise.all(added.map((sequence) => outbox.remove(sequence)));
  assertEquals([outbox.count, outbox.bytes, await sequences(outbox)], [0, 0, []]);
});

testEach("keeps no hold of a payload that it has stored", async (make) => {
  await using outbox = await make();
  const one = message(1);
  await outbox.add(one);
  one.payload.fill(0);
  assertEquals((await outbox.read(0, 1))[0]?.payload, message(1).payload);
});

testEach("takes empty payloads and the longest topics", async (make) => {
  await using outbox = await make();
  const one = { ...message(1, 0), topic: "é".repeat(32_767) };
  await outbox.add(one);
  assertEquals((await outbox.read(0, 1))[0]?.topic, one.topic);
  assertEquals((await outbox.read(0, 1))[0]?.payload, new Uint8Array());
});

testEach("lets messages wait for room, in the order of arrival", async (make) => {
  await using outbox = await make({ maximumCount: 2 });
  const settled: string[] = [];
  const note = (name: string) => (sequence: number) => {
    settled.push(name);
    return sequence;
  };
  const [first, second] = await addAll(outbox, [message(1), message(2)]);
  const third = outbox.add(message(3)).then(note("third"));
  const fourth = outbox.add(message(4)).then(note("fourth"));
  await outbox.remove(second ?? 0);
  await third;
  assertEquals(settled, ["third"]);
  await outbox.remove(first ?? 0);
  assertEquals([await third, await fourth], await sequences(outbox));
});

testEach("lets no small message overtake a large one that waits", async (make) => {
  await using outbox = await make({ maximumBytes: 100 });
  const first = await outbox.add(message(1, 60));
  const large = outbox.add(message(2, 90));
  const small = outbox.add(message(3, 10));
  assertEquals(await sequences(outbox), [first]);
  await outbox.remove(first);
  assertEquals([await large, await small], await sequences(outbox));
});

testEach("ends the wait for room with the reason of the signal, and goes on", async (make) => {
  await using outbox = await make({ maximumBytes: 100 });
  await outbox.add(message(1, 60));
  const controller = new AbortController();
  const large = outbox.add(message(2, 90), controller.signal);
  const small = outbox.add(message(3, 10));
  controller.abort(new RangeError("enough"));
  await assertRejects(() => large, RangeError, "enough");
  assert(await small > 0);
  await assertRejects(() => outbox.add(message(4), controller.signal), RangeError, "enough");
  assertEquals(outbox.count, 2);
});

testEach("rejects what it has no room for, if that is the policy", async (make) => {
  await using outbox = await make({ maximumCount: 2, whenFull: "reject" });
  const results = await Promise.allSettled([1, 2, 3].map((n) => outbox.add(message(n))));
  assertEquals(results.map(({ status }) => status), ["fulfilled", "fulfilled", "rejected"]);
  const error = await assertRejects(() => outbox.add(message(4)), OutboxFullError);
  assertEquals([error.code, error.retryable], ["OUTBOX_FULL", true]);
  const [first] = await outbox.read(0, 1);
  await outbox.remove(first?.sequence ?? 0);
  assert(await outbox.add(message(5)) > 0);
});

testEach("refuses at once what never fits", async (make) => {
  for (const whenFull of ["wait", "reject", "drop-oldest"] as const) {
    await using outbox = await make({ maximumBytes: 100, whenFull });
    await outbox.add(message(1));
    const error = await assertRejects(() => outbox.add(message(2, 101)), OutboxFullError);
    assertEquals([error.code, error.retryable], ["OUTBOX_MESSAGE_TOO_LARGE", false]);
    assertEquals(outbox.count, 1);
  }
});

testEach("drops the oldest for a new one, if that is the policy, and says which", async (make) => {
  await using outbox = await make({ maximumCount: 300, whenFull: "drop-oldest" });
  const dropped: number[] = [];
  outbox.ondropped = (sequence) => dropped.push(sequence);
  const added = await addAll(outbox, Array.from({ length: 1000 }, (_, i) => message(i)));
  assertEquals(await sequences(outbox), added.slice(700));
  assertEquals(dropped, added.slice(0, 700));
  assertEquals([outbox.count, outbox.bytes], [300, 2400]);
});

testEach("drops as many as a large message needs", async (make) => {
  await using outbox = await make({ maximumBytes: 1000, whenFull: "drop-oldest" });
  const dropped: number[] = [];
  outbox.ondropped = (sequence) => dropped.push(sequence);
  const added = await addAll(outbox, Array.from({ length: 10 }, (_, i) => message(i, 100)));
  const large = await outbox.add(message(10, 750));
  assertEquals(await sequences(outbox), [...added.slice(8), large]);
  assertEquals(dropped, added.slice(0, 8));
});

testEach("stores what it let in, and fails whoever waits, when it is closed", async (make) => {
  const outbox = await make({ maximumCount: 3 });
  const adding = Array.from({ length: 5 }, (_, i) => outbox.add(message(i)));
  const [results] = await Promise.all([Promise.allSettled(adding), outbox.close(), outbox.close()]);
  const statuses = results.map(({ status }) => status);
  assertEquals(statuses, ["fulfilled", "fulfilled", "fulfilled", "rejected", "rejected"]);
  for (
    const use of [() => outbox.add(message(1)), () => outbox.read(0, 1), () => outbox.remove(1)]
  ) {
    assertEquals((await assertRejects(use, StoreError)).why, "it is closed");
  }
  await outbox.open();
  assertEquals(
    (await outbox.read(0, 10)).map(({ topic }) => topic),
    [0, 1, 2].map((i) => message(i).topic),
  );
  await outbox.close();
});

Deno.test("an outbox refuses limits that are none", () => {
  for (const bad of [0, -1, 1.5, NaN, Infinity]) {
    assertThrows(() => memoryOutbox({ maximumCount: bad }), RangeError, "maximumCount");
    assertThrows(() => kvOutbox({ path: "a", maximumBytes: bad }), RangeError, "maximumBytes");
  }
  const whenFull = "burst" as "wait";
  assertThrows(() => memoryOutbox({ whenFull }), TypeError, 'whenFull "burst"');
});
