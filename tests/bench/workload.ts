/** Something that does a job: the same job as every other contestant of the workload. */
export interface Contestant<Job> {
  name: string;
  /** Does all of it; returns what it found, which has to be the {@linkcode Task.checksum} of the job. */
  run(job: Job): number;
  /** Does only that part of it which is not asked about: what this takes is taken off. */
  overhead?(job: Job): void;
  /** Gives back what it holds. */
  close?(): void;
}

/** What there is to do in one round. */
export interface Task {
  /** How many packets, or topics. */
  count: number;
  bytes: number;
  checksum: number;
}

export type Group = "decode" | "encode" | "match";

/** Jobs of one kind and those who do them; the first contestant is the one that the others are compared with. */
export interface Workload<Job extends Task = Task> {
  group: Group;
  name: string;
  /** Made when it is run, so that one that is left out costs nothing. */
  contestants: () => Contestant<Job>[];
  /** The job of a round; often the same one each time. */
  makeJobs: () => (round: number) => Job;
}

/** Forgets what the jobs are: a workload's contestants get no jobs but its own. */
export function workload<Job extends Task>(parts: Workload<Job>): Workload {
  return parts as unknown as Workload;
}

/** The same job in each round. */
export function always<Job>(make: () => Job): () => (round: number) => Job {
  return () => {
    const job = make();
    return () => job;
  };
}
