/** What the tests of the outboxes share. */
import type { Outbox, OutboxMessage } from "../../src/client/outbox.ts";
import {
  kvOutbox,
  type KvOutboxOptions,
  memoryOutbox,
  type OutboxLimits,
} from "../../src/outbox/mod.ts";
import { tempFolder } from "../_kit/temp.ts";

/** A message that is like no other with another number. */
export function message(number: number, size = 8): OutboxMessage {
  const payload = new Uint8Array(size);
  for (let i = 0; i < size; i++) payload[i] = number * 31 + i * 7;
  return { topic: `topic/é/${number}`, payload, qos: number % 2 ? 1 : 2, retain: number % 3 === 0 };
}

/** An outbox that is open. */
export async function opened(options: KvOutboxOptions): Promise<ReturnType<typeof kvOutbox>> {
  const outbox = kvOutbox(options);
  await outbox.open();
  return outbox;
}

/** Adds these, all at once. */
export function addAll(outbox: Outbox, messages: readonly OutboxMessage[]): Promise<number[]> {
  return Promise.all(messages.map((one) => outbox.add(one)));
}

/** The sequences of all there is. */
export async function sequences(outbox: Outbox): Promise<number[]> {
  return (await outbox.read(0, 1_000_000)).map(({ sequence }) => sequence);
}

/** What every outbox has to keep is tested with each of them. */
export function testEach(
  name: string,
  check: (make: (limits?: OutboxLimits) => Promise<Outbox>) => Promise<void>,
): void {
  Deno.test(`memoryOutbox() ${name}`, async () => {
    await check(async (limits) => {
      const outbox = memoryOutbox(limits);
      await outbox.open();
      return outbox;
    });
  });
  Deno.test(`kvOutbox() ${name}`, async () => {
    await using folder = await tempFolder();
    let made = 0;
    await check((limits) => opened({ ...limits, path: folder.file(`${made++}.db`) }));
  });
}
