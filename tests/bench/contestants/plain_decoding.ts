/** The same codec in plain TypeScript: what WebAssembly is measured against. Its loops are its own too. */

import type { Packet } from "../../../src/codec/mod.ts";
import { type PlainCursor, PlainDecoder, PlainReader } from "../../_kit/plain_codec/mod.ts";
import type { Stream } from "../corpus.ts";
import type { Contestant } from "../workload.ts";
import { keep } from "./keep.ts";
import { readAll } from "./read_all.ts";

export function plainCursor(): Contestant<Stream> {
  const reader = new PlainReader();
  const take = (count: number) => sumCursor(reader.cursor(count));
  return contestant("plain cursor", { reader, take });
}

export function plainOwned(): Contestant<Stream> {
  const reader = new PlainReader();
  const take = (count: number) => sumPackets(reader.cursor(count));
  return contestant("plain owned", { reader, take });
}

export function plainDecoder(): Contestant<Stream> {
  const decoder = new PlainDecoder();
  return {
    name: "plain PacketDecoder",
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
  parts: { reader: PlainReader; take: (count: number) => number },
): Contestant<Stream> {
  return { name, run: (stream) => readAll(stream, parts) };
}

function sumCursor(cursor: PlainCursor): number {
  let sum = 0;
  while (cursor.next()) {
    sum += 1 + cursor.packetId;
    if (cursor.type === "publish") {
      sum += cursor.topic.length + cursor.payloadLength + Number(cursor.bytes[cursor.payloadStart]);
    }
  }
  return sum;
}

function sumPackets(cursor: PlainCursor): number {
  let sum = 0;
  while (cursor.next()) sum += sumOf(keep(cursor.packet()));
  return sum;
}

function sumOf(packet: Packet): number {
  if (packet.type === "publish") {
    const { topic, payload, packetId = 0 } = packet;
    return 1 + packetId + topic.length + payload.length + Number(payload[0]);
  }
  return "packetId" in packet ? 1 + packet.packetId : 1;
}
