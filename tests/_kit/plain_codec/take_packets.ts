import type { Packet } from "../../../src/codec/mod.ts";
import { isPublish, liftControlPacket, liftPublish } from "./lift_packet.ts";
import { ownBytes, type OwnedBytes } from "./own_bytes.ts";
import type { PlainStream } from "./plain_stream.ts";
import { ROW_WORDS, START, word } from "./rows.ts";

/** Appends every packet that the stream now has to `packets`, each independent of the stream's buffers. */
export function takePackets(stream: PlainStream, packets: Packet[]): void {
  for (let count = stream.scan(); count > 0; count = stream.scan()) {
    takeRows(stream, count, packets);
    stream.accept();
  }
}

function takeRows(stream: PlainStream, count: number, packets: Packet[]): void {
  const { source } = stream;
  let body: OwnedBytes | undefined;
  for (let row = 0; row < count * ROW_WORDS; row += ROW_WORDS) {
    if (isPublish(row)) {
      body ??= ownBytes(stream, word(row + START), stream.consumed);
      packets.push(liftPublish(row, source, body));
    } else packets.push(liftControlPacket(row, source));
  }
}
