/** What is encoded. */

import type { Packet as TheirPacket } from "mqtt-packet";
import { type Batch, batches } from "./batch.ts";
import { mqttPacketGenerate, mqttPacketWriteToStream } from "./contestants/mqtt_packet_encoding.ts";
import { plainEncodePacket, plainWriter } from "./contestants/plain_encoding.ts";
import { sapEncoding } from "./contestants/sap_encoding.ts";
import { wasmEncodePacket, wasmWriter } from "./contestants/wasm_encoding.ts";
import { manyTopics, pubacks, publishes } from "./corpus.ts";
import type { WorkloadOptions } from "./decode.ts";
import { type Contestant, type Workload, workload } from "./workload.ts";

function everybody(): Contestant<Batch>[] {
  return [
    mqttPacketGenerate(),
    mqttPacketWriteToStream(),
    sapEncoding(),
    plainWriter(),
    plainEncodePacket(),
    wasmWriter(),
    wasmEncodePacket(),
  ];
}

/** Only who hands payloads on. */
function byReference(): Contestant<Batch>[] {
  return [mqttPacketWriteToStream(), sapEncoding(), plainWriter(), wasmWriter()];
}

export function encodeWorkloads({ seed, share }: WorkloadOptions): Workload[] {
  const passes = 80 * share;
  const small = { count: 1000, payloadSize: 64, seed };
  const encode = (name: string, packets: () => TheirPacket[]) =>
    encodeWorkload(name, { contestants: everybody, makeJobs: () => batches(packets(), passes) });
  return [
    encode("QoS 0, 64 B, one topic", () => publishes(small)),
    encode("QoS 0, 64 B, 100 topics", () => publishes({ ...small, topics: manyTopics(100) })),
    encode("QoS 1, 64 B", () => publishes({ ...small, qos: 1 })),
    encode("QoS 0, 1 KiB", () => publishes({ ...small, count: 250, payloadSize: 1024 })),
    encodeWorkload("QoS 0, 256 KiB, by reference", {
      contestants: byReference,
      makeJobs: () => batches(publishes({ count: 16, payloadSize: 256 * 1024, seed }), passes),
    }),
    encode("PUBACK", () => pubacks(small)),
  ];
}

function encodeWorkload(
  name: string,
  parts: Pick<Workload<Batch>, "contestants" | "makeJobs">,
): Workload {
  return workload({ group: "encode", name, ...parts });
}
