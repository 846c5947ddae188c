import type { Group } from "./workload.ts";

/** What has to be reached: so many times as fast as another contestant. */
export interface Goal {
  group: Group;
  workload: string;
  contestant: string;
  against: string;
  atLeast: number;
}

const DECODE: readonly [workload: string, contestant: string, atLeast: number, against?: string][] =
  [
    ["QoS 0, 64 B, one topic", "cursor", 40],
    ["QoS 0, 64 B, one topic", "lazy", 18],
    ["QoS 0, 64 B, one topic", "owned", 14],
    ["QoS 0, 64 B, one topic", "owned", 3, "SAP xb-msg"],
    ["QoS 0, 64 B, one topic", "PacketDecoder", 8],
    ["QoS 0, 64 B, one topic", "cursor", 1.3, "plain cursor"],
    ["QoS 0, 64 B, one topic", "owned", 1.3, "plain owned"],
    ["QoS 0, 64 B, 100 topics", "cursor", 30],
    ["QoS 0, 64 B, 100 topics", "owned", 14],
    ["QoS 0, 64 B, every topic new", "owned", 8],
    ["QoS 1, 64 B", "cursor", 40],
    ["QoS 0, 1 KiB", "cursor", 16],
    ["QoS 0, 1 KiB", "owned", 5],
    ["QoS 0, 256 KiB", "owned", 1],
    ["QoS 0, 256 KiB", "owned, pooled", 8],
    ["PUBACK", "cursor", 50],
    ["QoS 0, 64 B, random fragments", "cursor", 22],
    ["QoS 0, 64 B, random fragments", "owned", 9],
  ];

const ENCODE: typeof DECODE = [
  ["QoS 0, 64 B, one topic", "PacketWriter", 50],
  ["QoS 0, 64 B, one topic", "encodePacket", 3],
  ["QoS 0, 64 B, one topic", "PacketWriter", 1.3, "plain PacketWriter"],
  ["QoS 0, 1 KiB", "PacketWriter", 35],
  ["QoS 0, 256 KiB, by reference", "PacketWriter", 1, "mqtt-packet writeToStream"],
];

const MATCH: typeof DECODE = [
  ["10 000 filters, cold", "TopicFilters", 10, "qlobber"],
  ["10 000 filters, warm", "TopicFilters", 150, "qlobber"],
];

const GOALS: Record<Group, typeof DECODE> = { decode: DECODE, encode: ENCODE, match: MATCH };

/** WebAssembly has to be worth it, or at least no loss, on everything that is published. */
const NO_LOSS = 0.95;

/** The workloads of a group that have goals of their own. */
export function workloadsWithGoals(group: Group): Set<string> {
  return new Set(GOALS[group].map(([workload]) => workload));
}

/** The goals for a workload with these contestants, in the order of the list. */
export function goalsOf(group: Group, workload: string, contestants: readonly string[]): Goal[] {
  const goals = GOALS[group].filter(([name]) => name === workload)
    .map(([, contestant, atLeast, against = "mqtt-packet"]) => ({
      group,
      workload,
      contestant,
      against,
      atLeast,
    }));
  if (workload === "PUBACK") return goals;
  for (const contestant of contestants) {
    const against = `plain ${contestant}`;
    if (!contestants.includes(against) || goals.some((goal) => goal.against === against)) continue;
    goals.push({ group, workload, contestant, against, atLeast: NO_LOSS });
  }
  return goals;
}
