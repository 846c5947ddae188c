import { INTERRUPTED, readHiddenLine, type Terminal } from "./hidden_line.ts";

/** How the prompt looks. */
export interface PromptSecretOptions {
  /** What to show for each character typed; an empty text shows nothing. */
  mask?: string;
  /** Whether the line is cleared afterwards. */
  clear?: boolean;
}

/**
 * Asks for a secret on the terminal without showing it. Returns `null` where standard input is not a
 * terminal. Ctrl-C gives the terminal back as it was and ends the process with status 130.
 */
export function promptSecret(
  message = "Secret",
  { mask = "*", clear = false }: PromptSecretOptions = {},
): string | null {
  if (!Deno.stdin.isTerminal()) return null;
  const line = inRawMode(() => {
    terminal.write(`${message} `);
    return readHiddenLine(terminal, mask);
  });
  terminal.write(clear ? "\r\x1b[K" : "\n");
  if (line === INTERRUPTED) Deno.exit(130);
  return line;
}

function inRawMode<T>(action: () => T): T {
  const [raw, cooked] = [true, false];
  Deno.stdin.setRaw(raw);
  try {
    return action();
  } finally {
    Deno.stdin.setRaw(cooked);
  }
}

const terminal: Terminal = {
  readByte(): number | undefined {
    const byte = new Uint8Array(1);
    return Deno.stdin.readSync(byte) === 1 ? byte[0] : undefined;
  },
  write(text: string): void {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
  },
};
