import { resultOf, type Results, type WorkloadResult } from "./results.ts";
import type { Group } from "./workload.ts";

/** What a workload would have found if each of these had needed so many milliseconds in each round. */
export function foundResult(
  [group, name]: [group: Group, name: string],
  milliseconds: Record<string, number[]>,
): WorkloadResult {
  const times = Object.entries(milliseconds).map(([name, milliseconds]) => ({
    name,
    milliseconds,
  }));
  return resultOf({ group, name }, { task: { count: 1000, bytes: 5000, checksum: 1 }, times });
}

export function foundResults(workloads: WorkloadResult[]): Results {
  return {
    date: "2026-02-03",
    command: "deno task bench:codec",
    seed: 1,
    rounds: 9,
    warmUps: 2,
    machine: { system: "linux", processor: "Abacus <5>", cores: 2, memoryGiB: 4, load: 0.5 },
    versions: { deno: "2.9.6", "mqtt-packet": "9.0.2" },
    footprint: { module: 7000, connection: 3000 },
    workloads,
  };
}
