import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import type { Message } from "../../src/client/mod.ts";
import { readFlags } from "../../src/cli/read_flags.ts";
import { interrupted } from "../../src/cli/interruption.ts";
import { OutputClosedError } from "../../src/cli/io.ts";
import {
  printMessages,
  readReceiving,
  RECEIVE_FLAGS,
  type Source,
} from "../../src/cli/receiving.ts";
import { DeadlineError } from "../../src/errors.ts";
import { FakeIo } from "./_fake_io.ts";

const table = { ...RECEIVE_FLAGS, json: { about: "" } };

/** So many messages, and then none until it is closed. */
class FakeSource implements Source<Message> {
  readonly messages: ReadableStream<Message>;
  isClosed = false;
  #end = () => {};

  constructor(count: number) {
    this.messages = new ReadableStream({
      start: (controller) => {
        for (let i = 0; i < count; i++) controller.enqueue(message(`${i}`));
        this.#end = () => controller.close();
      },
      cancel: () => {
        this.#end = () => {};
      },
    });
  }

  close(): Promise<void> {
    if (!this.isClosed) this.#end();
    this.isClosed = true;
    return Promise.resolve();
  }
}

function message(text: string): Message {
  const payload = new TextEncoder().encode(text);
  return { type: "publish", topic: "t", payload, qos: 0, retain: false, dup: false };
}

function receive(source: Source<Message>, io: FakeIo, { args }: { args: string[] }): Promise<void> {
  return printMessages(source, readReceiving(readFlags(args, table), io), { io });
}

Deno.test("printMessages() ends after so many messages", async () => {
  const [source, io] = [new FakeSource(5), new FakeIo()];
  await receive(source, io, { args: ["-C", "3"] });
  assertEquals(io.stdout, "0\n1\n2\n");
  assertEquals(source.isClosed, true);
});

Deno.test("printMessages() ends with a DeadlineError when the time is over", async () => {
  const [source, io] = [new FakeSource(1), new FakeIo()];
  const error = await assertRejects(
    () => receive(source, io, { args: ["-W", "0.02", "-v"] }),
    DeadlineError,
  );
  assertEquals(io.stdout, "t 0\n");
  assertEquals(error.why, "-W said so; 1 messages came");
});

Deno.test("printMessages() ends when it is interrupted, before or while it waits", async () => {
  const reason = interrupted();
  const early = new FakeIo();
  early.interrupt(reason);
  const io = new FakeIo();
  const waiting = receive(new FakeSource(0), io, { args: [] });
  io.interrupt(reason);
  for (const ending of [waiting, receive(new FakeSource(0), early, { args: [] })]) {
    assertStrictEquals(await assertRejects(() => ending), reason);
  }
});

Deno.test("printMessages() closes the connection when nobody reads its output any more", async () => {
  const [source, io] = [new FakeSource(2), new FakeIo()];
  io.print = () => {
    throw new OutputClosedError();
  };
  await assertRejects(() => receive(source, io, { args: [] }), OutputClosedError);
  assertEquals(source.isClosed, true);
});

Deno.test("printMessages() prints what else is to be said of a message", async () => {
  const [source, io] = [new FakeSource(1), new FakeIo()];
  const described: Source<Message> = {
    messages: source.messages,
    close: () => source.close(),
    describe: () => ({ properties: { a: "b" } }),
  };
  await receive(described, io, { args: ["--json", "-C", "1"] });
  assertEquals(JSON.parse(io.stdout).properties, { a: "b" });
});
