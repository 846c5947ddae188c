/** The codec without WebAssembly: an oracle for tests and a baseline for benches. */

export { PlainCursor } from "./plain_cursor.ts";
export { PlainDecoder } from "./plain_decoder.ts";
export { plainEncode } from "./plain_encode.ts";
export { PlainReader } from "./plain_reader.ts";
export { PlainWriter } from "./plain_writer.ts";
