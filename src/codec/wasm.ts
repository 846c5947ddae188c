/**
 * The one instance of the codec, its memory, and the layout of that memory.
 *
 * The memory never grows, so views of it stay good. Everything here is synchronous and finished when a
 * call returns; what lasts longer (a packet cut in two, bytes being written) is kept by its owner or in a
 * leased slot of `arena.ts`. The only file of the project that says `WebAssembly`.
 */

import { WASM_BASE64 } from "./wasm_bytes.ts";

/** The functions of `wasm/assembly/index.ts`; addresses and lengths in bytes, -1 for refused. */
interface CodecFunctions {
  seedHash(low: number, high: number): number;
  scan(start: number, end: number, acceptedTypes: number, maximumPacketSize: number): number;
  headSize(start: number, end: number): number;
  readFields(body: number, next: number): number;
  listEntries(at: number, end: number, withQos: number): number;
  defineTopic(units: number): number;
  writeString(at: number, units: number, kind: number): number;
  writeLength(at: number, length: number): number;
  writePacketId(at: number, packetId: number): number;
  writeConnectHeader(at: number, flags: number, keepAliveSeconds: number): number;
  writeHeader(body: number, end: number, first: number): number;
  writeAcknowledgement(at: number, first: number, packetId: number): number;
  writePublishHead(
    at: number,
    first: number,
    handle: number,
    packetId: number,
    payloadLength: number,
  ): number;
  addRoot(): number;
  addFilter(root: number, units: number, filter: number): number;
  removeFilter(place: number): void;
  matchFilters(root: number, at: number, length: number): number;
  matchText(root: number, units: number): number;
}

const { exports } = new WebAssembly.Instance(
  new WebAssembly.Module(Uint8Array.fromBase64(WASM_BASE64)),
);

function constant(name: string): number {
  return (exports[name] as WebAssembly.Global).value;
}

const buffer = (exports.memory as WebAssembly.Memory).buffer as ArrayBuffer;

/** The functions. */
export const wasm = exports as unknown as CodecFunctions;
/** All of the memory as bytes. */
export const memory: Uint8Array<ArrayBuffer> = new Uint8Array(buffer);
/** All of the memory as words: `words[address >> 2]`. */
export const words: Int32Array<ArrayBuffer> = new Int32Array(buffer);
/** Where a string goes before it is encoded. */
export const textUnits: Uint16Array<ArrayBuffer> = new Uint16Array(
  buffer,
  constant("TEXT"),
  constant("TEXT_CAPACITY"),
);

/** Index in `words` of a status word. */
function statusWord(name: string): number {
  return (constant("STATUS") >> 2) + constant(name);
}

export const CONSUMED: number = statusWord("WORD_CONSUMED");
export const NEEDED: number = statusWord("WORD_NEEDED");
export const ERROR: number = statusWord("WORD_ERROR");
export const ERROR_AT: number = statusWord("WORD_ERROR_AT");
export const FLIPS: number = statusWord("WORD_FLIPS");
export const TOPICS: number = statusWord("WORD_TOPICS");
export const NEXT_ENTRY: number = statusWord("WORD_NEXT_ENTRY");
export const FILTER_NODES: number = statusWord("WORD_FILTER_NODES");

/** Index in `words` of the first row, and words in a row. */
export const FIRST_ROW: number = constant("ROWS") >> 2;
export const ROW_WORDS: number = constant("ROW_SIZE") >> 2;
/** Index in `words` of the first field. */
export const FIRST_FIELD: number = constant("FIELDS") >> 2;
/** Index in `words` of the first kept topic, and how many each generation holds. */
export const FIRST_TOPIC: number = constant("TOPIC_ENTRIES") >> 2;
export const TOPIC_CAPACITY: number = constant("TOPIC_CAPACITY");

/** Index in `words` of the first filter that a match has found. */
export const FIRST_MATCH: number = constant("FILTER_MATCHES") >> 2;

export const HANDLE_CAPACITY: number = constant("HANDLE_CAPACITY");
export const LONG_TOPIC_HANDLE: number = constant("LONG_TOPIC_HANDLE");
export const TEXT_CAPACITY: number = constant("TEXT_CAPACITY");
export const HEAD_ROOM: number = constant("HEAD_ROOM");
export const OVERSHOOT: number = constant("OVERSHOOT");

/** Address of the bytes to decode that live nowhere else in this memory. */
export const INPUT: number = constant("INPUT");
/** Address and size of the area in which packets are put together. */
export const OUTPUT: number = constant("OUTPUT");
export const OUTPUT_SIZE: number = constant("OUTPUT_SIZE");

export const SLOTS: number = constant("SLOTS");
export const SLOT_SIZE: number = constant("SLOT_SIZE");
export const SLOT_COUNT: number = constant("SLOT_COUNT");
