/**
 * Kills a program that uses an outbox, again and again, and looks whether the outbox has what it said.
 *
 * `CRASHES=200 deno test -A tests/outbox/kv_outbox_crash_test.ts` does it more often.
 */
import { assert, assertEquals } from "@std/assert";
import { randomFrom, SEED } from "../_kit/seed.ts";
import { tempFolder } from "../_kit/temp.ts";
import { crash, CRASHES } from "./_crash.ts";
import { message, opened } from "./_outboxes.ts";

const PROGRAM = new URL("./_outbox_program.ts", import.meta.url).pathname;

/** What a program said before it was killed, and what has to be so from then on. */
class Ledger {
  /** The numbers of messages that were stored, by their sequence. */
  readonly stored = new Map<number, number>();
  /** May be gone. */
  readonly asked = new Set<number>();
  /** Are gone. */
  readonly removed = new Set<number>();
  next = 0;

  note(line: string): void {
    const [sign, first, second] = line.split(" ");
    if (sign === "+") {
      this.stored.set(Number(second), Number(first));
      this.next = Math.max(this.next, Number(first) + 1);
    } else if (sign === "?") this.asked.add(Number(first));
    else if (sign === "-") this.removed.add(Number(first));
    else throw new Error(`The program said: ${line}`);
  }
}

/** The numbers of the messages there, after everything about them was checked. */
async function check(path: string, ledger: Ledger): Promise<void> {
  await using outbox = await opened({ path });
  const found = new Map<number, number>();
  let bytes = 0;
  for (let after = 0;;) {
    const batch = await outbox.read(after, 500);
    if (batch.length === 0) break;
    for (const { sequence, ...rest } of batch) {
      const number = Number(rest.topic.split("/").at(-1));
      assertEquals(rest, message(number, rest.payload.length));
      assert(sequence > after, "the order was kept");
      found.set(sequence, number);
      after = sequence;
      bytes += rest.payload.length;
    }
  }
  assertEquals([outbox.count, outbox.bytes], [found.size, bytes]);
  assertEquals([...found.values()], [...found.values()].toSorted((a, b) => a - b));
  for (const [sequence, number] of ledger.stored) {
    if (!ledger.asked.has(sequence)) assertEquals(found.get(sequence), number, `lost ${sequence}`);
  }
  for (const sequence of ledger.removed) assert(!found.has(sequence), `${sequence} is back`);
  ledger.next = Math.max(ledger.next, ...found.values().map((number) => number + 1));
}

Deno.test({
  name:
    `kvOutbox() has what it said it stored after each of ${CRASHES} kills, and nothing that it said was gone`,
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await tempFolder();
    const random = randomFrom(SEED);
    let path = "";
    let ledger = new Ledger();
    for (let i = 0; i < CRASHES; i++) {
      if (i % 10 === 0) {
        path = folder.file(`outbox${i}.db`);
        ledger = new Ledger();
      }
      const seed = Math.floor(random() * 2 ** 31);
      // Sometimes it is killed when it has hardly begun.
      const bytes = random() < 0.2 ? 1 : Math.floor(random() * 60_000);
      const args = [PROGRAM, "fill", path, `${seed}`, `${ledger.next}`];
      await crash(args, { bytes, note: (line) => ledger.note(line) });
      await check(path, ledger);
    }
  },
});
