import { assertEquals } from "@std/assert";
import type { ClientMetrics, ClientState } from "../../src/client/mod.ts";
import {
  CLIENTS,
  COUNTERS,
  DURATIONS,
  type Instrument,
  LEVELS,
} from "../../src/client/instruments.ts";
import { Meters } from "../../src/client/meters.ts";
import { takeMetrics } from "../../src/client/metrics.ts";
import type { Attributes, Meter } from "../../src/client/open_telemetry.ts";
import { Counters } from "../../src/session/mod.ts";

/** A meter that adds up by itself what it is told, and collects when it is told to. */
class FakeMeter implements Meter {
  readonly totals = new Map<string, number>();
  #collect = () => {};

  createCounter(name: string) {
    return {
      add: (value: number, attributes: Attributes) => {
        const key = keyOf(name, attributes);
        this.totals.set(key, (this.totals.get(key) ?? 0) + value);
      },
    };
  }

  createUpDownCounter(name: string) {
    return this.createCounter(name);
  }

  createHistogram() {
    return { record() {} };
  }

  createObservableUpDownCounter(name: string) {
    return { name };
  }

  addBatchObservableCallback(callback: Parameters<Meter["addBatchObservableCallback"]>[0]) {
    this.#collect = () =>
      callback({
        observe: (_, value, attributes) => {
          this.totals.set(keyOf(CLIENTS.name, attributes), value);
        },
      });
  }

  /** What is known after one more collection, without what is 0. */
  collect(): Record<string, number> {
    for (const key of this.totals.keys()) if (key.startsWith(CLIENTS.name)) this.totals.delete(key);
    this.#collect();
    return Object.fromEntries([...this.totals].filter(([, value]) => value !== 0));
  }
}

function keyOf(name: string, attributes: Attributes): string {
  return [name, ...Object.values(attributes).map(String)].join(" ");
}

/** A client that a test moves. */
class FakeClient {
  state: ClientState = "connected";
  readonly counters = new Counters();
  readonly inbox = { received: 0, dropped: 0, queued: 0 };
  outbox: { count: number; bytes: number } | undefined;

  metrics(): ClientMetrics {
    const { counters, inbox, outbox } = this;
    return takeMetrics({ session: { counters, inFlight: 0 }, inbox, gate: { size: 0 }, outbox });
  }
}

const SERVER = { "server.address": "h", "server.port": 1n };

Deno.test("Meters tells what has changed, of all clients together, and not twice of one that comes back", () => {
  const meter = new FakeMeter();
  const meters = new Meters(meter);
  const [ann, bob] = [new FakeClient(), new FakeClient()];
  const [anns, bobs] = [meters.of(ann, SERVER), meters.of(bob, SERVER)];
  anns.begin();
  bobs.begin();
  ann.counters.bytesOut = 10;
  bob.counters.bytesOut = 5;
  assertEquals(meter.collect(), {
    "mqtt.client.io h 1 transmit": 15,
    "mqtt.client.count h 1 connected": 2,
  });
  ann.counters.bytesOut = 11;
  anns.end();
  ann.counters.bytesOut = 12;
  assertEquals(meter.collect(), {
    "mqtt.client.io h 1 transmit": 16,
    "mqtt.client.count h 1 connected": 1,
  });
  anns.begin();
  assertEquals(meter.collect()["mqtt.client.io h 1 transmit"], 17);
});

Deno.test("Meters tells levels of clients only as long as they have a connection or want one", () => {
  const meter = new FakeMeter();
  const client = new FakeClient();
  const readings = new Meters(meter).of(client, SERVER);
  readings.begin();
  client.inbox.queued = 7;
  client.outbox = { count: 3, bytes: 99 };
  client.state = "reconnecting";
  assertEquals(meter.collect(), {
    "mqtt.client.queued.messages h 1": 7,
    "mqtt.client.outbox.messages h 1": 3,
    "mqtt.client.outbox.size h 1": 99,
    "mqtt.client.count h 1 reconnecting": 1,
  });
  client.inbox.queued = 2;
  assertEquals(meter.collect()["mqtt.client.queued.messages h 1"], 2);
  readings.end();
  assertEquals(meter.collect(), {});
});

Deno.test("Meters counts clients by server and state", () => {
  const meter = new FakeMeter();
  const meters = new Meters(meter);
  for (
    const [port, state] of [[1n, "connected"], [1n, "reconnecting"], [2n, "connected"]] as const
  ) {
    const client = new FakeClient();
    client.state = state;
    meters.of(client, { "server.address": "h", "server.port": port }).begin();
  }
  assertEquals(meter.collect(), {
    "mqtt.client.count h 1 connected": 1,
    "mqtt.client.count h 1 reconnecting": 1,
    "mqtt.client.count h 2 connected": 1,
  });
});

Deno.test("docs/observability.md has every instrument with its unit, and every number of metrics()", async () => {
  const text = await Deno.readTextFile(new URL("../../docs/observability.md", import.meta.url));
  const told = Array.from(
    text.matchAll(/^\| `((?:mqtt|messaging)\.[\w.]+)` +\| `([^`]+)`/gm),
    ([, name, unit]) => `${name} ${unit}`,
  );
  const instruments: Omit<Instrument, "numbers">[] = [
    ...COUNTERS,
    ...LEVELS,
    CLIENTS,
    ...Object.values(DURATIONS),
  ];
  assertEquals(told, instruments.map(({ name, unit }) => `${name} ${unit}`));
  const fields = Array.from(
    (text.split("## OpenTelemetry")[0] ?? "").matchAll(/^\| ((?:`\w+`(?:, )?)+) +\|/gm),
    ([, names = ""]) => names.replaceAll("`", "").split(", "),
  );
  assertEquals(fields.flat().toSorted(), Object.keys(new FakeClient().metrics()).toSorted());
});
