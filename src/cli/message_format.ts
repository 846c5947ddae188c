/** The forms in which a received message is printed. */

import type { Message } from "../client/mod.ts";
import { usageError } from "./cli_error.ts";

/** What is printed of a message, whether it comes from a broker or from a hub. */
export type PrintableMessage = Pick<Message, "topic" | "payload" | "qos" | "retain" | "dup">;

/** A message, when it came, and what a hub says about it. */
export interface Received {
  message: PrintableMessage;
  at: Date;
  /** Goes into the JSON form, too. */
  extra?: Readonly<Record<string, unknown>> | undefined;
}

/** Turns a message into a line. */
export type MessageFormat = (received: Received) => string;

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The payload; text as it is, anything else in Base64 behind a marker. */
export const plainFormat: MessageFormat = ({ message }) => payloadText(message.payload);

/** The topic and the payload. */
export const verboseFormat: MessageFormat = ({ message }) =>
  `${message.topic} ${payloadText(message.payload)}`;

/** One JSON object. */
export const jsonFormat: MessageFormat = ({ message, at, extra }) => {
  const { topic, qos, retain, dup, payload } = message;
  const text = textOf(payload);
  return JSON.stringify({
    time: at.toISOString(),
    topic,
    qos,
    retain,
    dup,
    size: payload.length,
    payload: text ?? payload.toBase64(),
    encoding: text === undefined ? "base64" : "utf-8",
    ...extra,
  });
};

const FIELDS: Readonly<Record<string, MessageFormat>> = {
  "%": () => "%",
  t: ({ message }) => message.topic,
  p: plainFormat,
  x: ({ message }) => message.payload.toHex(),
  X: ({ message }) => message.payload.toHex().toUpperCase(),
  l: ({ message }) => `${message.payload.length}`,
  q: ({ message }) => `${message.qos}`,
  r: ({ message }) => message.retain ? "1" : "0",
  I: ({ at }) => at.toISOString(),
  U: ({ at }) => (at.getTime() / 1000).toFixed(3),
  j: jsonFormat,
};

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };

/** What the fields of a format are, for the help. */
export const FORMAT_HELP: readonly string[] = [
  "Fields of -F: %t topic, %p payload, %x %X payload in hex, %l its length, %q QoS, %r retain,",
  "%I time (ISO 8601), %U time (seconds), %j all as JSON, %% a per cent sign; \\n \\t \\r \\\\ as in C.",
  "A payload that is not UTF-8 is printed as base64: and its Base64.",
];

/**
 * A format of the user's own, with the fields of `mosquitto_sub`.
 *
 * @throws {CliError} If it names a field that there is not.
 */
export function customFormat(template: string): MessageFormat {
  const parts = (template.match(/%.?|\\.?|[^%\\]+/gs) ?? []).map((part): MessageFormat => {
    const letter = part.slice(1);
    if (part.startsWith("\\")) return () => ESCAPES[letter] ?? part;
    if (!part.startsWith("%")) return () => part;
    return FIELDS[letter] ?? unknownField(part);
  });
  return (received) => parts.map((format) => format(received)).join("");
}

/** The same without what could move the cursor of a terminal: messages are written by others. */
export function forTerminal(format: MessageFormat): MessageFormat {
  return (received) => format(received).replace(/[^\P{Cc}\n\t]/gu, "\ufffd");
}

function payloadText(payload: Uint8Array): string {
  return textOf(payload) ?? `base64:${payload.toBase64()}`;
}

function textOf(payload: Uint8Array): string | undefined {
  try {
    return UTF8.decode(payload);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return undefined;
  }
}

function unknownField(field: string): never {
  throw usageError({
    what: `Cannot use the format field ${field}`,
    why: "there is no such field",
    remedy: `Take one of ${Object.keys(FIELDS).map((letter) => `%${letter}`).join(" ")}`,
  });
}
