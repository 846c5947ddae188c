/**
 * Interleaved rounds: in each, every contestant does the same job once, and each round another one begins.
 *
 * So whatever else the machine does meets all of them, and nobody always sweeps up after the same one. Rounds to warm up are run and thrown away. A run that does
 * not give the job's checksum ends the whole measurement: a figure of wrong work is no figure.
 */

import type { Contestant, Task, Workload } from "./workload.ts";

export interface RoundOptions {
  rounds: number;
  warmUps: number;
  /** In milliseconds. */
  now?: () => number;
  /** Lets what a run has left to be done later be done, before the next one begins. */
  pause?: () => Promise<void>;
}

/** What the rounds of a workload took. */
export interface RoundTimes {
  /** The last round's job. */
  task: Task;
  /** Of each contestant, in their order: milliseconds of each round. */
  times: { name: string; milliseconds: number[] }[];
}

export async function runRounds(workload: Workload, options: RoundOptions): Promise<RoundTimes> {
  const { rounds, warmUps, now = () => performance.now(), pause = turnOfEventLoop } = options;
  const contestants = workload.contestants();
  const jobOf = workload.makeJobs();
  const times = contestants.map(({ name }) => ({ name, milliseconds: [] as number[] }));
  let task: Task = { count: 0, bytes: 0, checksum: 0 };
  for (let round = -warmUps; round < rounds; round++) {
    const job = task = jobOf(round);
    for (const turn of turns(contestants.length, round + warmUps)) {
      const milliseconds = timeRun(contestants[turn], job, now);
      if (round >= 0) times[turn]?.milliseconds.push(milliseconds);
      await pause();
    }
  }
  for (const contestant of contestants) contestant.close?.();
  return { task: { count: task.count, bytes: task.bytes, checksum: task.checksum }, times };
}

function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Who runs when: everybody once, each round another one first, and every other round backwards. */
export function turns(count: number, round: number): number[] {
  const order = Array.from({ length: count }, (_, index) => (index + round) % count);
  return round % 2 === 0 ? order : order.reverse();
}

function timeRun(contestant: Contestant<Task> | undefined, job: Task, now: () => number): number {
  if (!contestant) throw new Error("Bug: a turn of nobody");
  const start = now();
  const checksum = contestant.run(job);
  const end = now();
  if (checksum !== job.checksum) {
    throw new Error(`${contestant.name}: checksum ${checksum}, not ${job.checksum}`);
  }
  return end - start - leastOverhead(contestant, job, now);
}

/** The least of three, so that what is left is rather too much than too little. */
function leastOverhead(
  contestant: Contestant<Task>,
  job: Task,
  now: () => number,
): number {
  if (!contestant.overhead) return 0;
  let least = Infinity;
  for (let turn = 0; turn < 3; turn++) {
    const start = now();
    contestant.overhead(job);
    least = Math.min(least, now() - start);
  }
  return least;
}
