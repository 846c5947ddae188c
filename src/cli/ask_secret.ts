import { readHiddenLine } from "./hidden_line.ts";

/** What a question needs of a terminal; tests bring their own. */
export interface Terminal {
  setRaw(isRaw: boolean): void;
  read(bytes: Uint8Array): Promise<number | null>;
  write(text: string): void;
}

/**
 * Asks for a line that is not shown.
 *
 * It waits without blocking, for a terminal has to be given back as it was also when a signal ends the program.
 *
 * @throws {CliError} If it is Ctrl-C.
 */
export async function askSecret(
  question: string,
  { terminal, signal }: { terminal: Terminal; signal: AbortSignal },
): Promise<string> {
  const [raw, cooked] = [true, false];
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(signal.reason);
  const byte = new Uint8Array(1);
  const readByte = async () => {
    const count = await Promise.race([terminal.read(byte), stopped.promise]);
    return count === null ? undefined : byte[0];
  };
  signal.addEventListener("abort", stop);
  terminal.setRaw(raw);
  try {
    terminal.write(`${question}: `);
    return await readHiddenLine(readByte);
  } finally {
    signal.removeEventListener("abort", stop);
    terminal.setRaw(cooked);
    terminal.write("\n");
  }
}
