import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Mailbox } from "../../src/emulator/mailbox.ts";
import { ConnectionLostError } from "../../src/errors.ts";

const now = new Date("2026-01-02T03:00:00Z");
const later = new Date("2026-01-02T04:00:00Z");
const message = (topic: string) => ({ topic, payload: new Uint8Array(), expiresAt: later });

function topicsDue(mailbox: Mailbox, connection: object): string[] {
  return mailbox.dueOver(connection, now).map(({ topic }) => topic);
}

Deno.test("Mailbox sends each message once over each connection, in order", () => {
  const mailbox = new Mailbox("d");
  const [first, second] = [{}, {}];
  mailbox.add(message("a"), now);
  mailbox.add(message("b"), now);
  for (const entry of mailbox.dueOver(first, now)) entry.sentOver = first;
  mailbox.add(message("c"), now);
  assertEquals(topicsDue(mailbox, first), ["c"]);
  assertEquals(topicsDue(mailbox, second), ["a", "b", "c"]);
});

Deno.test("Mailbox.acknowledge() forgets the message of that packet identifier and no other", async () => {
  const mailbox = new Mailbox("d");
  const entries = ["a", "b"].map((topic) => mailbox.add(message(topic), now));
  const [a, b] = entries;
  const completion = b && mailbox.completion(b);
  for (const entry of entries) entry.sentOver = {};
  mailbox.acknowledge(999);
  mailbox.acknowledge(undefined);
  mailbox.acknowledge(b?.packetId);
  await completion;
  assertEquals(topicsDue(mailbox, {}), ["a"]);
  assertEquals(mailbox.find(a?.sequence ?? 0)?.topic, "a");
});

Deno.test("Mailbox.acknowledge() takes no PUBACK for what was never sent", () => {
  const mailbox = new Mailbox("d");
  mailbox.acknowledge(mailbox.add(message("a"), now).packetId);
  assertEquals(topicsDue(mailbox, {}), ["a"]);
});

Deno.test("Mailbox.add() takes 50 messages and no more", () => {
  const mailbox = new Mailbox("d");
  for (let count = 0; count < 50; count++) mailbox.add(message("a"), now);
  assertThrows(() => mailbox.add(message("b"), now), RangeError, "403004");
});

Deno.test("Mailbox drops what has expired", async () => {
  const mailbox = new Mailbox("d");
  const completion = mailbox.completion(mailbox.add(message("a"), now));
  mailbox.add({ ...message("b"), expiresAt: new Date(later.getTime() + 1) }, now);
  assertEquals(mailbox.dueOver({}, later).map(({ topic }) => topic), ["b"]);
  await assertRejects(() => completion, ConnectionLostError, "expired");
});

Deno.test("Mailbox.discard() empties it and tells whoever waits why", async () => {
  const mailbox = new Mailbox("d");
  const completion = mailbox.completion(mailbox.add(message("a"), now));
  mailbox.add(message("b"), now);
  mailbox.discard("the hub stopped");
  assertEquals(topicsDue(mailbox, {}), []);
  await assertRejects(() => completion, ConnectionLostError, "the hub stopped");
});
