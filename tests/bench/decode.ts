/** What is decoded. */

import type { Packet as TheirPacket } from "mqtt-packet";
import { mqttPacketDecoding } from "./contestants/mqtt_packet_decoding.ts";
import * as plain from "./contestants/plain_decoding.ts";
import { sapDecoding } from "./contestants/sap_decoding.ts";
import * as wasm from "./contestants/wasm_decoding.ts";
import {
  fragmentedStream,
  manyTopics,
  mixedPackets,
  pubacks,
  publishes,
  publishesOfNewTopics,
  type Stream,
  wholeStream,
} from "./corpus.ts";
import { always, type Contestant, type Workload, workload } from "./workload.ts";

export interface WorkloadOptions {
  seed: number;
  /** How many times the usual number of passes over the corpus. */
  share: number;
}

/** More than any codec here remembers, so that none is known when it comes round. */
const NEW_TOPICS = 80_000;

/** Everything that takes packets of any kind. */
function everybody(): Contestant<Stream>[] {
  return [
    mqttPacketDecoding(),
    sapDecoding(),
    plain.plainCursor(),
    plain.plainOwned(),
    plain.plainDecoder(),
    wasm.wasmCursor(),
    wasm.wasmLazy(),
    wasm.wasmOwned(),
    wasm.wasmDecoder(),
  ];
}

/** The plain codec knows no pool. */
function withPools(): Contestant<Stream>[] {
  return [
    mqttPacketDecoding(),
    sapDecoding(),
    plain.plainCursor(),
    plain.plainOwned(),
    wasm.wasmCursor(),
    wasm.wasmPooledCursor(),
    wasm.wasmOwned(),
    wasm.wasmPooled(),
  ];
}

export function decodeWorkloads({ seed, share }: WorkloadOptions): Workload[] {
  const small = { count: 10_000, payloadSize: 64, seed };
  const medium = { count: 1000, payloadSize: 1024, seed };
  const large = { count: 4, payloadSize: 256 * 1024, seed };
  const fragmented = (packets: TheirPacket[]) =>
    fragmentedStream(packets, { seed, passes: 8 * share });
  return [
    decodeWorkload("QoS 0, 64 B, one topic", () => wholeStream(publishes(small), 8 * share)),
    decodeWorkload("QoS 0, 64 B, 100 topics", () => {
      return wholeStream(publishes({ ...small, topics: manyTopics(100) }), 8 * share);
    }),
    workload({
      group: "decode",
      name: "QoS 0, 64 B, every topic new",
      contestants: everybody,
      makeJobs: () => (round) =>
        wholeStream(publishesOfNewTopics({ ...small, count: NEW_TOPICS, round })),
    }),
    decodeWorkload("QoS 1, 64 B", () => wholeStream(publishes({ ...small, qos: 1 }), 8 * share)),
    decodeWorkload("QoS 0, 1 KiB", () => wholeStream(publishes(medium), 40 * share)),
    workload({
      group: "decode",
      name: "QoS 0, 256 KiB",
      contestants: withPools,
      makeJobs: always(() => wholeStream(publishes(large), 20 * share)),
    }),
    decodeWorkload("PUBACK", () => wholeStream(pubacks(small), 16 * share)),
    decodeWorkload("QoS 0, 64 B, random fragments", () => fragmented(publishes(small))),
    decodeWorkload("QoS 0, 1 KiB, random fragments", () => fragmented(publishes(medium))),
    decodeWorkload("mixed", () => wholeStream(mixedPackets(small), 8 * share)),
  ];
}

function decodeWorkload(name: string, make: () => Stream): Workload {
  return workload({ group: "decode", name, contestants: everybody, makeJobs: always(make) });
}
