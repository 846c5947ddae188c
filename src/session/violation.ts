import { ProtocolError } from "../errors.ts";

/** The error for a server that sent a packet where MQTT 3.1.1 has none. */
export function violation(statement: string, why: string): ProtocolError {
  return new ProtocolError("MQTT_PROTOCOL_VIOLATION", {
    what: "Cannot go on with the connection",
    why: `${why} [${statement}]`,
    remedy: "Connect again; if it happens again, report it to whoever runs the server.",
  }, { party: "remote", statement });
}
