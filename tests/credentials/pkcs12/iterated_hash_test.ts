import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import {
  type Digest,
  digests,
  iterateHash,
} from "../../../src/credentials/pkcs12/iterated_hash.ts";

const names = Object.keys(digests) as Digest[];

for (const algorithm of names) {
  Deno.test(`iterateHash() with ${algorithm} agrees with the runtime, round after round`, () => {
    const start = new Uint8Array(digests[algorithm].size).map((_, i) => 255 - i);
    let expected: Uint8Array = start;
    for (let rounds = 0; rounds <= 50; rounds++) {
      assertEquals(iterateHash(start, { algorithm, rounds }), new Uint8Array(expected));
      expected = createHash(algorithm).update(expected).digest();
    }
  });
}

Deno.test("iterateHash() leaves its input alone", () => {
  const start = new Uint8Array(32).fill(9);
  iterateHash(start, { algorithm: "sha256", rounds: 3 });
  assertEquals(start, new Uint8Array(32).fill(9));
});

Deno.test("digests knows the sizes", () => {
  for (const algorithm of names) {
    assertEquals(createHash(algorithm).digest().length, digests[algorithm].size);
  }
});
