import { assertEquals, assertFalse, assertRejects } from "@std/assert";
import type { Message } from "../../src/client/mod.ts";
import { Backlog } from "../../src/client/backlog.ts";
import { MessageQueue } from "../../src/client/message_queue.ts";
import { ConnectionLostError } from "../../src/errors.ts";
import { settled } from "../_kit/virtual_clock.ts";

const LOST = new ConnectionLostError("CONNECTION_LOST", { what: "w", why: "y", remedy: "r" });

function message(topic: string): Message {
  return { type: "publish", topic, payload: new Uint8Array(0), qos: 0, retain: false, dup: false };
}

/** A queue, and the topics of the messages that were dealt with. */
function makeQueue() {
  const done: string[] = [];
  const backlog = new Backlog();
  const queue = new MessageQueue(backlog);
  const push = (topic: string) => queue.push(message(topic), () => done.push(topic));
  return { queue, done, push, backlog };
}

async function topicOf(next: Promise<IteratorResult<Message>>): Promise<string | undefined> {
  const { done, value } = await next;
  return done ? undefined : value.topic;
}

Deno.test("MessageQueue gives each message to one iterator, in order", async () => {
  const { queue, push } = makeQueue();
  const [first, second] = [queue.iterate(), queue.iterate()];
  const waiting = [topicOf(first.next()), topicOf(second.next())];
  for (const topic of ["a", "b", "c"]) push(topic);
  assertEquals(await Promise.all(waiting), ["a", "b"]);
  assertEquals(await topicOf(first.next()), "c");
});

Deno.test("MessageQueue counts a message as dealt with at the next one, and when its iterator is left", async () => {
  const { queue, push, done } = makeQueue();
  push("a");
  push("b");
  const messages = queue.iterate();
  await messages.next();
  assertEquals(done, []);
  await messages.next();
  assertEquals(done, ["a"]);
  await messages.return?.();
  await messages.return?.();
  assertEquals(done, ["a", "b"]);
  assertEquals(await topicOf(messages.next()), undefined);
});

Deno.test("MessageQueue settles the wait of an iterator that is left, and gives its message to the next", async () => {
  const { queue, push } = makeQueue();
  const [left, other] = [queue.iterate(), queue.iterate()];
  const waiting = topicOf(left.next());
  const stillWaiting = topicOf(other.next());
  await left.return?.();
  assertEquals(await waiting, undefined);
  push("a");
  assertEquals(await stillWaiting, "a");
});

Deno.test("MessageQueue is wanted as long as somebody iterates", async () => {
  const { queue } = makeQueue();
  assertFalse(queue.isWanted);
  const messages = queue.iterate();
  assertEquals(queue.isWanted, true);
  await messages.return?.();
  assertFalse(queue.isWanted);
});

Deno.test("MessageQueue has no more room at 1000 messages, until half are gone", async () => {
  const { queue, push, backlog } = makeQueue();
  const messages = queue.iterate();
  for (let count = 0; count < 999; count++) push("t");
  assertEquals(backlog.room, undefined);
  push("t");
  let hasRoom = false;
  void backlog.room?.then(() => hasRoom = true);
  for (let count = 0; count < 499; count++) await messages.next();
  await settled();
  assertFalse(hasRoom);
  await messages.next();
  await settled();
  assertEquals([hasRoom, backlog.room, backlog.size], [true, undefined, 500]);
});

Deno.test("MessageQueue lets go of everything when its last iterator is left", async () => {
  const { queue, push, done, backlog } = makeQueue();
  const [first, second] = [queue.iterate(), queue.iterate()];
  for (let count = 0; count < 1500; count++) push(`${count}`);
  await first.return?.();
  assertEquals([done.length, backlog.size], [0, 1500]);
  await second.next();
  await second.return?.();
  assertEquals([done.length, backlog.size, backlog.room], [1500, 0, undefined]);
});

Deno.test("MessageQueue gives each of several calls of next() its message, and forgets none", async () => {
  const { queue, push, done } = makeQueue();
  const messages = queue.iterate();
  const [first, second] = [topicOf(messages.next()), topicOf(messages.next())];
  push("a");
  push("b");
  assertEquals(await Promise.all([first, second]), ["a", "b"]);
  const third = topicOf(messages.next());
  assertEquals(done, ["a", "b"]);
  await messages.return?.();
  assertEquals(await third, undefined);
});

Deno.test("MessageQueue drops QoS 0 above 20000 messages, and nothing else", () => {
  const { queue, backlog } = makeQueue();
  queue.iterate();
  for (let count = 0; count < 20_100; count++) queue.push(message("t"), () => {});
  assertEquals(backlog.size, 20_000);
  queue.push({ ...message("t"), qos: 1, packetId: 1 }, () => {});
  assertEquals(backlog.size, 20_001);
});

Deno.test("MessageQueue.end() lets go of what waits, then ends or throws", async () => {
  for (const error of [undefined, LOST]) {
    const { queue, push, backlog } = makeQueue();
    push("a");
    const messages = queue.iterate();
    queue.end(error);
    assertEquals(backlog.size, 0);
    queue.end(error ? undefined : LOST);
    assertEquals(await topicOf(messages.next()), "a");
    if (error) await assertRejects(() => messages.next(), ConnectionLostError);
    else assertEquals(await topicOf(messages.next()), undefined);
  }
});

Deno.test("MessageQueue.end() settles every wait", async () => {
  for (const error of [undefined, LOST]) {
    const { queue } = makeQueue();
    const waiting = queue.iterate().next();
    const outcome = error ? assertRejects(() => waiting, ConnectionLostError) : topicOf(waiting);
    queue.end(error);
    await outcome;
  }
});

Deno.test("MessageQueue deals with a message that came while its iterator was being left", async () => {
  const { queue, push, done } = makeQueue();
  const messages = queue.iterate();
  const next = topicOf(messages.next());
  push("a");
  await messages.return?.();
  assertEquals([await next, done], ["a", ["a"]]);
});
