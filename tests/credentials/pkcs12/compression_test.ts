import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import {
  compressSha1,
  compressSha256,
  sha1Start,
  sha256Start,
} from "../../../src/credentials/pkcs12/compression.ts";

/** Hashes a text that fits one block, padded as FIPS 180-4 section 5.1.1 says. */
function hash(
  text: string,
  start: Int32Array,
  compress: (schedule: Int32Array, state: Int32Array) => void,
): string {
  const block = new Uint8Array(64);
  const { written } = new TextEncoder().encodeInto(text, block);
  block[written] = 0x80;
  const view = new DataView(block.buffer);
  view.setUint32(60, 8 * written);
  const schedule = new Int32Array(80);
  for (let i = 0; i < 16; i++) schedule[i] = view.getInt32(4 * i);
  const state = start.slice();
  compress(schedule, state);
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

Deno.test("compressSha1() and compressSha256() give the digests of FIPS 180-4 for abc", () => {
  assertEquals(hash("abc", sha1Start, compressSha1), "a9993e364706816aba3e25717850c26c9cd0d89d");
  assertEquals(
    hash("abc", sha256Start, compressSha256),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

Deno.test("compressSha1() and compressSha256() agree with the runtime on every length of one block", () => {
  for (let length = 0; length < 56; length++) {
    const text = "\u007f".repeat(length);
    const expected = (name: string) => createHash(name).update(text).digest("hex");
    assertEquals(hash(text, sha1Start, compressSha1), expected("sha1"));
    assertEquals(hash(text, sha256Start, compressSha256), expected("sha256"));
  }
});
