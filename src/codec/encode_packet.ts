import type { Packet } from "./packet.ts";
import { allocateBytes } from "./slab.ts";
import { memory, OUTPUT } from "./wasm.ts";
import { writeControlPacket } from "./write_control_packet.ts";
import { writePublishHead } from "./write_publish.ts";

/** Most heads are shorter. */
const LONGEST_KEPT_VIEW = 256;

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
    const headLength = headEnd - OUTPUT;
    const bytes = allocateBytes(headLength + payload.length);
    bytes.set(headView(headLength));
    bytes.set(payload, headLength);
    return bytes;
  }
  const { start, end } = writeControlPacket(packet);
  return memory.slice(start, end);
}

/** By their length: to make a view costs more than to copy what it shows. */
const headViews: Uint8Array[] = [];

/** The first bytes of the output area. */
function headView(length: number): Uint8Array {
  if (length > LONGEST_KEPT_VIEW) return memory.subarray(OUTPUT, OUTPUT + length);
  return headViews[length] ??= memory.subarray(OUTPUT, OUTPUT + length);
}
