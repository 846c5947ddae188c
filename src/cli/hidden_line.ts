import { interrupted } from "./interruption.ts";

const CTRL_C = 3;
const CTRL_D = 4;
const BACKSPACE = 8;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const DELETE = 127;

/**
 * Reads one line from a terminal in raw mode, which shows nothing of it, and where Ctrl-C is a byte like any other.
 *
 * @param readByte The next byte typed, or `undefined` at the end of the input.
 * @throws {CliError} If it is Ctrl-C.
 */
export async function readHiddenLine(
  readByte: () => Promise<number | undefined>,
): Promise<string> {
  const bytes: number[] = [];
  for (;;) {
    const byte = await readByte();
    if (byte === CTRL_C) throw interrupted();
    if (byte === undefined || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === CTRL_D) {
      return new TextDecoder().decode(Uint8Array.from(bytes));
    }
    if (byte === BACKSPACE || byte === DELETE) removeCharacter(bytes);
    else bytes.push(byte);
  }
}

/** Takes away the last character, which may be several bytes of UTF-8. */
function removeCharacter(bytes: number[]): void {
  while (isContinuation(bytes.at(-1))) bytes.pop();
  bytes.pop();
}

/** Whether a byte continues a character of UTF-8. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
