import { type ClientResults, valuesOf } from "./client/results.ts";
import type { Metric } from "./client/measure.ts";
import { table } from "./markdown.ts";
import { pairedRatio } from "./median.ts";
import { figure } from "./report.ts";
import type { Results } from "./results.ts";
import type { Group } from "./workload.ts";

/** What the README quotes: 64 bytes, one topic. */
const QUOTED: readonly [label: string, group: Group, contestant: string][] = [
  ["decode, walking over the packets (`PacketReader.cursor`)", "decode", "cursor"],
  ["decode, payloads when asked for (`PacketCursor.lazyPacket`)", "decode", "lazy"],
  ["decode, ordinary packets (`PacketCursor.packet`)", "decode", "owned"],
  ["decode, `PacketDecoder`", "decode", "PacketDecoder"],
  ["encode, `PacketWriter`", "encode", "PacketWriter"],
  ["encode, `encodePacket`", "encode", "encodePacket"],
];
const WORKLOAD = "QoS 0, 64 B, one topic";

/** The figures of the README, against mqtt-packet, SAP's codec and ours without WebAssembly. */
export function readmeFigures({ workloads }: Results): string {
  return table(
    ["", "`mqtt-packet`", "the same without WebAssembly"],
    QUOTED.map(([label, group, name]) => {
      const workload = workloads.find((one) => one.group === group && one.name === WORKLOAD);
      const ratios = workload?.contestants.find((one) => one.name === name)?.ratios ?? {};
      const cell = (other: string) => ratios[other] ? figure(ratios[other].median) : "";
      return [label, cell("mqtt-packet"), cell(`plain ${name}`)];
    }),
  );
}

/** What the README quotes of the client: a row of the bench each. */
const CLIENT_ROWS = [
  "publish QoS 0, 64 B",
  "receive QoS 0, 64 B",
  "publish QoS 1, 64 B",
  "receive QoS 1, 64 B",
];

/** How many times as fast as MQTT.js on Node the client is, and what part of its CPU time it takes. */
export function readmeClientFigures({ rows }: ClientResults): string {
  return table(
    ["", "messages a second", "CPU a message"],
    rows.filter(({ name }) => CLIENT_ROWS.includes(name)).map((row) => {
      const ratio = (metric: Metric) =>
        pairedRatio(valuesOf(row, "MQTT.js", metric), valuesOf(row, "Hubwire", metric)).median;
      const speed = figure(ratio("perSecond"));
      return [row.name, `${speed}x`, `1/${figure(1 / ratio("cpuMicroseconds"))}`];
    }),
  );
}
