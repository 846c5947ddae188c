import { assertEquals, assertNotEquals } from "@std/assert";
import { makePayloads, PAYLOADS, Tally, tallyOf, TOPIC, WINDOW } from "./contestants/messages.mjs";

function tally(payloads: readonly Uint8Array[]): Tally {
  const tally = new Tally();
  for (const payload of payloads) tally.note(TOPIC, payload);
  return tally;
}

Deno.test("makePayloads() makes as many different ones as it says, and a window is some times as many", () => {
  const payloads = makePayloads(64);
  assertEquals(new Set(payloads.map(String)).size, PAYLOADS);
  assertEquals(payloads.map(({ length }) => length), Array(PAYLOADS).fill(64));
  assertEquals(WINDOW % PAYLOADS, 0);
});

Deno.test("tallyOf() is what all messages come to, over and over", () => {
  const payloads = makePayloads(8);
  assertEquals(tallyOf(PAYLOADS + 1, 8), tally([...payloads, ...payloads.slice(0, 1)]));
});

Deno.test("Tally notices a message that is missing, doubled, swapped with another or of another size", () => {
  const payloads = makePayloads(8);
  const [first = new Uint8Array(), second = new Uint8Array(), ...others] = payloads;
  const broken = [
    [first, ...others],
    [first, first, second, ...others],
    [second, first, ...others],
    [first, second.subarray(1), ...others],
  ];
  for (const each of broken) assertNotEquals(tally(each).sum, tally(payloads).sum);
});
