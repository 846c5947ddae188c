import type { Packet, PacketCursor } from "../../../src/codec/mod.ts";
import type { PlainCursor } from "../plain_codec/mod.ts";
import { describe } from "./describe.ts";

type Cursor = Pick<PacketCursor, Exclude<keyof PlainCursor, "start">>;

/** A line for each packet that a cursor walks over, at each of which something else may happen first. */
export function* cursorLines(cursor: Cursor, disturb = () => {}): Generator<string> {
  while (cursor.next()) {
    disturb();
    const packet = cursor.packet();
    const line = describe(packet);
    const isRight = cursor.type === packet.type &&
      cursor.packetId === ("packetId" in packet ? packet.packetId : 0) &&
      (packet.type !== "publish" || line === describe(publishAt(cursor)));
    yield isRight ? line : `a cursor whose fields are not those of ${line}`;
  }
}

/** The same, but every third packet only is made and kept, some of them while another stream is decoded. */
export function* someOwned(cursor: Cursor, disturb: () => void): Generator<string | Packet> {
  for (let count = 0; cursor.next(); count++) {
    if (count % 5 === 0) disturb();
    const isOwned = count % 3 === 0 || cursor.type !== "publish";
    yield isOwned ? cursor.packet() : describe(publishAt(cursor));
  }
}

/** The PUBLISH that the fields of a cursor tell of. */
function publishAt(cursor: Cursor): Packet {
  const { topic, qos, retain, dup, packetId, bytes, payloadStart, payloadLength } = cursor;
  const payload = bytes.subarray(payloadStart, payloadStart + payloadLength);
  const isSame = payload.byteOffset === cursor.payload.byteOffset &&
    payload.length === cursor.payload.length;
  const packet: Packet = {
    type: "publish",
    topic,
    payload: isSame ? payload : new Uint8Array(0),
    qos,
    retain,
    dup,
  };
  return packetId === 0 ? packet : { ...packet, packetId };
}
