import type { TelemetryOptions } from "../hub/mod.ts";
import { encodeTelemetry } from "../hub/telemetry.ts";
import { checkArgument, usageError } from "./cli_error.ts";
import type { Flags, FlagTable } from "./flags.ts";

/** The flags that say what a hub is told beside the payload. */
export const TELEMETRY_FLAGS = {
  "prop": {
    value: "NAME=VALUE",
    repeatable: true,
    about: "a property; may be given several times",
  },
  "content-type": {
    value: "TYPE",
    about: "such as text/csv; JSON objects and lists say application/json by themselves",
  },
  "content-encoding": { value: "NAME", about: "such as utf-8" },
  "message-id": { value: "ID", about: "an id of the message" },
  "qos": { short: "q", value: "0|1", about: "quality of service; 1 unless given" },
  "retain": { short: "r", about: "not for a hub" },
} as const satisfies FlagTable;

type TelemetryFlags = Flags<keyof typeof TELEMETRY_FLAGS | "lines">;

/** What goes along with every message. */
export type TelemetrySettings = TelemetryOptions & { qos: 0 | 1 };

/** Reads them, and refuses what IoT Hub would answer by closing the connection. */
export function readTelemetrySettings(flags: TelemetryFlags): TelemetrySettings {
  if (flags.has("retain")) throw noRetain();
  if (flags.has("message-id")) flags.refuseTogether("message-id", "lines");
  const given = {
    messageId: flags.text("message-id"),
    contentType: flags.text("content-type"),
    contentEncoding: flags.text("content-encoding"),
  };
  const settings: TelemetrySettings = {
    properties: Object.fromEntries(flags.all("prop").map(readProperty)),
    qos: readQos(flags),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
  checkArgument("Cannot send such telemetry", () => encodeTelemetry("", settings));
  return settings;
}

/** The same for one payload: JSON that a hub could route by says that it is JSON. */
export function settingsFor(payload: Uint8Array, settings: TelemetrySettings): TelemetrySettings {
  if (settings.contentType !== undefined || !isJsonBody(payload)) return settings;
  return { contentEncoding: "utf-8", ...settings, contentType: "application/json" };
}

const [OBJECT, LIST] = [0x7b, 0x5b];

function isJsonBody(payload: Uint8Array): boolean {
  if (payload[0] !== OBJECT && payload[0] !== LIST) return false;
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
    return true;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return false;
    throw error;
  }
}

function readQos(flags: TelemetryFlags): 0 | 1 {
  const qos = flags.number("qos", { from: 0, to: 2 }) ?? 1;
  if (qos !== 2) return qos === 0 ? 0 : 1;
  throw usageError({
    what: "Cannot send at QoS 2",
    why: "IoT Hub closes the connection over it",
    remedy: "Take -q 1, at least once, and a --message-id to tell duplicates.",
  });
}

function readProperty(text: string): [name: string, value: string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw usageError({
    what: `Cannot use --prop ${JSON.stringify(text)}`,
    why: "it is not of the form NAME=VALUE",
    remedy: "Write --prop level=high",
  });
}

function noRetain(): Error {
  return usageError({
    what: "Cannot send with --retain",
    why: "IoT Hub keeps no message for later subscribers",
    remedy: "Leave it out; what the cloud should remember belongs into a twin.",
  });
}
