import { assertEquals, assertStrictEquals } from "@std/assert";
import { type MqttClientEvents, StateChangeEvent, TypedEventTarget } from "../../src/client/mod.ts";
import { publishAll, type Publisher } from "../../src/cli/publish_all.ts";
import { ConnectionLostError } from "../../src/errors.ts";

const lost = new ConnectionLostError("CONNECTION_LOST", { what: "a", why: "b", remedy: "c" });

/** A server that acknowledges when the test says so. */
class ManualServer implements Publisher {
  readonly connection = new TypedEventTarget<MqttClientEvents>();
  readonly waiting: PromiseWithResolvers<void>[] = [];
  most = 0;

  publish(): Promise<void> {
    const waiter = Promise.withResolvers<void>();
    this.waiting.push(waiter);
    this.most = Math.max(this.most, this.waiting.length);
    return waiter.promise;
  }

  acknowledge(count = this.waiting.length): void {
    for (const { resolve } of this.waiting.splice(0, count)) resolve();
  }

  lose(): void {
    for (const { reject } of this.waiting.splice(0)) reject(lost);
    this.connection.dispatchEvent(
      new StateChangeEvent({ oldState: "connected", newState: "disconnected", cause: lost }),
    );
  }
}

async function* messages(count: number): AsyncGenerator<Uint8Array, void> {
  for (let i = 0; i < count; i++) yield Uint8Array.of(i);
}

/** A source that never ends by itself. */
function endless(signal: AbortSignal): AsyncIterable<Uint8Array> {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(Uint8Array.of(1));
      signal.addEventListener("abort", () => controller.close());
    },
  });
  return stream;
}

const calm = new AbortController().signal;
const turn = () => new Promise<void>((resolve) => setTimeout(resolve));

Deno.test("publishAll() has many messages under way and waits for the last acknowledgement", async () => {
  const server = new ManualServer();
  const tally = publishAll(server, () => messages(100), { signal: calm });
  while (server.waiting.length < 100) await turn();
  server.acknowledge();
  assertEquals(await tally, { sent: 100, settled: 100 });
});

Deno.test("publishAll() reads no faster than the server acknowledges", async () => {
  const server = new ManualServer();
  const tally = publishAll(server, () => messages(10_000), { signal: calm });
  let isDone = false;
  void tally.then(() => isDone = true);
  while (!isDone) {
    await turn();
    server.acknowledge();
  }
  assertEquals(await tally, { sent: 10_000, settled: 10_000 });
  assertEquals(server.most <= 2000, true, `${server.most} under way`);
});

Deno.test("publishAll() ends with the failure of a message and counts the others", async () => {
  const server = new ManualServer();
  const tally = publishAll(server, () => messages(3), { signal: calm });
  while (server.waiting.length < 3) await turn();
  server.acknowledge(1);
  server.lose();
  const { sent, settled, failure } = await tally;
  assertEquals([sent, settled], [3, 1]);
  assertStrictEquals(failure, lost);
});

Deno.test("publishAll() notices a lost connection while it waits for input", async () => {
  const server = new ManualServer();
  const tally = publishAll(server, endless, { signal: calm });
  while (server.waiting.length < 1) await turn();
  server.acknowledge();
  server.lose();
  const { sent, settled, failure } = await tally;
  assertEquals([sent, settled], [1, 1]);
  assertStrictEquals(failure, lost);
});

Deno.test("publishAll() ends when it is interrupted, after a moment for acknowledgements", async () => {
  const server = new ManualServer();
  const controller = new AbortController();
  const tally = publishAll(server, endless, { signal: controller.signal });
  while (server.waiting.length < 1) await turn();
  const reason = new Error("enough");
  controller.abort(reason);
  await turn();
  server.acknowledge();
  const { sent, settled, failure } = await tally;
  assertEquals([sent, settled], [1, 1]);
  assertStrictEquals(failure, reason);
});

Deno.test("publishAll() does not count as sent what was refused before anything was written", async () => {
  for (const failure of [new RangeError("too large"), new TypeError("no text")]) {
    const publisher = {
      connection: new TypedEventTarget<MqttClientEvents>(),
      publish: () => Promise.reject(failure),
    };
    const tally = await publishAll(publisher, () => messages(1), { signal: calm });
    assertEquals(tally, { sent: 0, settled: 0, failure });
  }
});

Deno.test("publishAll() sends nothing when it is interrupted before it begins", async () => {
  const server = new ManualServer();
  const { sent, failure } = await publishAll(server, () => messages(3), {
    signal: AbortSignal.abort("enough"),
  });
  assertEquals([sent, failure], [0, "enough"]);
});
