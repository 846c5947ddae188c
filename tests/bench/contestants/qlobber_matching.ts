import qlobber from "qlobber";
import { FILTER_CORPUS, type Matching } from "../filter_corpus.ts";
import type { Contestant } from "../workload.ts";

const MQTT = {
  separator: "/",
  "wildcard_one": "+",
  "wildcard_some": "#",
  "match_empty_levels": true,
};

/** The tree of aedes and others, with the options that make it speak MQTT. */
export function qlobberMatching(): Contestant<Matching> {
  return matching("qlobber", MQTT);
}

/** It can remember how topics are split; not what matches them. */
export function qlobberWithCache(): Contestant<Matching> {
  return matching("qlobber, splits cached", { ...MQTT, "cache_splits": 10_000 });
}

function matching(
  name: string,
  options: typeof MQTT & { cache_splits?: number },
): Contestant<Matching> {
  const filters = new qlobber.Qlobber(options);
  FILTER_CORPUS.forEach((filter, index) => filters.add(filter, index));
  return {
    name,
    run({ topics, isThorough }) {
      let sum = 0;
      for (const topic of topics) {
        const values: number[] = filters.match(topic);
        sum += isThorough ? total(values) : values.length;
      }
      return sum;
    },
  };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
