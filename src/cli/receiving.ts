import { DeadlineError } from "../errors.ts";
import type { Flags, FlagTable } from "./flags.ts";
import type { Io } from "./io.ts";
import {
  customFormat,
  forTerminal,
  jsonFormat,
  type MessageFormat,
  plainFormat,
  type PrintableMessage,
  verboseFormat,
} from "./message_format.ts";

/** The flags that say how messages are printed, and how many. */
export const RECEIVE_FLAGS = {
  "count": { short: "C", value: "COUNT", about: "end after so many messages" },
  "wait": { short: "W", value: "SECONDS", about: "end after that time, with exit code 124" },
  "format": { short: "F", value: "FORMAT", about: "print messages in this form" },
  "verbose": { short: "v", about: "print the topic in front of the payload" },
} as const satisfies FlagTable;

type ReceiveFlags = Flags<keyof typeof RECEIVE_FLAGS | "json">;

/** How messages are printed, and when to stop. */
export interface Receiving {
  format: MessageFormat;
  count: number;
  waitMs: number | undefined;
}

/** Reads those flags. */
export function readReceiving(flags: ReceiveFlags, io: Io): Receiving {
  flags.refuseTogether("json", "format", "verbose");
  const template = flags.text("format");
  const format = flags.has("json")
    ? jsonFormat
    : template !== undefined
    ? customFormat(template)
    : flags.has("verbose")
    ? verboseFormat
    : plainFormat;
  const seconds = flags.number("wait", { from: 0.001, to: 2_000_000, isWhole: false });
  return {
    format: io.outputIsTerminal ? forTerminal(format) : format,
    count: flags.number("count", { from: 1, to: Number.MAX_SAFE_INTEGER }) ?? Infinity,
    waitMs: seconds === undefined ? undefined : seconds * 1000,
  };
}

/** Where messages come from. */
export interface Source<M extends PrintableMessage> {
  /** Asked for before subscribing, so that none is missed. */
  messages: AsyncIterable<M>;
  /** Ends them. */
  close(): Promise<void>;
  /** What else is to be said of a message. */
  describe?: (message: M) => Record<string, unknown>;
}

/**
 * Prints messages until there are enough of them, and closes their source. One is acknowledged once it is printed.
 *
 * @throws {DeadlineError} When the time is over before that.
 * @throws {CliError} When the user ends it.
 */
export async function printMessages<M extends PrintableMessage>(
  source: Source<M>,
  { format, count, waitMs }: Receiving,
  { io }: { io: Io },
): Promise<void> {
  let printed = 0;
  let ending: unknown;
  const end = (reason: unknown) => {
    ending ??= reason;
    void source.close();
  };
  const late = () => end(timeIsOver({ printed, count, waitMs }));
  const timer = waitMs === undefined ? undefined : setTimeout(late, waitMs);
  const interrupt = () => end(io.interrupted.reason);
  io.interrupted.addEventListener("abort", interrupt);
  if (io.interrupted.aborted) interrupt();
  try {
    for await (const message of source.messages) {
      if (ending !== undefined) break;
      io.print(format({ message, at: io.now(), extra: source.describe?.(message) }));
      if (++printed >= count) return;
    }
    throw ending;
  } finally {
    clearTimeout(timer);
    io.interrupted.removeEventListener("abort", interrupt);
    await source.close();
  }
}

function timeIsOver(
  { printed, count, waitMs = 0 }: { printed: number; count: number; waitMs: number | undefined },
): DeadlineError {
  const wanted = count === Infinity ? "" : ` of ${count}`;
  return new DeadlineError("wait", waitMs, {
    what: `Stopped after ${waitMs / 1000} s`,
    why: `-W said so; ${printed}${wanted} messages came`,
    remedy: "Give -W more time, or leave it out to go on until Ctrl-C.",
  });
}
