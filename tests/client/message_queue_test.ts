import { assertEquals, assertFalse, assertRejects } from "@std/assert";
import type { Message } from "../../src/client/mod.ts";
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
  const queue = new MessageQueue();
  const push = (topic: string) => queue.push(message(topic), () => done.push(topic));
  return { queue, done, push };
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
  const { queue, push } = makeQueue();
  const messages = queue.iterate();
  for (let count = 0; count < 999; count++) push("t");
  assertEquals(queue.room, undefined);
  push("t");
  let hasRoom = false;
  void queue.room?.then(() => hasRoom = true);
  for (let count = 0; count < 499; count++) await messages.next();
  await settled();
  assertFalse(hasRoom);
  await messages.next();
  await settled();
  assertEquals([hasRoom, queue.room], [true, undefined]);
});

Deno.test("MessageQueue.end() lets go of what waits, then ends or throws", async () => {
  for (const error of [undefined, LOST]) {
    const { queue, push } = makeQueue();
    push("a");
    const messages = queue.iterate();
    queue.end(error);
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
