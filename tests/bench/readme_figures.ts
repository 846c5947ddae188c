import { table } from "./markdown.ts";
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
