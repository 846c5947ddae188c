import { assert, assertEquals, assertRejects } from "@std/assert";
import { FaultProxy, type FaultRule } from "./fault_proxy.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** A client and a server that talk through a proxy, byte for byte. */
class Line implements AsyncDisposable {
  readonly proxy: FaultProxy;
  readonly client: Deno.TcpConn;
  readonly server: Deno.TcpConn;
  readonly #listener: Deno.TcpListener;

  private constructor(
    parts: Pick<Line, "proxy" | "client" | "server">,
    listener: Deno.TcpListener,
  ) {
    ({ proxy: this.proxy, client: this.client, server: this.server } = parts);
    this.#listener = listener;
  }

  static async open(...faults: FaultRule[]): Promise<Line> {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const proxy = await FaultProxy.start({ target: { port: listener.addr.port }, seed: 7 });
    for (const fault of faults) proxy.inflict(fault);
    const client = await Deno.connect({ hostname: "127.0.0.1", port: proxy.port });
    const server = await listener.accept();
    return new Line({ proxy, client, server }, listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    this.server.close();
    this.#listener.close();
    await this.proxy[Symbol.asyncDispose]();
    assertEquals(this.proxy.open, 0);
  }
}

const TEN = Uint8Array.from({ length: 10 }, (_, i) => i);

/** Exactly so many bytes. */
async function take(conn: Deno.Conn, count: number): Promise<number[]> {
  const got: number[] = [];
  const buffer = new Uint8Array(64);
  while (got.length < count) {
    const read = await conn.read(buffer.subarray(0, count - got.length));
    if (read === null) break;
    got.push(...buffer.subarray(0, read));
  }
  return got;
}

/** All bytes until the end of the stream. */
function drain(conn: Deno.Conn): Promise<number[]> {
  return take(conn, Infinity);
}

Deno.test("FaultProxy carries bytes both ways, and the end of each way by itself", async () => {
  await using line = await Line.open();
  await line.client.write(TEN);
  await line.client.closeWrite();
  assertEquals(await drain(line.server), [...TEN]);
  await line.server.write(TEN.subarray(0, 3));
  await line.server.closeWrite();
  assertEquals(await drain(line.client), [0, 1, 2]);
  assertEquals(line.proxy.accepted, 1);
});

Deno.test("FaultProxy slices: the bytes stay the same", async () => {
  const bytes = new Uint8Array(5000).map((_, i) => i);
  let pieces = 0;
  await using line = await Line.open({ kind: "slice", size: 3, direction: "toServer" });
  await line.client.write(bytes);
  await line.client.closeWrite();
  const got: number[] = [];
  const buffer = new Uint8Array(64 * 1024);
  for (let n = await line.server.read(buffer); n !== null; n = await line.server.read(buffer)) {
    pieces++;
    got.push(...buffer.subarray(0, n));
  }
  assertEquals(got, [...bytes]);
  assert(pieces > 10, `${pieces} pieces`);
});

Deno.test("FaultProxy corrupts one byte, at its place", async () => {
  await using line = await Line.open(
    { kind: "corrupt", direction: "toServer", after: 4, mask: 0x80 },
    { kind: "corrupt", direction: "toClient" },
  );
  await line.client.write(TEN);
  assertEquals(await take(line.server, 10), [0, 1, 2, 3, 0x84, 5, 6, 7, 8, 9]);
  await line.server.write(TEN);
  assertEquals((await take(line.client, 10)).slice(0, 2), [0xff, 1]);
});

Deno.test("FaultProxy duplicates a piece", async () => {
  await using line = await Line.open({ kind: "duplicate", direction: "toServer", after: 8 });
  await line.client.write(TEN);
  assertEquals(await take(line.server, 12), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 9]);
});

Deno.test("FaultProxy truncates: the rest is lost, both ends see the end of the stream", async () => {
  await using line = await Line.open({ kind: "truncate", direction: "toServer", after: 4 });
  await line.client.write(TEN);
  assertEquals(await drain(line.server), [0, 1, 2, 3]);
  assertEquals(await drain(line.client), []);
});

Deno.test("FaultProxy half-closes: one direction ends, the other goes on", async () => {
  await using line = await Line.open({ kind: "halfClose", direction: "toClient", after: 2 });
  await line.server.write(TEN);
  assertEquals(await drain(line.client), [0, 1]);
  await line.client.write(TEN);
  assertEquals(await take(line.server, 10), [...TEN]);
});

Deno.test("FaultProxy resets both ends, at a byte or at once", async () => {
  {
    await using line = await Line.open({ kind: "reset", direction: "toServer", after: 10 });
    await line.client.write(TEN);
    await assertRejects(() => drain(line.client), Deno.errors.ConnectionReset);
    await assertRejects(() => drain(line.server), Deno.errors.ConnectionReset);
  }
  await using line = await Line.open();
  line.proxy.inflict({ kind: "reset", direction: "toClient" });
  await assertRejects(() => drain(line.client), Deno.errors.ConnectionReset);
});

Deno.test("FaultProxy swallows what goes into a black hole, the end of the stream too", async () => {
  await using line = await Line.open({ kind: "blackhole", direction: "toServer", after: 4 });
  await line.client.write(TEN);
  assertEquals(await take(line.server, 4), [0, 1, 2, 3]);
  await line.client.write(TEN);
  await line.client.closeWrite();
  const more = line.server.read(new Uint8Array(1));
  // The other direction goes on: whatever had been on its way would have come before this.
  await line.server.write(TEN);
  assertEquals(await take(line.client, 10), [...TEN]);
  assertEquals(await Promise.race([more, Promise.resolve("silence")]), "silence");
  line.proxy.resetAll();
  await assertRejects(() => more, Deno.errors.ConnectionReset);
});

Deno.test("FaultProxy holds bytes back until it is let go on, by promise, by clock or by round trips", async () => {
  const gate = Promise.withResolvers<void>();
  const clock = new VirtualClock();
  const waits: [FaultRule, (line: Line) => Promise<unknown> | void][] = [
    [{ kind: "hold", until: gate.promise, direction: "toServer", after: 2 }, () => gate.resolve()],
    [
      { kind: "delay", ms: 5000, clock, direction: "toServer", after: 2 },
      () => clock.advance(5000),
    ],
    [
      { kind: "delay", roundTrips: 2, direction: "toServer", after: 2 },
      async (line) => {
        for (const byte of [1, 2]) {
          await line.server.write(new Uint8Array([byte]));
          assertEquals(await take(line.client, 1), [byte]);
        }
      },
    ],
  ];
  for (const [fault, letGoOn] of waits) {
    await using line = await Line.open(fault);
    await line.client.write(TEN);
    assertEquals(await take(line.server, 2), [0, 1]);
    const rest = take(line.server, 8);
    assertEquals(await Promise.race([rest, Promise.resolve("silence")]), "silence");
    await letGoOn(line);
    assertEquals(await rest, [2, 3, 4, 5, 6, 7, 8, 9]);
  }
});

Deno.test("FaultProxy lets go of a connection whose bytes it holds for ever", async () => {
  await using line = await Line.open({
    kind: "hold",
    until: new Promise(() => {}),
    direction: "toServer",
  });
  await line.client.write(TEN);
});

Deno.test("FaultProxy refuses connections when told to, and takes them again", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using proxy = await FaultProxy.start({ target: { port: listener.addr.port } });
  const { port } = proxy;
  proxy.stopAccepting();
  await assertRejects(
    () => Deno.connect({ hostname: "127.0.0.1", port }),
    Deno.errors.ConnectionRefused,
  );
  await proxy.acceptAgain();
  using _client = await Deno.connect({ hostname: "127.0.0.1", port });
  using _server = await listener.accept();
  assertEquals(proxy.port, port);
});

Deno.test("FaultProxy resets a connection whose target is not there", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await using proxy = await FaultProxy.start({ target: { port } });
  using client = await Deno.connect({ hostname: "127.0.0.1", port: proxy.port });
  await assertRejects(() => client.read(new Uint8Array(1)), Deno.errors.ConnectionReset);
});

Deno.test("FaultProxy does by chance the same for the same seed, and only to the connection that is meant", async () => {
  const runs: string[][] = [];
  for (const seed of [3, 3, 4]) {
    const fired: string[] = [];
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await using proxy = await FaultProxy.start({
      target: { port: listener.addr.port },
      seed,
      onFault: ({ kind }, { connection, at }) => fired.push(`${kind} ${connection}:${at}`),
    });
    proxy.inflict({ kind: "corrupt", direction: "toServer", chance: 0.4, connection: 1 });
    for (let n = 0; n < 2; n++) {
      using client = await Deno.connect({ hostname: "127.0.0.1", port: proxy.port });
      using server = await listener.accept();
      for (let turn = 0; turn < 20; turn++) {
        await client.write(TEN);
        await take(server, 10);
      }
    }
    runs.push(fired);
  }
  assert(runs[0]?.every((line) => line.startsWith("corrupt 1:")));
  assert((runs[0]?.length ?? 0) > 2);
  assertEquals(runs[0], runs[1]);
  assert(String(runs[0]) !== String(runs[2]));
});

Deno.test("FaultProxy spares the connections that come after it was healed", async () => {
  await using line = await Line.open({ kind: "corrupt", direction: "toServer" });
  line.proxy.heal();
  await line.client.write(TEN);
  assertEquals((await take(line.server, 10))[0], 0xff, "this one was open before");
  line.proxy.resetAll();
});
