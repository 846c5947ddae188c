/** What is matched with 10 000 topic filters. */

import { qlobberMatching, qlobberWithCache } from "./contestants/qlobber_matching.ts";
import { filledFilters, wasmMatching, wasmMatchingNames } from "./contestants/wasm_matching.ts";
import type { WorkloadOptions } from "./decode.ts";
import { type Matching, type MatchingOptions, matchings } from "./filter_corpus.ts";
import { type Contestant, type Workload, workload } from "./workload.ts";

function everybody(): Contestant<Matching>[] {
  const filters = filledFilters();
  return [
    qlobberMatching(),
    qlobberWithCache(),
    wasmMatching(filters),
    wasmMatchingNames(filters),
  ];
}

/** Cold: what matched before is forgotten. Warm: it is remembered by who remembers. */
export function matchWorkloads({ seed, share }: WorkloadOptions): Workload[] {
  return [
    matchWorkload("cold", { seed, topics: 10_000, passes: 1, isCold: true }),
    matchWorkload("warm", { seed, topics: 1000, passes: 100 * share, isCold: false }),
  ];
}

function matchWorkload(name: string, options: MatchingOptions): Workload {
  return workload({
    group: "match",
    name: `10 000 filters, ${name}`,
    contestants: everybody,
    makeJobs: () => matchings(options),
  });
}
