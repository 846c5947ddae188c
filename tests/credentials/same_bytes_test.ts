import { assert, assertFalse } from "@std/assert";
import { sameBytes } from "../../src/credentials/same_bytes.ts";

Deno.test("sameBytes() compares length and content", () => {
  const bytes = Uint8Array.of(1, 2);
  assert(sameBytes(bytes, Uint8Array.of(1, 2)));
  for (const other of [[1], [1, 3], [1, 2, 3]]) {
    assertFalse(sameBytes(bytes, Uint8Array.from(other)));
  }
  assertFalse(sameBytes(bytes, undefined));
});
