/** The packets of one scan, made independent of the codec's memory. */

import type { Packet } from "./packet.ts";
import { isPublish, liftControlPacket, liftPublish, START } from "./lift_packet.ts";
import type { PacketStream, RowSource } from "./packet_stream.ts";
import { allocateBytes } from "./slab.ts";
import { CONSUMED, FIRST_ROW, memory, ROW_WORDS, words } from "./wasm.ts";

/** Appends every packet that the stream now has to `packets`. */
export function takePackets(stream: PacketStream, packets: Packet[]): void {
  for (let count = stream.scan(); count > 0; count = stream.scan()) {
    takeRows(stream, count, packets);
    stream.accept();
  }
}

function takeRows(stream: PacketStream, count: number, packets: Packet[]): void {
  let source: RowSource | undefined;
  for (let row = FIRST_ROW; row < FIRST_ROW + count * ROW_WORDS; row += ROW_WORDS) {
    if (isPublish(row)) {
      source ??= ownBytes(stream.source, words[row + START]!);
      packets.push(liftPublish(row, source));
    } else packets.push(liftControlPacket(row));
  }
}

/** One copy of everything from `start` on serves all payloads of the batch. */
function ownBytes(source: RowSource, start: number): RowSource {
  if (source.bytes !== memory) return source;
  const end = words[CONSUMED]!;
  const bytes = allocateBytes(end - start);
  bytes.set(memory.subarray(start, end));
  return { bytes, base: start };
}
