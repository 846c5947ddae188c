import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { type DecoderOptions, PacketDecoder, PacketReader } from "../../src/codec/mod.ts";
import { MalformedPacketError } from "../../src/errors.ts";

/** Any role takes it. */
const GOOD = new Uint8Array([0x40, 2, 0, 9]);

/** What must be said of malformed bytes. */
export interface Refusal extends DecoderOptions {
  statement: string;
  offset: number;
  code?: string;
}

/** What is said of these bytes: statement and offset, or `undefined` when they are taken. */
export function refusalOf(
  bytes: Uint8Array,
  options: DecoderOptions = {},
): [statement: string, offset: number] | undefined {
  const decoder = new PacketDecoder(options);
  decoder.push(bytes);
  try {
    while (decoder.next());
    return undefined;
  } catch (error) {
    if (!(error instanceof MalformedPacketError)) throw error;
    return [error.statement, error.offset];
  }
}

/** Demands the same refusal of bytes in every chunking, and that it stays. */
export function assertRefused(bytes: Uint8Array, { statement, offset, code, ...options }: Refusal) {
  const expected = [statement, offset, code ?? "MQTT_MALFORMED_PACKET"];
  for (const chunks of chunkings(bytes)) {
    const decoder = new PacketDecoder(options);
    for (const chunk of chunks) decoder.push(chunk);
    const error = assertThrows(() => decoder.next(), MalformedPacketError);
    assertEquals([error.statement, error.offset, error.code], expected);
    decoder.push(GOOD);
    assertStrictEquals(assertThrows(() => decoder.next()), error);
  }
  assertReaderRefuses(bytes, options, expected);
}

/** At once, byte by byte, and in two at every place. */
function* chunkings(bytes: Uint8Array): Generator<Uint8Array[]> {
  yield [bytes];
  yield Array.from(bytes, (byte) => new Uint8Array([byte]));
  for (let at = 1; at < bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)];
}

type Take = (reader: PacketReader, count: number) => void;

/** The ways to take what a reader has read. */
const TAKES: readonly Take[] = [
  (reader, count) => reader.commit(count),
  (reader, count) => {
    const cursor = reader.cursor(count);
    while (cursor.next()) cursor.lazyPacket();
  },
  (reader, count) => {
    const cursor = reader.cursor(count);
    while (cursor.next());
  },
];

function assertReaderRefuses(bytes: Uint8Array, options: DecoderOptions, expected: unknown[]) {
  for (const take of TAKES) {
    for (const size of [1, bytes.length]) {
      const reader = new PacketReader(options);
      const error = assertThrows(
        () => readAll(reader, { bytes, size, take }),
        MalformedPacketError,
      );
      assertEquals([error.statement, error.offset, error.code], expected);
      assertStrictEquals(assertThrows(() => reader.space()), error);
      reader.close();
    }
  }
}

function readAll(
  reader: PacketReader,
  { bytes, size, take }: { bytes: Uint8Array; size: number; take: Take },
): void {
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    reader.space().set(piece);
    take(reader, piece.length);
  }
  reader.space();
}
