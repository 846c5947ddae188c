import { MalformedPacketError } from "../errors.ts";

/** What the codes of `wasm/assembly/codes.ts` mean: the statement broken, and how. Index 0 is no code. */
const REASONS: readonly (readonly [statement: string, why: string])[] = [
  ["", ""],
  ["2.2.1", "the packet type is reserved or never sent in this direction"],
  ["MQTT-2.2.2-2", "the flag bits are not those of the packet type"],
  ["2.2.3", "the remaining length is longer than four bytes"],
  ["2.2.3", "the packet is larger than the maximum packet size"],
  ["2.2.3", "the remaining length does not fit the packet type"],
  ["MQTT-3.3.1-4", "both QoS bits are set"],
  ["1.5.3", "a field runs past the end of the packet"],
  ["2.2.3", "bytes follow the last field"],
  ["MQTT-1.5.3-1", "a string is not well-formed UTF-8"],
  ["MQTT-1.5.3-2", "a string contains U+0000"],
  ["MQTT-4.7.3-1", "a topic is empty"],
  ["MQTT-3.3.2-2", "a topic name contains a wildcard"],
  ["MQTT-4.7.1-2", "# is not the last level of a topic filter, or not a whole one"],
  ["MQTT-2.3.1-1", "the packet identifier is missing or zero"],
  ["3.2.2.1", "reserved bits of the acknowledge flags are set"],
  ["MQTT-3.9.3-2", "a return code is not 0, 1, 2 or 128"],
  ["MQTT-3.8.3-3", "there is no subscription in it"],
  ["MQTT-3-8.3-4", "a requested QoS is not 0, 1 or 2"],
  ["MQTT-3.1.2-1", 'the protocol name is not "MQTT"'],
  ["MQTT-3.1.2-2", "the protocol level is not 4"],
  ["MQTT-3.1.2-3", "the reserved connect flag is set"],
  ["MQTT-3.1.2-14", "the will flags contradict each other"],
  ["MQTT-3.1.2-22", "there is a password but no user name"],
  ["MQTT-4.7.1-3", "+ is not a whole level of a topic filter"],
  ["MQTT-3.10.3-2", "there is no topic filter in it"],
  ["MQTT-3.8.4-5", "there is no return code in it"],
];

const TOO_LARGE = 4;

/** Makes the error for a code of the decoder, `offset` bytes into the stream. */
export function malformedPacket(code: number, offset: number): MalformedPacketError {
  const reason = REASONS[code];
  // deno-coverage-ignore
  if (reason === undefined) throw new Error(`Bug: the decoder gave the unknown code ${code}`);
  const [statement, why] = reason;
  return new MalformedPacketError(
    code === TOO_LARGE ? "MQTT_PACKET_TOO_LARGE" : "MQTT_MALFORMED_PACKET",
    {
      what: `Cannot decode the byte at offset ${offset}`,
      why: `${why} [${statement}]`,
      remedy: code === TOO_LARGE
        ? "Raise maximumPacketSize if packets of that size are expected."
        : "Report it to whoever runs the peer: it does not keep to MQTT 3.1.1.",
    },
    { statement, offset },
  );
}
