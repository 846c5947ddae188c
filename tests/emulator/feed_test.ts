import { assertEquals } from "@std/assert";
import { Feed } from "../../src/emulator/feed.ts";

Deno.test("Feed.read() yields what was there and what comes, until the end", async () => {
  const feed = new Feed<number>();
  feed.push(1);
  const reader = feed.read();
  assertEquals(await reader.next(), { value: 1, done: false });
  const next = reader.next();
  feed.push(2);
  assertEquals(await next, { value: 2, done: false });
  feed.push(3);
  feed.end();
  assertEquals(await Array.fromAsync(reader), [3]);
});

Deno.test("Feed.read() gives every reader all of it", async () => {
  const feed = new Feed<string>();
  feed.push("a");
  const early = feed.read();
  assertEquals((await early.next()).value, "a");
  feed.push("b");
  feed.end();
  assertEquals(await Array.fromAsync(early), ["b"]);
  assertEquals(await Array.fromAsync(feed.read()), ["a", "b"]);
});

Deno.test("Feed keeps 10 000 entries for a late reader, and everything for an early one", async () => {
  const feed = new Feed<number>();
  feed.push(0);
  const early = feed.read();
  await early.next();
  for (let entry = 1; entry <= 10_004; entry++) feed.push(entry);
  feed.end();
  const late = await Array.fromAsync(feed.read());
  assertEquals([late.length, late[0], late.at(-1)], [10_000, 5, 10_004]);
  const rest = await Array.fromAsync(early);
  assertEquals([rest.length, rest[0]], [10_004, 1]);
});

Deno.test("Feed.push() after the end reaches nobody", async () => {
  const feed = new Feed<number>();
  feed.end();
  feed.push(1);
  assertEquals(await Array.fromAsync(feed.read()), []);
});
