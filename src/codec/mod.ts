/**
 * MQTT 3.1.1 packets: bytes in, packets out, and back. It knows no socket, no clock and no session.
 *
 * The work is done by a WebAssembly module, strict by default: whatever breaks a normative statement is
 * refused with the statement's id, and nothing that breaks one can be encoded.
 *
 * @example There and back
 * ```ts
 * import { encodePacket, PacketDecoder } from "@hubwire/hubwire/codec";
 * import { assertEquals } from "@std/assert";
 *
 * const decoder = new PacketDecoder();
 * decoder.push(encodePacket({ type: "puback", packetId: 42 }));
 * assertEquals(decoder.next(), { type: "puback", packetId: 42 });
 * ```
 *
 * @module
 */

export { encodePacket } from "./encode_packet.ts";
export { type LazyPacket, LazyPublish } from "./lazy_publish.ts";
export type {
  AcknowledgementPacket,
  ConnackPacket,
  ConnectPacket,
  ControlPacket,
  EmptyPacket,
  Packet,
  PublishPacket,
  SubackPacket,
  SubscribePacket,
  Subscription,
  UnsubscribePacket,
  Will,
} from "./packet.ts";
export { PacketCursor } from "./packet_cursor.ts";
export { PacketDecoder } from "./packet_decoder.ts";
export { PacketReader } from "./packet_reader.ts";
export { type DecoderOptions, DEFAULT_MAXIMUM_PACKET_SIZE, type Role } from "./packet_stream.ts";
export { LARGE_PAYLOAD, PacketWriter } from "./packet_writer.ts";
export { PayloadPool, type PayloadPoolOptions } from "./payload_pool.ts";
export { seedHash } from "./seed_hash.ts";
export { TopicFilters } from "./topic_filters.ts";
