import { assert, assertEquals } from "@std/assert";
import { WriteLoop } from "../../src/client/write_loop.ts";
import type { Packet } from "../../src/codec/mod.ts";
import { settled, VirtualClock } from "../_kit/virtual_clock.ts";

const PING: Packet = { type: "pingreq" };
const PING_SIZE = 2;

/** A clock whose turns of the event loop end when a test says so. */
class TurnClock extends VirtualClock {
  #callbacks: (() => void)[] = [];

  override soon(callback: () => void): void {
    this.#callbacks.push(callback);
  }

  async turn(): Promise<void> {
    for (const callback of this.#callbacks.splice(0)) callback();
    await settled();
  }
}

/** A write loop, what it has written, and what it told. */
class Bench {
  readonly clock = new TurnClock();
  readonly writes: number[] = [];
  readonly told: unknown[] = [];
  /** Done at once, unless a test holds it up. */
  pending: Promise<void> | undefined;
  readonly loop: WriteLoop;

  constructor() {
    const connection = {
      read: () => Promise.resolve(null),
      write: async (bytes: Uint8Array) => {
        await this.pending;
        this.writes.push(bytes.length);
      },
      close() {},
    };
    this.loop = new WriteLoop({ connection, clock: this.clock }, {
      progressed: (count) => this.told.push(count),
      drained: () => this.told.push("drained"),
      failed: (error) => this.told.push(error),
    });
  }
}

function publish(size: number): Packet {
  const payload = new Uint8Array(size);
  return { type: "publish", topic: "t", payload, qos: 0, retain: false, dup: false };
}

Deno.test("WriteLoop writes once what is sent in one turn of the event loop, however many promises lie between", async () => {
  const bench = new Bench();
  for (let i = 0; i < 3; i++) {
    bench.loop.send(PING);
    await settled();
  }
  assertEquals(bench.writes, []);
  await bench.clock.turn();
  assertEquals(bench.writes, [3 * PING_SIZE]);
  assertEquals(bench.told, [3 * PING_SIZE, "drained"]);
});

Deno.test("WriteLoop does not wait for the turn to end once there is enough for a write", async () => {
  const bench = new Bench();
  for (let i = 0; i < 100; i++) {
    bench.loop.send(publish(1000));
    await settled();
  }
  assertEquals(bench.writes.length, 1, "60 KiB and a little more");
  assert(bench.writes.every((size) => size > 60 * 1024 && size <= 64 * 1024), `${bench.writes}`);
  await bench.clock.turn();
  assertEquals(bench.writes.length, 2);
});

Deno.test("WriteLoop gathers what is sent while a write is pending", async () => {
  const bench = new Bench();
  const { promise, resolve } = Promise.withResolvers<void>();
  bench.pending = promise;
  bench.loop.send(PING);
  await bench.clock.turn();
  for (let i = 0; i < 5; i++) bench.loop.send(PING);
  await bench.clock.turn();
  assertEquals(bench.writes, []);
  resolve();
  await settled();
  await bench.clock.turn();
  assertEquals(bench.writes, [PING_SIZE, 5 * PING_SIZE]);
});

Deno.test("WriteLoop.isFull asks publishers to wait until what has gathered is written, which flushed() waits for", async () => {
  const bench = new Bench();
  const { promise, resolve } = Promise.withResolvers<void>();
  bench.pending = promise;
  bench.loop.send(PING);
  await bench.clock.turn();
  for (let i = 0; i < 300; i++) bench.loop.send(publish(1000));
  assert(bench.loop.isFull);
  resolve();
  await bench.loop.flushed();
  assertEquals([bench.loop.isFull, bench.told.at(-1)], [false, "drained"]);
});

Deno.test("WriteLoop tells of a write that failed, and writes nothing more", async () => {
  const bench = new Bench();
  const error = new Error("broken");
  bench.pending = Promise.reject(error);
  bench.loop.send(PING);
  await bench.clock.turn();
  assertEquals(bench.told, [error]);
  bench.loop.send(PING);
  await bench.clock.turn();
  assertEquals(bench.writes, []);
});
