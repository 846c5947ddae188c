import { FaultProxy } from "../_kit/fault_proxy.ts";
import { Dice } from "../_kit/packet_generators/dice.ts";
import { Actor } from "./actor.ts";
import { type BrokerKind, startChaosBroker } from "./broker.ts";
import { type Breach, Ledger, type PromiseName } from "./ledger.ts";
import { Observer } from "./observer.ts";
import { pause } from "./pause.ts";
import { spoil, storm } from "./weather.ts";

/** A run. */
export interface ChaosOptions {
  /** How long the clients act, in milliseconds. */
  ms: number;
  seed: number;
  clients: number;
  broker: BrokerKind;
  isTls: boolean;
  /** What is checked in the end. */
  promises: ReadonlySet<PromiseName>;
  /** How long everything may take to settle and to arrive once the network is good again, in milliseconds. */
  patienceMs: number;
}

/** What came of it. */
export interface ChaosResult {
  breaches: Breach[];
  /** What the client of the first breach did last. */
  trace: readonly string[];
  broker: BrokerKind;
  counts: Record<string, number>;
}

/** Many clients in a bad network, then a good one, then the reckoning. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { ms, seed, clients, isTls, promises, patienceMs } = options;
  const faults: Record<string, number> = {};
  const ledger = new Ledger();
  const over = new AbortController();
  await using broker = await startChaosBroker({ kind: options.broker, isTls });
  await using proxy = await FaultProxy.start({
    target: { port: broker.port },
    seed,
    onFault: ({ kind }) => faults[kind] = (faults[kind] ?? 0) + 1,
  });
  await using observer = await Observer.begin({
    transport: await broker.transport(broker.port),
    ledger,
    isOrderly: broker.isOrderly,
  });
  const transport = await broker.transport(proxy.port);
  const actors = Array.from(
    { length: clients },
    (_, number) => new Actor({ number, clients, seed, transport, ledger, signal: over.signal }),
  );
  try {
    await Promise.all(actors.map((actor) => actor.begin()));
    await actAll({ actors, observer, proxy, ms, isTls, dice: new Dice(seed) });
    const breaches = await settleAll({ actors, ledger, patienceMs });
    const found = [...breaches, ...ledger.breaches(promises)]
      .filter(({ promise }) => promises.has(promise));
    const guilty = actors.find(({ name }) => name === found[0]?.client);
    const sums = sum(actors.map(({ counts }) => counts));
    return {
      breaches: found,
      trace: guilty?.trace ?? [],
      broker: broker.kind,
      counts: { ...sums, connections: proxy.accepted, ...ledger.totals, ...faults },
    };
  } finally {
    // A client that cannot be closed politely is cut off.
    over.abort();
    proxy.heal();
    await Promise.all(actors.map((actor) => actor.close()));
  }
}

/** The bad time. */
async function actAll(
  { actors, observer, proxy, ms, isTls, dice }: {
    actors: readonly Actor[];
    observer: Observer;
    proxy: FaultProxy;
    ms: number;
    isTls: boolean;
    dice: Dice;
  },
): Promise<void> {
  const time = new AbortController();
  const timer = setTimeout(() => time.abort(), ms);
  spoil(proxy, { isTls });
  try {
    await Promise.all([
      storm(proxy, dice, time.signal),
      observer.send(actors.map(({ name }) => name), time.signal),
      ...actors.map((actor) => actor.act(time.signal)),
    ]);
  } finally {
    clearTimeout(timer);
    time.abort();
    // What was done to open connections stays done: they go, too.
    proxy.heal();
    proxy.resetAll();
  }
}

/** The good time, until all is settled and has arrived, or patience ends. */
async function settleAll(
  { actors, ledger, patienceMs }: {
    actors: readonly Actor[];
    ledger: Ledger;
    patienceMs: number;
  },
): Promise<Breach[]> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), patienceMs);
  try {
    const unsettled = await Promise.all(actors.map((actor) => actor.settle(patience.signal)));
    const ready = Promise.all(actors.map((actor) => actor.ready()));
    await Promise.race([ready, pause(2 ** 31 - 1, patience.signal)]);
    while (!ledger.isComplete && !patience.signal.aborted) await pause(50, patience.signal);
    // What should not come at all would come now.
    await pause(200, patience.signal);
    return unsettled.flat();
  } finally {
    clearTimeout(timer);
    patience.abort();
  }
}

function sum(counts: readonly Record<string, number>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const count of counts) {
    for (const [name, value] of Object.entries(count)) total[name] = (total[name] ?? 0) + value;
  }
  return total;
}
