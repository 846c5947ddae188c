import { usageError } from "./cli_error.ts";
import type { Flags, FlagTable } from "./flags.ts";
import type { Io } from "./io.ts";
import { readLines } from "./lines.ts";
import { readInputFile } from "./read_input_file.ts";

/** The flags that say what is sent. */
export const PAYLOAD_FLAGS = {
  "message": { short: "m", value: "TEXT", about: "send this text" },
  "file": { short: "f", value: "FILE", about: "send this file, as one message" },
  "lines": {
    short: "l",
    alias: "stdin-line",
    about: "send each line of standard input as a message, as it comes",
  },
  "null-message": { short: "n", about: "send a message of no bytes" },
} as const satisfies FlagTable;

/** What is to be sent, message by message. */
export type Payloads = (signal: AbortSignal) => AsyncIterable<Uint8Array>;

const LARGEST_FILE = 268_435_455;

/** Reads the flags that say what is sent; a file is read at once. */
export async function readPayloads(
  flags: Flags<keyof typeof PAYLOAD_FLAGS>,
  io: Io,
): Promise<Payloads> {
  flags.refuseTogether("message", "file", "lines", "null-message");
  const [text, file] = [flags.text("message"), flags.text("file")];
  if (text !== undefined) return () => only(new TextEncoder().encode(text));
  if (flags.has("null-message")) return () => only(new Uint8Array());
  if (flags.has("lines")) return (signal) => readLines(io.input(), signal);
  if (file !== undefined) {
    const bytes = await readInputFile(file, { largest: LARGEST_FILE });
    return () => only(bytes);
  }
  throw usageError({
    what: "There is no message",
    why: "nothing says what to send",
    remedy: "Give -m TEXT, -f FILE, or -l for the lines of standard input.",
  });
}

async function* only(payload: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield payload;
}
