import { pairedRatio, spread } from "../median.ts";
import type { Metric } from "./measure.ts";
import { type RowResult, valuesOf } from "./results.ts";

/** What has to be reached. */
export interface Goal {
  row: string;
  metric: Metric;
  contestant: string;
  against: string;
  /** At least, or at most, so many times what the other has; or at most so much more than the other. */
  is: "times, at least" | "times, at most" | "more, at most";
  limit: number;
}

/** A goal and what became of it. */
export interface Verdict extends Goal {
  found: number;
  isReached: boolean;
}

type Line = [
  row: string,
  metric: Metric,
  against: string,
  is: Goal["is"],
  limit: number,
  name?: string,
];

const AT_LEAST = "times, at least";
const AT_MOST = "times, at most";
const CPU = 1 / 15;

const LINES: readonly Line[] = [
  ["publish QoS 0, 64 B", "perSecond", "MQTT.js", AT_LEAST, 35],
  ["publish QoS 0, 64 B", "cpuMicroseconds", "MQTT.js", AT_MOST, CPU],
  ["publish QoS 0, 64 B", "perSecond", "raw", AT_LEAST, 0.75],
  ["receive QoS 0, 64 B", "perSecond", "MQTT.js", AT_LEAST, 15],
  ["receive QoS 0, 64 B", "cpuMicroseconds", "MQTT.js", AT_MOST, CPU],
  ["receive QoS 0, 64 B", "perSecond", "raw", AT_LEAST, 0.75],
  ["publish QoS 1, 64 B", "perSecond", "MQTT.js", AT_LEAST, 25],
  ["publish QoS 1, 64 B", "cpuMicroseconds", "MQTT.js", AT_MOST, CPU],
  ["receive QoS 1, 64 B", "perSecond", "MQTT.js", AT_LEAST, 18],
  ["receive QoS 1, 64 B", "cpuMicroseconds", "MQTT.js", AT_MOST, CPU],
  ["publish QoS 0, 1 KiB", "perSecond", "MQTT.js", AT_LEAST, 5],
  ["receive QoS 0, 1 KiB", "perSecond", "MQTT.js", AT_LEAST, 4],
  ["round trip QoS 1, 64 B", "milliseconds", "MQTT.js", AT_MOST, 1],
  ["connect to CONNACK", "milliseconds", "raw", AT_MOST, 1.05],
  ["connect to CONNACK", "milliseconds", "MQTT.js", AT_MOST, 1, "Hubwire, noDelay"],
  ["parallel connects", "perSecond", "MQTT.js", AT_LEAST, 3],
  ["parallel connects", "cpuMicroseconds", "MQTT.js", AT_MOST, 1 / 5],
  ["idle connection", "kilobytes", "raw", "more, at most", 8],
  ["publish QoS 0, 64 B, to mosquitto", "perSecond", "MQTT.js", AT_LEAST, 10],
  ["publish QoS 1, 64 B, to mosquitto", "perSecond", "MQTT.js", AT_LEAST, 1.1],
  ["publish QoS 1, 64 B, to mosquitto", "cpuMicroseconds", "MQTT.js", AT_MOST, 0.6],
];

/** All of them. */
export const GOALS: readonly Goal[] = LINES.map((
  [row, metric, against, is, limit, contestant = "Hubwire"],
) => ({ row, metric, contestant, against, is, limit }));

/** The goals of rows that were measured, in their order. */
export function verdictsOn(
  rows: readonly RowResult[],
  goals: readonly Goal[] = GOALS,
): Verdict[] {
  return goals.flatMap((goal) => {
    const row = rows.find(({ name }) => name === goal.row);
    if (!row) return [];
    const found = compare(row, goal);
    const isReached = goal.is === AT_LEAST ? found >= goal.limit : found <= goal.limit;
    return [{ ...goal, found, isReached }];
  });
}

function compare(row: RowResult, { metric, contestant, against, is }: Goal): number {
  const values = valuesOf(row, contestant, metric);
  const others = valuesOf(row, against, metric);
  if (is === "more, at most") return spread(values).median - spread(others).median;
  return pairedRatio(others, values).median;
}
