import { crc32 } from "./crc32.ts";

const CHECKSUM_BYTES = 4;

/** The bytes behind their checksum: what every value in the file looks like. */
export function checkedValue(...pieces: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = pieces.reduce((sum, piece) => sum + piece.length, CHECKSUM_BYTES);
  const value = new Uint8Array(length);
  let at = CHECKSUM_BYTES;
  for (const piece of pieces) {
    value.set(piece, at);
    at += piece.length;
  }
  new DataView(value.buffer).setUint32(0, crc32(value.subarray(CHECKSUM_BYTES)));
  return value;
}

/** The bytes again; `undefined` if one of them has changed. */
export function openCheckedValue(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (!(value instanceof Uint8Array) || value.length < CHECKSUM_BYTES) return undefined;
  const bytes = value.subarray(CHECKSUM_BYTES) as Uint8Array<ArrayBuffer>;
  const checksum = new DataView(value.buffer, value.byteOffset).getUint32(0);
  return crc32(bytes) === checksum ? bytes : undefined;
}
