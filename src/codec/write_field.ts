import { invalidPacket } from "./invalid_packet.ts";
import { memory, OUTPUT, OUTPUT_SIZE, TEXT_CAPACITY, textUnits, wasm } from "./wasm.ts";

/** What a string is checked for beyond being text (`wasm/assembly/write_text.ts`). */
export const AS_TEXT = 0;
export const AS_TOPIC_NAME = 1;
export const AS_TOPIC_FILTER = 2;

/** The longest field: two bytes of length and 65 535 of content. */
const LONGEST_FIELD = 2 + 65535;

/**
 * Hands a string to the codec as UTF-16, the form it has here; WASM checks it and makes UTF-8 of it.
 *
 * @throws {TypeError} If it is not a string.
 * @throws {RangeError} If it cannot fit 65 535 bytes however it is encoded.
 */
export function stageText(text: string, what: string): number {
  if (typeof text !== "string") throw new TypeError(`Cannot encode ${what}: it is not a string`);
  const { length } = text;
  if (length > TEXT_CAPACITY) {
    throw new RangeError(`Cannot encode ${what}: it is longer than 65535 bytes of UTF-8 [1.5.3]`);
  }
  for (let i = 0; i < length; i++) textUnits[i] = text.charCodeAt(i);
  return length;
}

/** Writes a length-prefixed string to address `at` of the output area; returns the address behind it. */
export function writeString(
  at: number,
  text: string,
  { what, kind }: { what: string; kind: number },
): number {
  const end = wasm.writeString(checkRoom(at, LONGEST_FIELD), stageText(text, what), kind);
  if (end < 0) throw invalidPacket(what);
  return end;
}

/** Writes length-prefixed bytes to address `at` of the output area; returns the address behind them. */
export function writeBinary(at: number, bytes: Uint8Array, { what }: { what: string }): number {
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(`Cannot encode ${what}: it is not a Uint8Array`);
  }
  if (bytes.length > 65535) {
    throw new RangeError(`Cannot encode ${what}: it is longer than 65535 bytes [1.5.3]`);
  }
  const start = wasm.writeLength(checkRoom(at, LONGEST_FIELD), bytes.length);
  memory.set(bytes, start);
  return start + bytes.length;
}

/** Returns `at` if `size` more bytes fit the output area, where a packet is put together. */
export function checkRoom(at: number, size: number): number {
  if (at + size <= OUTPUT + OUTPUT_SIZE) return at;
  throw new RangeError("Cannot encode the packet: it is larger than 448 KiB, send several");
}
