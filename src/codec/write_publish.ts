import { checkInteger, checkQos } from "./check_number.ts";
import { invalidPacket } from "./invalid_packet.ts";
import type { PublishPacket } from "./packet.ts";
import { topicHandle } from "./topic_handles.ts";
import { OVERSHOOT, wasm } from "./wasm.ts";

/** What the head of a PUBLISH needs at most: fixed header, topic, packet identifier, and room to overshoot. */
export const PUBLISH_HEAD_ROOM = 5 + 2 + 65535 + 2 + OVERSHOOT;

/**
 * Writes all of a PUBLISH but its payload to address `at`; returns the address behind it.
 *
 * @throws {TypeError | RangeError} If MQTT 3.1.1 forbids the packet.
 */
export function writePublishHead(at: number, packet: PublishPacket): number {
  const { topic, payload, qos, packetId = 0 } = packet;
  if (!(payload instanceof Uint8Array)) {
    throw new TypeError("Cannot encode PUBLISH: its payload is not a Uint8Array");
  }
  const first = 0x30 | checkQos(qos) << 1 | (packet.retain ? 1 : 0) | (packet.dup ? 8 : 0);
  checkInteger(packetId, "a packet identifier");
  const end = wasm.writePublishHead(at, first, topicHandle(topic), packetId, payload.length);
  if (end < 0) throw invalidPacket("PUBLISH");
  return end;
}
