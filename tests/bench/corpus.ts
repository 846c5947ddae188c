/**
 * What is decoded and encoded: packets as `mqtt-packet` takes them, made from a seed, and streams of their bytes.
 *
 * The bytes come from `mqtt-packet`, which has no part in how ours are made.
 */

import mqttPacket, { type IPublishPacket, type Packet as TheirPacket } from "mqtt-packet";
import { Buffer } from "node:buffer";
import { randomFrom } from "../_kit/random.ts";
import type { Task } from "./workload.ts";

/** As much as a read of a socket brings at most. */
export const READ_SIZE = 64 * 1024;
/** As much as a TCP segment on Ethernet carries. */
const SEGMENT_SIZE = 1460;
/** Identifiers come round again soon, as they do with a window of unacknowledged packets. */
const PACKET_IDS = 1000;

/**
 * A stream to be decoded: about 1 MB, several times over.
 *
 * What a socket has just brought is in the cache of the processor. So is this, for everybody.
 */
export interface Stream extends Task {
  /** As it comes in: fragments, or all of it for who reads as much as there is room for. */
  pieces: Uint8Array[];
  /** As it comes in for who is given chunks: fragments, or 64 KiB each. */
  chunks: Uint8Array[];
  /** The same as Node gives them. */
  buffers: Buffer[];
}

export interface CorpusOptions {
  count: number;
  seed: number;
}

export interface PublishOptions extends CorpusOptions {
  payloadSize: number;
  qos?: 0 | 1;
  topics?: readonly string[];
}

/** 40 characters, as those of a hub are. */
export const TOPIC = "devices/device-00001/messages/events/a=b";

/** So many topics of about 40 characters. */
export function manyTopics(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) =>
      `devices/device-${`${index}`.padStart(5, "0")}/messages/events/${"abcdefg".slice(index % 7)}`,
  );
}

/** PUBLISH packets; which topic each has, and which bytes, is left to the seed. */
export function publishes(options: PublishOptions): IPublishPacket[] {
  const { count, payloadSize, qos = 0, topics = [TOPIC], seed } = options;
  const random = randomFrom(seed);
  const payloads = Array.from({ length: 8 }, () => randomBytes(payloadSize, random));
  return Array.from({ length: count }, (_, index) => ({
    cmd: "publish",
    topic: topics[Math.floor(random() * topics.length)] ?? TOPIC,
    payload: payloads[index % payloads.length] ?? Buffer.alloc(0),
    qos,
    retain: false,
    dup: false,
    ...(qos > 0 ? { messageId: packetId(index) } : {}),
  }));
}

/** PUBLISH packets of which each has a topic that no other one has, in this round or another. */
export function publishesOfNewTopics(
  options: PublishOptions & { round: number },
): IPublishPacket[] {
  const packets = publishes(options);
  const { count, round } = options;
  packets.forEach((packet, index) => {
    const serial = (round + 1000) * count + index;
    packet.topic = `devices/device-${`${serial}`.padStart(12, "0")}/events/a=b`;
  });
  return packets;
}

export function pubacks({ count }: { count: number }): TheirPacket[] {
  return Array.from({ length: count }, (_, index) => ({
    cmd: "puback",
    messageId: packetId(index),
  }));
}

/** QoS 0, QoS 1 and acknowledgements, a third each, in an order that nobody can learn. */
export function mixedPackets(options: PublishOptions): TheirPacket[] {
  const random = randomFrom(options.seed);
  const kinds: TheirPacket[][] = [
    publishes(options),
    publishes({ ...options, qos: 1 }),
    pubacks(options),
  ];
  return Array.from({ length: options.count }, (_, index) => {
    const packet = kinds[Math.floor(random() * kinds.length)]?.[index];
    if (!packet) throw new Error("Bug: fewer packets of a kind than there are in all");
    return packet;
  });
}

/** Their bytes, as a socket under load brings them: as much at once as there is room for. */
export function wholeStream(packets: readonly TheirPacket[], passes = 1): Stream {
  const bytes = bytesOf(packets);
  return streamOf(packets, { pieces: [bytes], chunks: cut(bytes, () => READ_SIZE), passes });
}

/** Their bytes in fragments of 1 to 1460 bytes. */
export function fragmentedStream(
  packets: readonly TheirPacket[],
  { passes, seed }: { passes: number; seed: number },
): Stream {
  const random = randomFrom(seed);
  const chunks = cut(bytesOf(packets), () => 1 + Math.floor(random() * SEGMENT_SIZE));
  return streamOf(packets, { pieces: chunks, chunks, passes });
}

/** Those of all packets, one behind the other. */
export function bytesOf(packets: readonly TheirPacket[]): Uint8Array {
  return new Uint8Array(Buffer.concat(packets.map((packet) => mqttPacket.generate(packet))));
}

/** What each contestant has to find: of each packet its existence, its identifier and some of its fields. */
function checksumOf(packet: TheirPacket): number {
  const sum = 1 + (packet.messageId ?? 0);
  if (packet.cmd !== "publish") return sum;
  return sum + packet.topic.length + packet.payload.length + Number(packet.payload[0]);
}

function streamOf(
  packets: readonly TheirPacket[],
  { pieces, chunks, passes }: Pick<Stream, "pieces" | "chunks"> & { passes: number },
): Stream {
  const buffers = chunks.map((chunk) => Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
  return {
    count: passes * packets.length,
    bytes: passes * pieces.reduce((sum, { length }) => sum + length, 0),
    checksum: passes * packets.reduce((sum, packet) => sum + checksumOf(packet), 0),
    pieces: Array(passes).fill(pieces).flat(),
    chunks: Array(passes).fill(chunks).flat(),
    buffers: Array(passes).fill(buffers).flat(),
  };
}

function cut(bytes: Uint8Array, nextSize: () => number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const chunk = bytes.subarray(at, at + nextSize());
    chunks.push(chunk);
    at += chunk.length;
  }
  return chunks;
}

function packetId(index: number): number {
  return 1 + index % PACKET_IDS;
}

function randomBytes(length: number, random: () => number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, () => Math.floor(random() * 256)));
}
