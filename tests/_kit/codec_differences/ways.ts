/** Every way to decode there is. */

import {
  type DecoderOptions,
  type Packet,
  PacketDecoder,
  PacketReader,
  PayloadPool,
} from "../../../src/codec/mod.ts";
import { PlainDecoder, PlainReader } from "../plain_codec/mod.ts";
import { cursorLines, someOwned } from "./cursor_lines.ts";
import { describe } from "./describe.ts";
import { drain, type Outcome, read } from "./outcome.ts";

type Way = (chunks: Iterable<Uint8Array>, options: DecoderOptions) => Outcome;

/** The oracle: the plain decoder. */
export const decodePlainly: Way = (chunks, options) => drain(new PlainDecoder(options), chunks);

/** The ways by their names. */
export const WAYS: Readonly<Record<string, Way>> = {
  "PlainDecoder": decodePlainly,
  "PlainReader.commit()": (chunks, options) => {
    const reader = new PlainReader(options);
    return read(reader, chunks, (count) => reader.commit(count));
  },
  "PlainReader.cursor()": (chunks, options) => {
    const reader = new PlainReader(options);
    return read(reader, chunks, (count) => cursorLines(reader.cursor(count)));
  },
  "PacketDecoder": (chunks, options) => drain(new PacketDecoder(options), chunks),
  "PacketReader.commit()": (chunks, options) => {
    const reader = new PacketReader(options);
    return read(reader, chunks, (count) => reader.commit(count));
  },
  "PacketReader.cursor()": (chunks, options) => {
    const reader = new PacketReader(options);
    return read(reader, chunks, (count) => cursorLines(reader.cursor(count)));
  },
  "PacketCursor.lazyPacket()": (chunks, options) => {
    const reader = new PacketReader(options);
    return read(reader, chunks, (count) => {
      const packets: Packet[] = [];
      for (const cursor = reader.cursor(count); cursor.next();) packets.push(cursor.lazyPacket());
      return packets;
    });
  },
  "PacketReader.cursor() while another stream is decoded": (chunks, options) => {
    const reader = new PacketReader(options);
    const other = new PacketDecoder();
    const disturb = () => other.push(OTHER_STREAM);
    return read(reader, chunks, (count) => cursorLines(reader.cursor(count), disturb));
  },
  "PacketCursor.packet() now and then": (chunks, options) => {
    const reader = new PacketReader(options);
    const other = new PacketDecoder();
    const disturb = () => other.push(OTHER_STREAM);
    return read(reader, chunks, (count) => someOwned(reader.cursor(count), disturb));
  },
  "PacketReader with a pool": (chunks, options) => {
    const reader = new PacketReader({ ...options, pool: POOL });
    return read(reader, chunks, (count) => reader.commit(count).map(describeAndRelease));
  },
};

/** Two whole packets. */
const OTHER_STREAM = new Uint8Array([0x30, 5, 0, 1, 0x78, 1, 2, 0x30, 6, 0, 2, 0x78, 0x79, 3, 4]);
const POOL = new PayloadPool();

function describeAndRelease(packet: Packet): string {
  const line = describe(packet);
  if (packet.type === "publish") POOL.release(packet.payload);
  return line;
}
