import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Outlet } from "./outlet.ts";

const BYTES = Uint8Array.from({ length: 200_000 }, (_, index) => index * 31 % 128);

function checksumOf(bytes: Uint8Array, sizes: readonly number[]): number {
  const outlet = new Outlet();
  let at = 0;
  for (const size of sizes) outlet.write(bytes.subarray(at, at += size));
  outlet.write(bytes.subarray(at));
  return outlet.checksum;
}

Deno.test("Outlet.checksum is the same wherever the bytes are cut", () => {
  const whole = checksumOf(BYTES, []);
  assertEquals(checksumOf(BYTES, [1, 65_520, 1, 70_000]), whole);
  const text = new Outlet();
  text.writeText(new TextDecoder().decode(BYTES));
  assertEquals(text.checksum, whole);
});

Deno.test("Outlet.checksum tells of a byte too few, and of another one in its places", () => {
  const whole = checksumOf(BYTES, []);
  assertNotEquals(checksumOf(BYTES.subarray(1), []), whole);
  assertNotEquals(checksumOf(BYTES.with(65_521, 255), []), whole);
});

Deno.test("Outlet compares every byte with those that are told", () => {
  const outlet = new Outlet(BYTES);
  outlet.write(BYTES.subarray(0, 10));
  const wrong = BYTES.slice(10, 20).with(3, 200);
  assertThrows(() => outlet.write(wrong), Error, "Byte 13 is 200, not 19");
});
