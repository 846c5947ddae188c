/** An hour of virtual time on a connection that drops every few seconds. */

import { assert, assertEquals } from "@std/assert";
import { type Message, MqttClient, type MqttClientOptions } from "../../src/client/mod.ts";
import { memoryOutbox } from "../../src/outbox/mod.ts";
import { randomFrom, SEED } from "../_kit/seed.ts";
import { VirtualClock } from "../_kit/virtual_clock.ts";
import { countedSignal } from "./_counted_signal.ts";
import { FlappingServer } from "./_flapping_server.ts";

const HOUR = 3_600_000;

function withoutCopies(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function atQos(qos: number, texts: readonly string[]): string[] {
  return texts.filter((text) => text.startsWith(`${qos} `));
}

/** What came of an hour. */
interface Outcome {
  server: FlappingServer;
  clock: VirtualClock;
  /** What the client was asked to publish, in order. */
  published: string[];
  /** What the server was asked to, and what the handlers were given. */
  sent: string[];
  handled: string[];
  /** What was promised to be delivered and is not, and what has listened for too long. */
  rejected: number;
  listeners: number;
  /** What the client still has in its hands. */
  held: number;
}

/** A client that publishes and receives for an hour, and then in peace until all is delivered. */
async function flap(options: Partial<MqttClientOptions>): Promise<Outcome> {
  const random = randomFrom(SEED);
  const clock = new VirtualClock();
  const server = new FlappingServer(clock, random);
  const client = new MqttClient({
    transport: server,
    clock,
    clientId: "d1",
    cleanSession: false,
    keepAliveSeconds: 10,
    maximumInFlight: 20,
    ...options,
  });
  const handled: string[] = [];
  /** Works for up to three seconds, on several messages at once. */
  const handler = ({ payload }: Message) => {
    handled.push(new TextDecoder().decode(payload));
    const { promise, resolve } = Promise.withResolvers<void>();
    clock.schedule(random() * 3000, resolve);
    return promise;
  };
  const { signal, listeners } = countedSignal();
  const connecting = client.connect({ signal });
  const subscribing = connecting.then(() =>
    client.subscribe("down/#", { qos: 2, handler, signal })
  );
  await clock.advance(3000);
  await subscribing;
  const outcome: Outcome = {
    server,
    clock,
    published: [],
    sent: [],
    handled,
    rejected: 0,
    listeners: 0,
    held: 0,
  };
  const waiting: Promise<void>[] = [];
  let nextDropAt = 0;
  for (let n = 0; clock.now() < HOUR; n++) {
    const qos = n % 3 as 0 | 1 | 2;
    const text = `${qos} ${n}`;
    // At QoS 0 there may be no connection, and that is that.
    if (qos === 0) void client.publish("up", text, { signal }).catch(() => {});
    else {
      outcome.published.push(text);
      waiting.push(
        client.publish("up", text, { qos, signal }).catch(() => void outcome.rejected++),
      );
      server.publish(text, qos);
      outcome.sent.push(text);
    }
    await clock.advance(random() * 2000);
    if (clock.now() < nextDropAt) continue;
    server.drop();
    server.isDown = random() < 0.1;
    nextDropAt = clock.now() + random() * 8000;
  }
  server.isDown = false;
  await clock.advance(300_000);
  await Promise.all(waiting);
  // Room for as many as may be in flight: nothing is left over there.
  const last = Array.from(
    { length: 20 },
    (_, n) => client.publish("up", `1 last ${n}`, { qos: 1 }),
  );
  await clock.advance(1000);
  outcome.published.push(...last.map((_, n) => `1 last ${n}`));
  await Promise.all(last);
  const closing = client.close();
  await clock.advance(3000);
  await closing;
  outcome.listeners = listeners();
  const { inFlight, waiting: waitingCalls, queued } = client.metrics();
  outcome.held = inFlight + waitingCalls + queued;
  return outcome;
}

const WAYS: [name: string, options: () => Partial<MqttClientOptions>, mostAttempts: number][] = [
  ["with delays as they are", () => ({ reconnect: { shouldRetry: () => true } }), 160],
  [
    "with short delays",
    () => ({ reconnect: { shouldRetry: () => true, maximumDelayMs: 2000 } }),
    1500,
  ],
  [
    "with an outbox",
    () => ({
      reconnect: { shouldRetry: () => true, maximumDelayMs: 2000 },
      outbox: memoryOutbox(),
    }),
    1500,
  ],
];

for (const [name, options, mostAttempts] of WAYS) {
  Deno.test(`MqttClient lives through an hour of a flapping connection ${name}: nothing is lost, nothing comes twice at QoS 2, no storm, no leak`, async () => {
    const { server, clock, published, sent, handled, rejected, listeners, held } = await flap(
      options(),
    );
    assertEquals(rejected, 0);
    assert(server.attempts.length > 40, `${server.attempts.length} attempts`);
    assert(server.attempts.length < mostAttempts, `${server.attempts.length} attempts`);
    assertEquals(atQos(2, server.received), atQos(2, published), "exactly once, in order");
    assertEquals(withoutCopies(atQos(1, server.received)), atQos(1, published));
    assertEquals(atQos(2, handled), atQos(2, sent), "exactly once, in order");
    assertEquals(withoutCopies(atQos(1, handled)), atQos(1, sent));
    assertEquals(
      {
        open: server.open,
        unacknowledged: server.unacknowledged,
        listeners,
        held,
        timers: clock.pending,
      },
      { open: 0, unacknowledged: 0, listeners: 0, held: 0, timers: 0 },
    );
  });
}
