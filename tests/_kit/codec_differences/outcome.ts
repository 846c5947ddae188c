/** What comes out of a decoder: packets, and how the stream was refused if it was. */

import {
  type DecoderOptions,
  type Packet,
  PacketDecoder,
  PacketReader,
} from "../../../src/codec/mod.ts";
import { MalformedPacketError } from "../../../src/errors.ts";
import { PlainDecoder, PlainReader } from "../plain_codec/mod.ts";
import { describe } from "./describe.ts";

/** The packets, and the last line: the refusal, or that there is none. */
export type Outcome = string[];

interface Decoder {
  push(chunk: Uint8Array): void;
  next(): Packet | undefined;
}

interface Cursor {
  next(): boolean;
  readonly type: Packet["type"];
  readonly packetId: number;
  readonly qos: number;
  readonly retain: boolean;
  readonly dup: boolean;
  readonly topic: string;
  readonly payloadLength: number;
  readonly bytes: Uint8Array;
  readonly payloadStart: number;
  readonly payload: Uint8Array;
  packet(): Packet;
}

interface Reader {
  space(): Uint8Array;
  commit(count: number): Packet[];
  cursor(count: number): Cursor;
  close(): void;
}

/** What a decoder makes of these chunks. */
function drain(decoder: Decoder, chunks: Iterable<Uint8Array>): Outcome {
  const outcome: Outcome = [];
  try {
    for (const chunk of chunks) {
      decoder.push(chunk);
      for (let packet = decoder.next(); packet; packet = decoder.next()) {
        outcome.push(describe(packet));
      }
    }
  } catch (error) {
    return [...outcome, refusal(error), staysRefused(() => decoder.next(), error)];
  }
  return [...outcome, "not refused"];
}

/** What a reader makes of them when each is read in as many pieces as it takes. */
function read(
  reader: Reader,
  chunks: Iterable<Uint8Array>,
  take: (reader: Reader, count: number) => string[],
): Outcome {
  const outcome: Outcome = [];
  try {
    for (const chunk of chunks) {
      for (let at = 0; at < chunk.length;) {
        const space = reader.space();
        const piece = chunk.subarray(at, at + space.length);
        space.set(piece);
        at += piece.length;
        outcome.push(...take(reader, piece.length));
      }
    }
    reader.space();
  } catch (error) {
    return [...outcome, refusal(error), staysRefused(() => reader.space(), error)];
  } finally {
    reader.close();
  }
  return [...outcome, "not refused"];
}

function refusal(error: unknown): string {
  if (!(error instanceof MalformedPacketError)) throw error;
  return `${error.code} [${error.statement}] at ${error.offset}: ${error.message}`;
}

function staysRefused(again: () => unknown, error: unknown): string {
  try {
    again();
  } catch (second) {
    if (second === error) return "stays refused";
  }
  return "does not stay refused";
}

function takePackets(reader: Reader, count: number): string[] {
  return reader.commit(count).map(describe);
}

function takeWithCursor(reader: Reader, count: number): string[] {
  const lines: string[] = [];
  const cursor = reader.cursor(count);
  while (cursor.next()) lines.push(describePlace(cursor));
  return lines;
}

/** Where a cursor stands, which is what its owned packet says, and what its fields do. */
function describePlace(cursor: Cursor): string {
  const owned = cursor.packet();
  const line = describe(owned);
  if (owned.type !== "publish") return cursor.type === owned.type ? line : `a cursor on ${line}`;
  const { type, packetId, qos, retain, dup, topic, payload } = cursor;
  if (type !== "publish") return `a cursor on ${type}, not ${line}`;
  const end = cursor.payloadStart + cursor.payloadLength;
  const view = cursor.bytes.subarray(cursor.payloadStart, end);
  const fields = { type, qos: qos as 0 | 1 | 2, retain, dup, topic, payload };
  const packet: Packet = packetId === 0 ? fields : { ...fields, packetId };
  const places = [describe(packet), describe({ ...packet, payload: view })];
  return places.every((place) => place === line) ? line : `a cursor on ${places}, not ${line}`;
}

type Way = (chunks: Iterable<Uint8Array>, options: DecoderOptions) => Outcome;

/** The oracle: the plain decoder. */
export const readPlainly: Way = (chunks, options) => drain(new PlainDecoder(options), chunks);

/** Every way to decode there is. */
export const WAYS: Readonly<Record<string, Way>> = {
  "PlainDecoder": readPlainly,
  "PlainReader.commit()": (chunks, options) => read(new PlainReader(options), chunks, takePackets),
  "PlainReader.cursor()": (chunks, options) =>
    read(new PlainReader(options), chunks, takeWithCursor),
  "PacketDecoder": (chunks, options) => drain(new PacketDecoder(options), chunks),
  "PacketReader.commit()": (chunks, options) =>
    read(new PacketReader(options) as unknown as Reader, chunks, takePackets),
};
