/** close(), a signal, a lost connection at any time: at moments all over a day in the life of a client. */

import { assert, assertEquals } from "@std/assert";
import { type ClientState, MqttClient } from "../../src/client/mod.ts";
import { SEED } from "../_kit/seed.ts";
import { settled, VirtualClock } from "../_kit/virtual_clock.ts";
import { countedSignal } from "./_counted_signal.ts";
import { FlappingServer } from "./_flapping_server.ts";

/** Moments of the day, in microtasks from its beginning: every third, and others in the next run. */
const MOMENTS = Array.from({ length: 720 }, (_, n) => 3 * n + SEED % 3);

/** A client, its server, and everything that it was asked for. */
class Day {
  readonly clock = new VirtualClock();
  /** Answers in no time, but after others had their turn. */
  readonly server = new FlappingServer(this.clock, () => 0);
  readonly signal = countedSignal();
  readonly client = new MqttClient({
    transport: this.server,
    clock: this.clock,
    clientId: "d1",
    cleanSession: false,
    maximumInFlight: 3,
    reconnect: { random: () => 1, shouldRetry: () => true },
  });
  readonly states = new Set<ClientState>();
  readonly #calls: Promise<unknown>[] = [];

  constructor() {
    this.client.addEventListener("statechange", ({ newState }) => this.states.add(newState));
  }

  /** Connects, subscribes, publishes, receives, loses the connection and comes back. */
  async live(): Promise<void> {
    const { client, server, clock } = this;
    const { signal } = this.signal;
    this.#call(client.connect({ signal }));
    await clock.advance(0);
    this.#call(client.subscribe("down/#", { qos: 2, handler: () => settled(), signal }));
    for (const qos of [0, 1, 2, 1, 2] as const) {
      this.#call(client.publish("up", `${qos}`, { qos, signal }));
    }
    server.publish("a", 1);
    server.publish("b", 2);
    await clock.advance(0);
    server.drop();
    await settled();
    for (const qos of [1, 2] as const) this.#call(client.publish("up", `${qos}`, { qos, signal }));
    this.#call(client.unsubscribe("down/#", { signal }));
    this.#call(client.messages().next());
    await clock.advance(1000);
    server.drop();
    await clock.advance(500);
  }

  /** The same over again, until a moment; then `what` happens. */
  async until(microtasks: number, what: () => void): Promise<void> {
    const living = this.live();
    for (let turn = 0; turn < microtasks; turn++) await Promise.resolve();
    what();
    await living;
  }

  /** How many calls have not settled. */
  async pending(): Promise<number> {
    let pending = this.#calls.length;
    for (const call of this.#calls) void call.then(() => pending--);
    await settled();
    return pending;
  }

  #call(work: Promise<unknown>): void {
    this.#calls.push(work.catch(() => "an outcome, too"));
  }
}

Deno.test("MqttClient.close() at any time settles every call, leaves no timer and no listener, and lets the transport go", async () => {
  const states = new Set<ClientState>();
  for (const microtasks of MOMENTS) {
    const day = new Day();
    const closings: Promise<void>[] = [];
    await day.until(microtasks, () => {
      states.add(day.client.state);
      closings.push(day.client.close(), day.client.close());
    });
    await day.clock.advance(5000);
    await Promise.all(closings);
    // The day went on, and may have asked for a connection behind close().
    await Promise.all([day.client.close(), day.clock.advance(5000)]);
    assertEquals(
      {
        pending: await day.pending(),
        state: day.client.state,
        timers: day.clock.pending,
        open: day.server.open,
        listeners: day.signal.listeners(),
      },
      { pending: 0, state: "disconnected", timers: 0, open: 0, listeners: 0 },
      `closed after ${microtasks} microtasks`,
    );
  }
  for (const state of ["transportConnected", "connected", "reconnecting"] as const) {
    assert(states.has(state), state);
  }
});

Deno.test("MqttClient: a signal that aborts at any time settles every call that has it, and the client goes on", async () => {
  for (const microtasks of MOMENTS) {
    const day = new Day();
    await day.until(microtasks, () => day.signal.abort(new Error("enough")));
    assertEquals(day.signal.listeners(), 0);
    if (day.client.state === "disconnected") {
      await Promise.all([day.client.connect(), day.clock.advance(1000)]);
    }
    await day.clock.advance(10_000);
    assertEquals(day.client.state, "connected", `aborted after ${microtasks} microtasks`);
    await Promise.all([day.client.publish("up", "last", { qos: 2 }), day.clock.advance(1000)]);
    await Promise.all([day.client.close(), day.clock.advance(5000)]);
    assertEquals([await day.pending(), day.clock.pending, day.server.open], [0, 0, 0]);
  }
});

Deno.test("MqttClient: a connection that is lost at any time comes back, and every call comes to its end", async () => {
  for (const microtasks of MOMENTS) {
    const day = new Day();
    await day.until(microtasks, () => day.server.drop());
    if (day.client.state === "disconnected") {
      await Promise.all([day.client.connect(), day.clock.advance(1000)]);
    }
    await day.clock.advance(30_000);
    assertEquals(day.client.state, "connected", `lost after ${microtasks} microtasks`);
    const { received } = day.server;
    for (const text of new Set(received.filter((text) => text === "2"))) {
      assert(
        received.filter((other) => other === text).length <= 3,
        "as often as it was published",
      );
    }
    await Promise.all([day.client.close(), day.clock.advance(5000)]);
    assertEquals([await day.pending(), day.clock.pending, day.server.open], [0, 0, 0]);
  }
});

for (
  const state of [
    "transportConnecting",
    "transportConnected",
    "connected",
    "reconnecting",
    "disconnecting",
    "disconnected",
  ] as const
) {
  Deno.test(`MqttClient.close() may be called by a listener that hears of ${state}`, async () => {
    const day = new Day();
    const closings: Promise<void>[] = [];
    day.client.addEventListener("statechange", ({ newState }) => {
      if (newState === state) closings.push(day.client.close());
    });
    await day.live();
    await day.clock.advance(2000);
    await Promise.all([day.client.close(), day.clock.advance(5000)]);
    await Promise.all(closings);
    assert(closings.length > 0);
    assertEquals(
      [await day.pending(), day.client.state, day.clock.pending, day.server.open],
      [0, "disconnected", 0, 0],
    );
  });
}
