import { assertEquals, assertThrows } from "@std/assert";
import { encodePacket, type Packet, PacketWriter } from "../../src/codec/mod.ts";
import { fromHex, toHex } from "../_kit/hex.ts";
import { concat, decodeAll } from "./_decode.ts";

/** Demands that a packet becomes exactly these bytes, by either encoder, and these bytes that packet. */
export function assertBothWays(packet: Packet, hex: string): void {
  const bytes = fromHex(hex);
  assertEquals(toHex(encodePacket(packet)), toHex(bytes));
  assertEquals(toHex(written(packet)), toHex(bytes));
  assertEquals(decodeAll([bytes]), [packet]);
}

function written(packet: Packet): Uint8Array {
  const writer = new PacketWriter();
  writer.write(packet);
  const bytes = concat(writer.take());
  writer.release();
  return bytes;
}

/** Demands that a packet, which may defy the types, is refused before a byte of it is written. */
export function assertUnsendable(
  packet: object,
  statement: string,
  Mistake: typeof TypeError = TypeError,
): void {
  assertThrows(() => encodePacket(packet as Packet), Mistake, statement);
  const writer = new PacketWriter();
  assertThrows(() => writer.write(packet as Packet), Mistake, statement);
  assertEquals(writer.size, 0);
}
