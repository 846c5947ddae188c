import { asUsageError } from "./cli_error.ts";
import type { Flags } from "./flags.ts";
import type { Io } from "./io.ts";
import type { Payloads } from "./payloads.ts";
import { publishAll, type Publisher, type Tally } from "./publish_all.ts";

/** An open connection, and what goes over it. */
export interface Publishing extends Publisher {
  payloads: Payloads;
  qos: 0 | 1 | 2;
  /** Says goodbye. */
  close(): Promise<void>;
}

/** Publishes everything, closes the connection and says how it went. */
export async function publishAndClose(
  publishing: Publishing,
  flags: Flags<"json">,
  { io }: { io: Io },
): Promise<void> {
  const { payloads, qos } = publishing;
  const tally = await publishAll(publishing, payloads, { signal: io.interrupted });
  await publishing.close();
  const acknowledged = qos === 0 ? 0 : tally.settled;
  if (flags.has("json")) io.print(JSON.stringify({ sent: tally.sent, acknowledged }));
  if (!flags.has("json") && (io.errorIsTerminal || tally.failure !== undefined)) {
    io.note(inWords(tally, qos));
  }
  // A message that is too large, for one: whoever gave it was mistaken.
  if (tally.failure !== undefined) throw asUsageError("Cannot send a message", tally.failure);
}

function inWords({ sent, settled }: Tally, qos: 0 | 1 | 2): string {
  if (sent === 0) return "no message was sent";
  const messages = sent === 1 ? "1 message sent" : `${sent} messages sent`;
  if (qos === 0) return `${messages}; at QoS 0 nobody acknowledges`;
  return settled === sent
    ? `${messages} and acknowledged`
    : `${messages}, ${sent - settled} unacknowledged`;
}
