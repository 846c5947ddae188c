import type { Packet } from "./packet.ts";
import { allocateBytes } from "./slab.ts";
import { memory, OUTPUT } from "./wasm.ts";
import { writeControlPacket } from "./write_control_packet.ts";
import { writePublishHead } from "./write_publish.ts";

/**
 * Encodes one MQTT 3.1.1 packet; the result is yours, nothing else is ever written to it.
 *
 * Like Node's `Buffer`, the bytes of a small PUBLISH may share their `ArrayBuffer` with those of others: copy them
 * (`bytes.slice()`) before transferring the buffer. Nothing is written when the packet may not be sent:
 * topics and other strings are checked in full. A control packet with lists may take up to 448 KiB. For many
 * packets in one buffer use {@linkcode PacketWriter}.
 *
 * @example A PUBLISH at QoS 0
 * ```ts
 * import { encodePacket } from "@hubwire/hubwire/codec";
 * import { assertEquals } from "@std/assert";
 *
 * const payload = new TextEncoder().encode("hi");
 * const bytes = encodePacket({ type: "publish", topic: "a/b", payload, qos: 0, retain: false, dup: false });
 * assertEquals(bytes, new Uint8Array([0x30, 7, 0, 3, 0x61, 0x2f, 0x62, 0x68, 0x69]));
 * ```
 *
 * @throws {TypeError} If MQTT 3.1.1 forbids the packet: a wildcard in a topic name, an empty list, …
 * @throws {RangeError} If a number, a string or the packet is out of range.
 */
export function encodePacket(packet: Packet): Uint8Array {
  if (packet.type === "publish") {
    const { payload } = packet;
    const headEnd = writePublishHead(OUTPUT, packet);
    const bytes = allocateBytes(headEnd - OUTPUT + payload.length);
    bytes.set(memory.subarray(OUTPUT, headEnd));
    bytes.set(payload, headEnd - OUTPUT);
    return bytes;
  }
  const { start, end } = writeControlPacket(packet);
  return memory.slice(start, end);
}
