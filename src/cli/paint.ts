import type { Io } from "./io.ts";

/** Colours for people at a terminal that has them; the text as it is for everybody else. */
export interface Paint {
  good(text: string): string;
  faint(text: string): string;
}

/** The colours for what is printed there. */
export function paintFor(io: Io): Paint {
  const isColourful = io.outputIsTerminal && !Deno.noColor;
  const paint = (code: number) => (text: string) =>
    isColourful ? `\x1b[${code}m${text}\x1b[0m` : text;
  return { good: paint(32), faint: paint(2) };
}
