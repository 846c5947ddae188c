import { assertEquals, assertRejects } from "@std/assert";
import { ConnectionLostError } from "../../src/errors.ts";
import { memoryPair } from "../../src/transport/mod.ts";

Deno.test("memoryPair() carries bytes in order, in pieces as small as the reader wants", async () => {
  const [near, far] = memoryPair();
  await near.write(new Uint8Array([1, 2, 3]));
  await near.write(new Uint8Array([4]));
  const buffer = new Uint8Array(2);
  const got: number[] = [];
  for (let count = 0; got.length < 4; got.push(...buffer.subarray(0, count))) {
    count = await far.read(buffer) ?? 0;
  }
  assertEquals(got, [1, 2, 3, 4]);
});

Deno.test("memoryPair() wakes a reader that waits", async () => {
  const [near, far] = memoryPair();
  const buffer = new Uint8Array(4);
  const reading = far.read(buffer);
  await near.write(new Uint8Array([7]));
  assertEquals([await reading, buffer[0]], [1, 7]);
});

Deno.test("memoryPair() ends at the other end when one is closed, after what was written", async () => {
  const [near, far] = memoryPair();
  await near.write(new Uint8Array([1]));
  near.close();
  assertEquals(await far.read(new Uint8Array(4)), 1);
  assertEquals(await far.read(new Uint8Array(4)), null);
});

Deno.test("memoryPair() fails calls at an end that was closed, pending ones too", async () => {
  const [near] = memoryPair();
  const reading = assertRejects(() => near.read(new Uint8Array(4)), ConnectionLostError);
  near.close();
  assertEquals((await reading).code, "CONNECTION_CLOSED");
  await assertRejects(() => near.write(new Uint8Array(1)), ConnectionLostError);
});
