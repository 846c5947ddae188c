import type { Packet } from "../../../src/codec/mod.ts";
import { allocateBytes } from "../../../src/codec/slab.ts";
import { encodeControlPacket } from "./write_control_packet.ts";
import { checkPublish, publishSize, writePublishHead } from "./write_publish.ts";

/** Does what `encodePacket` does. */
export function plainEncode(packet: Packet): Uint8Array {
  if (packet.type !== "publish") return encodeControlPacket(packet);
  const head = checkPublish(packet);
  const bytes = allocateBytes(publishSize(head));
  bytes.set(packet.payload, writePublishHead(bytes, 0, head));
  return bytes;
}
