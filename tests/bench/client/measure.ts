/** One row: interleaved rounds, in which every contestant does the same once, and nobody may lose anything. */

import { quantile } from "../median.ts";
import { turns } from "../rounds.ts";
import type { Child } from "./child.ts";
import type { Laboratory } from "./laboratory.ts";
import { tallyOf } from "./contestants/messages.mjs";
import type { Answer, Order } from "./order.ts";
import type { PeerReport } from "./peer.ts";
import type { Contestant, Row } from "./rows.ts";

/** What is told of one run. */
export type Figures = Partial<Record<Metric, number>>;

/** What can be told of a run; each is a number of what its name says. */
export type Metric =
  | "perSecond"
  | "cpuMicroseconds"
  | "milliseconds"
  | "p99Milliseconds"
  | "kilobytes"
  | "peerShare";

/** A contestant of a row, and the figures of its rounds. */
export interface Measured {
  name: string;
  rounds: Figures[];
}

export interface RoundCounts {
  rounds: number;
  warmUps: number;
}

/** Measures one row; `undefined` if what it needs is not installed. */
export async function measureRow(
  row: Row,
  laboratory: Laboratory,
  { rounds, warmUps }: RoundCounts,
): Promise<Measured[] | undefined> {
  const port = await portFor(row, laboratory);
  if (port === undefined) return undefined;
  const { contestants } = row;
  await using children = new Children(laboratory, row);
  const measured = contestants.map(({ name }): Measured => ({ name, rounds: [] }));
  for (let round = -warmUps; round < rounds; round++) {
    for (const turn of turns(contestants.length, round + warmUps)) {
      const contestant = contestants[turn];
      if (!contestant) throw new Error("Bug: a turn of nobody");
      await using run = await children.lend(contestant);
      const order = { ...contestant.order, port };
      const figures = await measureRun({ row, order, child: run.child, laboratory });
      if (round >= 0) measured[turn]?.rounds.push(figures);
    }
  }
  return measured;
}

async function portFor({ through }: Row, laboratory: Laboratory): Promise<number | undefined> {
  const server = through === "peer" ? await laboratory.peer() : await laboratory.mosquitto();
  return server?.port;
}

/** The processes of a row, one for each program, or one for each run. */
class Children implements AsyncDisposable {
  readonly #laboratory: Laboratory;
  readonly #isFresh: boolean;
  readonly #kept = new Map<string, Child>();

  constructor(laboratory: Laboratory, { isFresh = false }: Row) {
    this.#laboratory = laboratory;
    this.#isFresh = isFresh;
  }

  lend({ name, program }: Contestant): AsyncDisposable & { child: Child } {
    const child = this.#kept.get(name) ?? this.#laboratory.start(program);
    if (!this.#isFresh) this.#kept.set(name, child);
    const end = async () => {
      if (this.#isFresh) await child[Symbol.asyncDispose]();
    };
    return { child, [Symbol.asyncDispose]: end };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#kept.values()) await child[Symbol.asyncDispose]();
  }
}

interface Run {
  row: Row;
  order: Order;
  child: Child;
  laboratory: Laboratory;
}

async function measureRun({ row, order, child, laboratory }: Run): Promise<Figures> {
  await child.tell(order);
  const answering = child.answer<Answer>();
  const isJob = ["publish", "receive", "roundTrips"].includes(order.task);
  const peer = row.through === "peer" && isJob ? await laboratory.peer() : undefined;
  const reporting = peer?.child.answer<PeerReport>();
  // Whoever misses something may wait for it for ever, or be no more.
  const report = await Promise.race([reporting, answering.then(() => reporting)]);
  if (report && !report.isWhole) throw new Error(`${row.name}: the peer missed something`);
  const answer = await answering;
  checkReceived({ row, order, answer });
  return figuresOf(order, { ...answer, ...report });
}

/** A figure of lost messages is no figure. */
function checkReceived({ row, order, answer }: Pick<Run, "row" | "order"> & { answer: Answer }) {
  if (answer.sum === undefined) return;
  const expected = tallyOf(order.count + (order.qos === 0 ? 1 : 0), order.size);
  if (answer.count === expected.count && answer.sum === expected.sum) return;
  throw new Error(
    `${row.name}: received ${answer.count} with the sum ${answer.sum}, not ${expected.count} with ${expected.sum}`,
  );
}

function figuresOf(
  { task, count }: Order,
  { milliseconds, cpu, bytes, peerShare }: Answer & Partial<PeerReport>,
): Figures {
  if (bytes !== undefined) return { kilobytes: bytes / 1000 };
  const share = peerShare === undefined ? {} : { peerShare };
  const each = { cpuMicroseconds: 1000 * cpu / count, ...share };
  if (task === "connects") return { milliseconds: quantile(milliseconds, 0.5), ...each };
  if (task === "roundTrips") {
    return {
      milliseconds: quantile(milliseconds, 0.5),
      p99Milliseconds: quantile(milliseconds, 0.99),
      ...each,
    };
  }
  return { perSecond: 1000 * count / (milliseconds[0] ?? NaN), ...each };
}
