import { table } from "./markdown.ts";
import { spread } from "./median.ts";
import { figure } from "./report.ts";
import type { Run } from "./results.ts";

/** What a run of the outbox found: the contents of docs/benchmarks/*-outbox.json. */
export interface OutboxResults extends Run {
  /** How many are stored, of 64 bytes each, in every round. */
  messages: number;
  /** Of each round. */
  figures: {
    /** Each awaited until stored, a thousand together. */
    storedPerSecond: number[];
    /** Read, and removed as after their acknowledgement. */
    deliveredPerSecond: number[];
    /** From a closed file with all of them to the first one at the server. */
    restartMilliseconds: number[];
  };
  /** After ten times as many were stored. */
  queued: { messages: number; heapGrownBy: number; residentGrownBy: number; file: number };
}

const STORED_GOAL = 60_000;
const RESTART_GOAL_MS = 1000;

/** The results as a table: for a terminal and for docs/benchmarks.md. */
export function outboxTable({ messages, figures, queued }: OutboxResults): string {
  const stored = spread(figures.storedPerSecond);
  const delivered = spread(figures.deliveredPerSecond);
  const restart = spread(figures.restartMilliseconds);
  const grown = (bytes: number) => `${figure(bytes / 2 ** 20)} MiB`;
  return table(["work", "median", "half of the rounds", "goal", "reached"], [
    [
      "stored, a thousand awaited together",
      `${figure(stored.median)} /s`,
      `${figure(stored.low)} to ${figure(stored.high)}`,
      `at least ${STORED_GOAL} /s`,
      answer(stored.median >= STORED_GOAL),
    ],
    [
      "read and removed",
      `${figure(delivered.median)} /s`,
      `${figure(delivered.low)} to ${figure(delivered.high)}`,
      "",
      "",
    ],
    [
      `restart with ${messages} queued, to the first publish`,
      `${figure(restart.median)} ms`,
      `${figure(restart.low)} to ${figure(restart.high)}`,
      `at most ${RESTART_GOAL_MS} ms`,
      answer(restart.median <= RESTART_GOAL_MS),
    ],
    [
      `${queued.messages} queued: growth of the heap`,
      grown(queued.heapGrownBy),
      "",
      "none",
      answer(queued.heapGrownBy < queued.messages),
    ],
    [`${queued.messages} queued: growth of resident memory`, grown(queued.residentGrownBy)],
    [`${queued.messages} queued: size of the file`, grown(queued.file)],
  ]);
}

function answer(isReached: boolean): string {
  return isReached ? "yes" : "**no**";
}
