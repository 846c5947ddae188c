/**
 * The bytes of a message, which those files write as words with spaces between: hexadecimal digits as they stand;
 * `i7` a byte, `H7`, `k7`, `m7` and `s7` two bytes, `L7` four, `v7` and `r7` a length as MQTT writes it, longer than
 * MQTT allows where it must be; `'text'` in quotes.
 *
 * @throws {SyntaxError} If it is none of these.
 */
export function messageBytes(message: string): Uint8Array<ArrayBuffer> {
  const words = message.match(/'[^']*'|\S+/g) ?? [];
  return Uint8Array.from(words.flatMap((word) => [...wordBytes(word)]));
}

/** How many bytes a number after this letter takes. */
const SIZES: Record<string, number> = { i: 1, H: 2, k: 2, m: 2, s: 2, L: 4 };

function wordBytes(word: string): Iterable<number> {
  if (/^'.*'$/.test(word)) return new TextEncoder().encode(word.slice(1, -1));
  if (/^([0-9a-fA-F]{2})+$/.test(word)) return Uint8Array.fromHex(word);
  const [, letter = "", digits = ""] = /^([iHkmsLvr])(\d+)$/.exec(word) ?? [];
  const size = SIZES[letter];
  if (digits === "") throw new SyntaxError(`Cannot read the message: "${word}" is no word of it`);
  return size === undefined ? variableLength(Number(digits)) : bigEndian(Number(digits), size);
}

function bigEndian(value: number, size: number): number[] {
  return Array.from({ length: size }, (_, at) => Math.floor(value / 256 ** (size - 1 - at)) % 256);
}

function variableLength(value: number): number[] {
  const rest = Math.floor(value / 128);
  return rest === 0 ? [value] : [value % 128 + 128, ...variableLength(rest)];
}
