/** Our codec, in each of the ways to take a packet. Each has a loop of its own, as each program has. */

import {
  LazyPublish,
  type Packet,
  type PacketCursor,
  PacketDecoder,
  PacketReader,
  PayloadPool,
} from "../../../src/codec/mod.ts";
import type { Stream } from "../corpus.ts";
import type { Contestant } from "../workload.ts";
import { keep } from "./keep.ts";
import { readAll } from "./read_all.ts";

export function wasmCursor(): Contestant<Stream> {
  const reader = new PacketReader();
  const take = (count: number) => sumCursor(reader.cursor(count));
  return contestant("cursor", { reader, take });
}

export function wasmPooledCursor(): Contestant<Stream> {
  const reader = new PacketReader({ pool: new PayloadPool() });
  const take = (count: number) => sumCursor(reader.cursor(count));
  return contestant("cursor, pooled", { reader, take });
}

export function wasmLazy(): Contestant<Stream> {
  const reader = new PacketReader();
  return contestant("lazy", {
    reader,
    take: (count) => sumLazy(reader.cursor(count)),
  });
}

export function wasmOwned(): Contestant<Stream> {
  const reader = new PacketReader();
  return contestant("owned", { reader, take: (count) => sumPackets(reader.cursor(count)) });
}

export function wasmPooled(): Contestant<Stream> {
  const pool = new PayloadPool();
  const reader = new PacketReader({ pool });
  const take = (count: number) => sumAndRelease(reader.cursor(count), pool);
  return contestant("owned, pooled", { reader, take });
}

/** Through the simplest names. */
export function wasmDecoder(): Contestant<Stream> {
  const decoder = new PacketDecoder();
  return {
    name: "PacketDecoder",
    run(stream) {
      let sum = 0;
      for (const chunk of stream.chunks) {
        decoder.push(chunk);
        for (let packet = decoder.next(); packet; packet = decoder.next()) sum += sumOf(packet);
      }
      return sum;
    },
  };
}

function contestant(
  name: string,
  parts: { reader: PacketReader; take: (count: number) => number },
): Contestant<Stream> {
  return {
    name,
    run: (stream) => readAll(stream, parts),
    close: () => parts.reader.close(),
  };
}

function sumCursor(cursor: PacketCursor): number {
  let sum = 0;
  while (cursor.next()) {
    sum += 1 + cursor.packetId;
    if (cursor.type === "publish") {
      sum += cursor.topic.length + cursor.payloadLength + Number(cursor.bytes[cursor.payloadStart]);
    }
  }
  return sum;
}

function sumLazy(cursor: PacketCursor): number {
  let sum = 0;
  while (cursor.next()) {
    const packet = keep(cursor.lazyPacket());
    if (packet instanceof LazyPublish) {
      const { bytes, payloadStart, payloadLength } = packet;
      sum += 1 + (packet.packetId ?? 0) + packet.topic.length + payloadLength +
        Number(bytes[payloadStart]);
    } else sum += sumOf(packet);
  }
  return sum;
}

function sumPackets(cursor: PacketCursor): number {
  let sum = 0;
  while (cursor.next()) sum += sumOf(keep(cursor.packet()));
  return sum;
}

function sumAndRelease(cursor: PacketCursor, pool: PayloadPool): number {
  let sum = 0;
  while (cursor.next()) {
    const packet = keep(cursor.packet());
    sum += sumOf(packet);
    if (packet.type === "publish") pool.release(packet.payload);
  }
  return sum;
}

function sumOf(packet: Packet): number {
  if (packet.type === "publish") {
    const { topic, payload, packetId = 0 } = packet;
    return 1 + packetId + topic.length + payload.length + Number(payload[0]);
  }
  return "packetId" in packet ? 1 + packet.packetId : 1;
}
