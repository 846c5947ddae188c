/** The fixed header around the body of a packet (section 2.2), also where it is wrong. */

/** All of these bytes in a row. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The first byte and the body of a packet that is well framed. */
export function parseFrame(
  bytes: Uint8Array<ArrayBuffer>,
): { first: number; body: Uint8Array<ArrayBuffer> } {
  const size = 1 + bytes.subarray(1).findIndex((byte) => byte < 0x80);
  return { first: bytes[0] ?? 0, body: bytes.slice(1 + size) };
}

/** Puts a header before a body; it may announce another length, or take more bytes for it than it needs. */
export function frame(
  first: number,
  body: Uint8Array,
  { remaining = body.length, lengthSize = 1 }: { remaining?: number; lengthSize?: number } = {},
): Uint8Array<ArrayBuffer> {
  const header = [first];
  for (let rest = remaining; rest > 0 || header.length <= lengthSize; rest >>= 7) {
    const isLast = rest < 0x80 && header.length >= lengthSize;
    header.push(rest & 0x7f | (isLast ? 0 : 0x80));
  }
  return concatBytes([new Uint8Array(header), body]);
}
