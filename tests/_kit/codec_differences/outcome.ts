/** What comes out of a decoder: packets, and how the stream was refused if it was. */

import type { Packet } from "../../../src/codec/mod.ts";
import { MalformedPacketError } from "../../../src/errors.ts";
import { describe } from "./describe.ts";

/** A line for each packet, then how the stream ended. */
export type Outcome = string[];

/** What all decoders that are pushed to have in common. */
export interface Decoder {
  push(chunk: Uint8Array): void;
  next(): Packet | undefined;
}

/** What all decoders that say where to read to have in common. */
export interface Reader {
  space(): Uint8Array;
  close(): void;
}

/** Packets are described when all bytes are through: they are their owner's until then and longer. */
type Line = string | Packet;

/** What a decoder makes of these chunks. */
export function drain(decoder: Decoder, chunks: Iterable<Uint8Array>): Outcome {
  const lines: Line[] = [];
  return settle(lines, () => {
    for (const chunk of chunks) {
      decoder.push(chunk);
      for (let packet = decoder.next(); packet; packet = decoder.next()) {
        lines.push(packet);
      }
    }
    // An empty chunk moves nobody on.
    decoder.push(new Uint8Array(0));
    if (decoder.next()) lines.push("a packet too late");
  }, () => decoder.next());
}

/** What a reader makes of them; each is read in as many pieces as it takes. */
export function read(
  reader: Reader,
  chunks: Iterable<Uint8Array>,
  take: (count: number) => Iterable<Line>,
): Outcome {
  const lines: Line[] = [];
  const outcome = settle(lines, () => {
    for (const chunk of chunks) {
      for (let at = 0; at < chunk.length;) {
        const space = reader.space();
        const piece = chunk.subarray(at, at + space.length);
        space.set(piece);
        at += piece.length;
        for (const line of take(piece.length)) lines.push(line);
      }
    }
    reader.space();
  }, () => reader.space());
  reader.close();
  return outcome;
}

function settle(lines: Line[], run: () => void, again: () => unknown): Outcome {
  try {
    run();
  } catch (error) {
    if (!(error instanceof MalformedPacketError)) throw error;
    const { code, statement, offset, message } = error;
    const refusal = `${code} [${statement}] at ${offset}: ${message}`;
    return [...lines.map(toText), refusal, staysRefused(again, error)];
  }
  return [...lines.map(toText), "not refused"];
}

function toText(line: Line): string {
  return typeof line === "string" ? line : describe(line);
}

function staysRefused(again: () => unknown, error: unknown): string {
  try {
    again();
  } catch (second) {
    if (second === error) return "stays refused";
  }
  return "does not stay refused";
}
