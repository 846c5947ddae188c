import type { ConnackPacket, ConnectPacket } from "../codec/packet.ts";
import { ConnectRefusedError } from "../errors.ts";
import { violation } from "./violation.ts";

/** Return codes of CONNACK (section 3.2.2.3): what they mean, and what to do. */
const REASONS: Record<number, readonly [why: string, remedy: string]> = {
  1: ["the server does not speak MQTT 3.1.1", "Use a server that does."],
  2: [
    "the client id is not allowed",
    "Use the id that the server knows; for IoT Hub the client id is the device id.",
  ],
  3: ["the server is unavailable", "Try again later."],
  4: ["bad user name or password", "Check the user name and the password."],
  5: [
    "not authorized",
    "At a broker check user name and password. At a hub check that the device exists and is enabled, that its " +
    "certificate is the registered one, complete up to the registered authority, and that user name and client id " +
    "name the device.",
  ],
};

/**
 * Whether a CONNACK accepts the connection that this CONNECT asked for.
 *
 * @throws {ConnectRefusedError} If it refuses.
 * @throws {ProtocolError} If it has kept what was to be thrown away.
 */
export function checkConnack(connack: ConnackPacket, connect: ConnectPacket | undefined): void {
  if (connack.returnCode !== 0) throw refusal(connack);
  if (connack.sessionPresent && connect?.cleanSession) {
    throw violation("MQTT-3.2.2-1", "the server kept a session that was to be clean");
  }
}

/** The error for a CONNACK that refuses. */
export function refusal({ returnCode, sessionPresent }: ConnackPacket): ConnectRefusedError {
  const [why, remedy] = REASONS[returnCode] ??
    [`unknown code ${returnCode}`, "Ask whoever runs the server what it means."];
  // A refusal that claims a session breaks MQTT-3.2.2-4; the refusal counts, the breach is told.
  const breach = sessionPresent ? "; it also claims a kept session [MQTT-3.2.2-4]" : "";
  return new ConnectRefusedError(returnCode, {
    what: "The server refused the connection",
    why: `${why} (return code ${returnCode})${breach}`,
    remedy,
  });
}
