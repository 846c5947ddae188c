import { type DecoderOptions, type Packet, PacketDecoder } from "../../src/codec/mod.ts";

/** Every packet of a stream that arrives in these chunks. */
export function decodeAll(chunks: Iterable<Uint8Array>, options: DecoderOptions = {}): Packet[] {
  const decoder = new PacketDecoder(options);
  const packets: Packet[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let packet = decoder.next(); packet; packet = decoder.next()) packets.push(packet);
  }
  return packets;
}

/** All of these bytes in a row. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
