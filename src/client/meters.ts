import { BOUNDS, CLIENTS, COUNTERS, DURATIONS, type Instrument, LEVELS } from "./instruments.ts";
import type { ClientMetrics } from "./metrics.ts";
import type { Attributes, Counter, Histogram, Meter } from "./open_telemetry.ts";
import type { ClientState } from "./state.ts";

/** A client as it is measured. */
export interface Measured {
  metrics(): ClientMetrics;
  readonly state: ClientState;
}

/** The instruments of this process, which all clients share. */
export class Meters {
  readonly operation: Histogram;
  readonly process: Histogram;
  readonly #instruments: readonly (readonly [Instrument, Counter])[];
  readonly #live = new Set<Readings>();

  constructor(meter: Meter) {
    const advice = { explicitBucketBoundaries: BOUNDS };
    const { operation, process } = DURATIONS;
    this.operation = meter.createHistogram(operation.name, { ...operation, advice });
    this.process = meter.createHistogram(process.name, { ...process, advice });
    this.#instruments = [
      ...COUNTERS.map((about) => [about, meter.createCounter(about.name, about)] as const),
      ...LEVELS.map((about) => [about, meter.createUpDownCounter(about.name, about)] as const),
    ];
    const clients = meter.createObservableUpDownCounter(CLIENTS.name, CLIENTS);
    meter.addBatchObservableCallback((collection) => {
      for (const readings of this.#live) readings.tell();
      for (const { attributes, count } of this.#census()) {
        collection.observe(clients, count, attributes);
      }
    }, [clients]);
  }

  /** Everything that is measured of a client, these attributes with it. */
  of(client: Measured, attributes: Attributes): Readings {
    return new Readings({ client, attributes, instruments: this.#instruments, live: this.#live });
  }

  #census(): Iterable<{ attributes: Attributes; count: number }> {
    const groups = new Map<string, { attributes: Attributes; count: number }>();
    for (const { attributes, state } of this.#live) {
      const key = `${attributes["server.address"]} ${attributes["server.port"]} ${state}`;
      const group = groups.get(key) ??
        { attributes: { ...attributes, "mqtt.client.state": state }, count: 0 };
      groups.set(key, { ...group, count: group.count + 1 });
    }
    return groups.values();
  }
}

/** A number of one client, and how much of it was told. */
interface Reading {
  value: (metrics: ClientMetrics) => number;
  attributes: Attributes;
  counter: Counter;
  /** Whether it is a level, and not what only grows. */
  isLevel: boolean;
  told: number;
}

/**
 * What is told of one client: at each collection, and when its connection is over for good, what has changed since the last time.
 *
 * Observable instruments would need no memory. But they tell nothing of what happens after the last collection of a
 * program, and of two clients with the same attributes they keep one only.
 */
export class Readings {
  readonly attributes: Attributes;
  readonly #client: Measured;
  readonly #live: Set<Readings>;
  readonly #readings: readonly Reading[];

  constructor({ client, attributes, instruments, live }: {
    client: Measured;
    attributes: Attributes;
    instruments: readonly (readonly [Instrument, Counter])[];
    live: Set<Readings>;
  }) {
    this.#client = client;
    this.#live = live;
    this.attributes = attributes;
    this.#readings = instruments.flatMap(([instrument, counter]) =>
      instrument.numbers.map((number) => ({
        value: number.value,
        attributes: { ...attributes, ...number.attributes },
        counter,
        isLevel: LEVELS.includes(instrument),
        told: 0,
      }))
    );
  }

  get state(): ClientState {
    return this.#client.state;
  }

  /** It is on its way to a connection. */
  begin(): void {
    this.#live.add(this);
  }

  /** It has none any more, and holds nothing; it may begin again. */
  end(): void {
    this.tell();
    for (const reading of this.#readings) if (reading.isLevel) move(reading, 0);
    this.#live.delete(this);
  }

  tell(): void {
    const metrics = this.#client.metrics();
    for (const reading of this.#readings) move(reading, reading.value(metrics));
  }
}

function move(reading: Reading, to: number): void {
  reading.counter.add(to - reading.told, reading.attributes);
  reading.told = to;
}
