import { checkInteger } from "../../../src/codec/check_number.ts";
import { refuse } from "./refuse.ts";

/** Writes two bytes; returns the index behind them. */
export function writeUint16(out: Uint8Array, at: number, value: number): number {
  out[at] = value >> 8;
  out[at + 1] = value;
  return at + 2;
}

/** Writes a packet identifier of the packet `what`; returns the index behind it. */
export function writePacketId(out: Uint8Array, at: number, packet: IdentifiedPacket): number {
  const packetId = checkInteger(packet.packetId, "a packet identifier");
  return writeUint16(out, at, checkPacketId(packetId, packet.type.toUpperCase()));
}

interface IdentifiedPacket {
  type: string;
  packetId: number;
}

/** Returns a packet identifier that is one. */
export function checkPacketId(packetId: number, what: string): number {
  return packetId > 0 && packetId <= 65535 ? packetId : refuse("packetId", what, packetId);
}

/** How many bytes a remaining length takes. */
export function lengthSize(remaining: number): number {
  return remaining < 0x80 ? 1 : remaining < 0x4000 ? 2 : remaining < 0x200000 ? 3 : 4;
}

/** Writes a remaining length; returns the index behind it. */
export function writeRemainingLength(out: Uint8Array, at: number, remaining: number): number {
  while (remaining > 127) {
    out[at++] = remaining | 0x80;
    remaining >>= 7;
  }
  out[at] = remaining;
  return at + 1;
}
