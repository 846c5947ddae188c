/** What a hidden line is read from and shown on. */
export interface Terminal {
  /** The next byte typed, or `undefined` at the end of the input. */
  readByte(): number | undefined;
  /** Shows text. */
  write(text: string): void;
}

/** The person at the terminal pressed Ctrl-C. */
export const INTERRUPTED: unique symbol = Symbol("interrupted");

const CTRL_C = 3;
const CTRL_D = 4;
const BACKSPACE = 8;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const DELETE = 127;

/** Reads one line from a terminal in raw mode and shows the mask in place of each character. */
export function readHiddenLine(terminal: Terminal, mask: string): string | typeof INTERRUPTED {
  const bytes: number[] = [];
  for (;;) {
    const byte = terminal.readByte();
    if (byte === CTRL_C) return INTERRUPTED;
    if (byte === undefined || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === CTRL_D) {
      return new TextDecoder().decode(Uint8Array.from(bytes));
    }
    if (byte === BACKSPACE || byte === DELETE) {
      if (removeCharacter(bytes)) terminal.write("\b \b".repeat(mask.length));
      continue;
    }
    bytes.push(byte);
    if (!isContinuation(byte)) terminal.write(mask);
  }
}

/** Takes away the last character, which may be several bytes of UTF-8. */
function removeCharacter(bytes: number[]): boolean {
  let last = bytes.pop();
  const found = last !== undefined;
  while (last !== undefined && isContinuation(last)) last = bytes.pop();
  return found;
}

/** Whether a byte continues a character of UTF-8. */
function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
