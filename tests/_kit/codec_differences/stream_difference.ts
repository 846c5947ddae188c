/** Whether all codecs agree about a stream. */

import { shorten } from "./describe.ts";
import { concatBytes } from "../packet_generators/frame.ts";
import { cut } from "../packet_generators/cut.ts";
import type { Stream } from "../packet_generators/streams.ts";
import { mqttPacketDifference } from "./mqtt_packet_difference.ts";
import type { Outcome } from "./outcome.ts";
import { decodePlainly, WAYS } from "./ways.ts";

/** What the codecs disagree about, or `undefined`. */
export function streamDifference(
  { role, maximumPacketSize, parts, sizes }: Stream,
): string | undefined {
  const bytes = concatBytes(parts);
  const options = { role, maximumPacketSize };
  const expected = decodePlainly([bytes], options);
  for (const [name, decode] of Object.entries(WAYS)) {
    const found = difference(decode(cut(bytes, sizes), options), expected);
    if (found !== undefined) return `${name}, in chunks of ${sizes} bytes: ${found}`;
  }
  return mqttPacketDifference(bytes, options);
}

function difference(actual: Outcome, expected: Outcome): string | undefined {
  const at = expected.findIndex((line, index) => line !== actual[index]);
  if (at < 0 && actual.length === expected.length) return undefined;
  const place = at < 0 ? expected.length : at;
  return `line ${place} is\n  ${shorten(actual[place])}, not\n  ${shorten(expected[place])}`;
}
