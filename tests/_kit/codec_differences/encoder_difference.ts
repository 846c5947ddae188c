/** Whether both codecs make the same bytes of packets, or refuse them with the same words. */

import { encodePacket, type Packet, PacketWriter } from "../../../src/codec/mod.ts";
import { shorten } from "./describe.ts";
import { concatBytes } from "../packet_generators/frame.ts";
import { plainEncode, PlainWriter } from "../plain_codec/mod.ts";

interface Writer {
  write(packet: Packet): void;
  readonly size: number;
  take(): Uint8Array[];
  release(): void;
}

/** What the codecs disagree about, or `undefined`. */
export function encoderDifference(packets: readonly Packet[]): string | undefined {
  for (const packet of packets) {
    const expected = attempt(() => plainEncode(packet).toHex());
    const actual = attempt(() => encodePacket(packet).toHex());
    if (actual !== expected) {
      return `encodePacket() gives\n  ${shorten(actual)}, not\n  ${shorten(expected)}`;
    }
  }
  const expected = writeAll(new PlainWriter(), packets);
  const actual = writeAll(new PacketWriter(), packets);
  if (actual === expected) return undefined;
  return `PacketWriter gives\n  ${shorten(actual)}, not\n  ${shorten(expected)}`;
}

/** Refusals, size, and all the bytes that one writer gives. */
function writeAll(writer: Writer, packets: readonly Packet[]): string {
  const refusals = packets.map((packet) => attempt(() => `${writer.write(packet) ?? "written"}`));
  const { size } = writer;
  const bytes = concatBytes(writer.take()).toHex();
  writer.release();
  return `${refusals.join("; ")}; ${size} bytes: ${bytes}`;
}

function attempt(encode: () => string): string {
  try {
    return encode();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    return `${error.name}: ${error.message}`;
  }
}
