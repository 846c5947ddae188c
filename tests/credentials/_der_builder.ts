/** Writes ASN.1 for tests, right or wrong. It shares nothing with the reader it is there to test. */

const octetString = 0x04;
const constructed = 0x20;

/** One element: tag, length, and the contents one after the other. */
export function element(tag: number, ...contents: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const content = concat(contents);
  return concat([Uint8Array.of(tag, ...lengthOf(content.length)), content]);
}

/** One element whose length is not given; two zero bytes end it. */
export function indefinite(tag: number, ...contents: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concat([Uint8Array.of(tag, 0x80), ...contents, Uint8Array.of(0, 0)]);
}

export function sequence(...contents: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return element(0x30, ...contents);
}

export function set(...contents: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return element(0x31, ...contents);
}

export function octets(...contents: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return element(octetString, ...contents);
}

/** `[0]` around something. */
export function context0(...contents: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return element(0xa0, ...contents);
}

/** A number of at most 48 bits. */
export function integer(value: number): Uint8Array<ArrayBuffer> {
  const bytes = [value % 256];
  for (let rest = Math.floor(value / 256); rest > 0; rest = Math.floor(rest / 256)) {
    bytes.unshift(rest % 256);
  }
  return element(0x02, Uint8Array.of(...(bytes[0] ?? 0) >= 0x80 ? [0] : [], ...bytes));
}

export function oid(dotted: string): Uint8Array<ArrayBuffer> {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return element(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** A text in big-endian UTF-16. */
export function bmpString(text: string): Uint8Array<ArrayBuffer> {
  const units = Array.from(text, (_, i) => text.charCodeAt(i));
  return element(0x1e, Uint8Array.from(units.flatMap((unit) => [unit >> 8, unit & 0xff])));
}

/** The same DER in the BER of other makers: no lengths, and every OCTET STRING in segments of `size` bytes. */
export function toBer(der: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  return concat(
    split(der).map(({ tag, content }) => {
      if (tag === octetString) return indefinite(tag | constructed, ...segments(content, size));
      if ((tag & constructed) === 0) return element(tag, content);
      return indefinite(tag, toBer(content, size));
    }),
  );
}

export function concat(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function segments(content: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(content.length / size);
  return Array.from(
    { length: count },
    (_, i) => octets(content.subarray(i * size, (i + 1) * size)),
  );
}

/** Takes DER apart, one level deep. */
function split(der: Uint8Array): { tag: number; content: Uint8Array }[] {
  const found = [];
  for (let at = 0; at < der.length;) {
    const first = der[at + 1] ?? 0;
    const count = first < 0x80 ? 0 : first & 0x7f;
    const length = count === 0
      ? first
      : der.subarray(at + 2, at + 2 + count).reduce((n, b) => n * 256 + b, 0);
    const start = at + 2 + count;
    found.push({ tag: der[at] ?? 0, content: der.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes = [];
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return [0x80 | bytes.length, ...bytes];
}

function base128(arc: number): number[] {
  const bytes = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.unshift(0x80 | rest % 128);
  }
  return bytes;
}
