/** The packets of one read, made independent of the codec's memory. */

import type { LazyPacket } from "./lazy_publish.ts";
import { liftControlPacket, liftLazyPublish, liftPublish } from "./lift_packet.ts";
import type { Packet } from "./packet.ts";
import type { PacketStream, RowSource } from "./packet_stream.ts";
import { isPublish, START } from "./row.ts";
import { allocateBytes } from "./slab.ts";
import { CONSUMED, FIRST_ROW, memory, ROW_WORDS, words } from "./wasm.ts";

/** Appends every packet that the stream now has to `packets`. */
export function takePackets(stream: PacketStream, packets: Packet[]): void {
  for (let count = stream.scan(); count > 0; count = stream.scan()) {
    const source = ownPayloads(stream, count);
    for (let row = FIRST_ROW; row < FIRST_ROW + count * ROW_WORDS; row += ROW_WORDS) {
      packets.push(isPublish(row) ? liftPublish(row, source) : liftControlPacket(row));
    }
    stream.accept();
  }
}

/** The same, with payloads that become views when they are asked for. */
export function takeLazyPackets(stream: PacketStream, packets: LazyPacket[]): void {
  for (let count = stream.scan(); count > 0; count = stream.scan()) {
    const source = ownPayloads(stream, count);
    for (let row = FIRST_ROW; row < FIRST_ROW + count * ROW_WORDS; row += ROW_WORDS) {
      packets.push(isPublish(row) ? liftLazyPublish(row, source) : liftControlPacket(row));
    }
    stream.accept();
  }
}

/** One copy, from the first PUBLISH on, serves all payloads of a scan. */
function ownPayloads(stream: PacketStream, count: number): RowSource {
  const { source } = stream;
  if (source.bytes !== memory) return source;
  const end = FIRST_ROW + count * ROW_WORDS;
  let row = FIRST_ROW;
  while (row < end && !isPublish(row)) row += ROW_WORDS;
  if (row === end) return source;
  const [first, last] = [words[row + START]!, words[CONSUMED]!];
  const bytes = allocateBytes(last - first);
  bytes.set(memory.subarray(first, last));
  return { bytes, base: first };
}
