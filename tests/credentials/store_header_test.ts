import { assert, assertEquals, assertFalse } from "@std/assert";
import { LEAST_COST } from "../../src/credentials/sealing.ts";
import { createHeader, unlockHeader } from "../../src/credentials/store_header.ts";

const SECRET = new TextEncoder().encode("low tide");

Deno.test("unlockHeader() opens what createHeader() made: same id, same data key", async () => {
  const { header, vault } = await createHeader(SECRET, LEAST_COST);
  const unlocked = await unlockHeader(header, SECRET);
  assert(unlocked);
  assertEquals(unlocked.id, vault.id);
  const sealed = await vault.sealer.seal(SECRET, header);
  assertEquals(await unlocked.sealer.open(sealed, header), SECRET);
});

Deno.test("createHeader() makes another id, salt and key every time", async () => {
  const one = await createHeader(SECRET, LEAST_COST);
  const other = await createHeader(SECRET, LEAST_COST);
  assertFalse(one.vault.id === other.vault.id);
  for (const [start, end] of [[29, 45], [45, 57], [57, 105]]) {
    assertFalse(
      one.header.slice(start, end).toBase64() === other.header.slice(start, end).toBase64(),
    );
  }
});

Deno.test("unlockHeader() answers undefined for a wrong passphrase", async () => {
  const { header } = await createHeader(SECRET, LEAST_COST);
  assertEquals(await unlockHeader(header, SECRET.slice(1)), undefined);
});

Deno.test("unlockHeader() answers undefined for a header with any byte changed", async () => {
  const { header } = await createHeader(SECRET, LEAST_COST);
  for (let i = 0; i < header.length; i++) {
    // The lowest bits of the cost would only make this slow: the test below has them.
    if (i >= 17 && i < 29) continue;
    const changed = header.slice();
    changed[i] = (changed[i] ?? 0) ^ 0x80;
    assertEquals(await unlockHeader(changed, SECRET), undefined);
  }
});

Deno.test("unlockHeader() answers undefined for another cost within the limits", async () => {
  const { header } = await createHeader(SECRET, LEAST_COST);
  const changed = header.slice();
  new DataView(changed.buffer).setUint32(21, 2);
  assertEquals(await unlockHeader(changed, SECRET), undefined);
});

Deno.test("unlockHeader() does no work for a cost above the limits", async () => {
  const { header } = await createHeader(SECRET, LEAST_COST);
  const view = new DataView(header.buffer);
  view.setUint32(17, 1024 * 1024);
  view.setUint32(21, 0x7fffffff);
  assertEquals(await unlockHeader(header, SECRET), undefined);
});

Deno.test("unlockHeader() answers undefined for what is no header", async () => {
  const { header } = await createHeader(SECRET, LEAST_COST);
  for (const value of [null, "header", {}, new Uint8Array(0), header.slice(1), [...header]]) {
    assertEquals(await unlockHeader(value, SECRET), undefined);
  }
});
