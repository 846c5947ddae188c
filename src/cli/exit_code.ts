import { type ErrorCode, HubwireError } from "../errors.ts";
import { CliError, type CliErrorCode } from "./cli_error.ts";

/** What everything else exits with: something nobody foresaw. */
export const UNEXPECTED = 1;

/** What the program exits with when it was told nothing that it can do. */
export const WRONG_USAGE = 2;

/**
 * The exit codes: 2 wrong usage or a missing permission, 3 network, 4 the server's side of TLS, 5 refused by the
 * server, 6 MQTT broken, 7 the store, 8 a bad file or certificate, 9 not found, 124 a deadline, 130 and 143 signals.
 */
const EXIT_CODES: Record<ErrorCode | CliErrorCode, number> = {
  USAGE: WRONG_USAGE,
  PERMISSION_MISSING: 2,
  NETWORK_NAME_UNKNOWN: 3,
  NETWORK_REFUSED: 3,
  NETWORK_UNREACHABLE: 3,
  CONNECTION_LOST: 3,
  CONNECTION_CLOSED: 3,
  KEEP_ALIVE_TIMEOUT: 3,
  PROXY_REFUSED: 3,
  PROXY_NOT_SPOKEN: 3,
  TLS_SERVER_UNTRUSTED: 4,
  TLS_SERVER_EXPIRED: 4,
  TLS_SERVER_WRONG_NAME: 4,
  TLS_NO_SHARED_CIPHER: 4,
  TLS_NOT_SPOKEN: 4,
  TLS_FAILED: 4,
  CREDENTIAL_REFUSED: 5,
  MQTT_CONNECT_REFUSED: 5,
  MQTT_SUBSCRIPTION_REFUSED: 5,
  DUPLICATE_IDENTITY: 5,
  PROXY_AUTHENTICATION_FAILED: 5,
  WEBSOCKET_REFUSED: 5,
  MQTT_MALFORMED_PACKET: 6,
  MQTT_PACKET_TOO_LARGE: 6,
  MQTT_PROTOCOL_VIOLATION: 6,
  STORE_UNAVAILABLE: 7,
  STORE_LOCKED: 7,
  STORE_DAMAGED: 7,
  STORE_BUSY: 7,
  STORE_NOT_WRITABLE: 7,
  OUTBOX_FULL: 7,
  OUTBOX_MESSAGE_TOO_LARGE: 7,
  FILE_UNREADABLE: 8,
  CREDENTIAL_FORMAT: 8,
  CREDENTIAL_DAMAGED: 8,
  CREDENTIAL_WRONG_PASSWORD: 8,
  CREDENTIAL_UNSUPPORTED: 8,
  CREDENTIAL_LIMIT: 8,
  CREDENTIAL_INCOMPLETE: 8,
  CREDENTIAL_AMBIGUOUS: 8,
  CREDENTIAL_KEY_MISMATCH: 8,
  CREDENTIAL_EXPIRED: 8,
  CREDENTIAL_WRONG_NAME: 8,
  FILE_NOT_FOUND: 9,
  STORE_NOT_FOUND: 9,
  CREDENTIAL_NOT_FOUND: 9,
  DEADLINE_EXCEEDED: 124,
  INTERRUPTED: 130,
  TERMINATED: 143,
};

/** What the program exits with when a command failed like that. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Deno.errors.NotCapable) return EXIT_CODES.PERMISSION_MISSING;
  const isOurs = error instanceof HubwireError || error instanceof CliError;
  return isOurs ? EXIT_CODES[error.code] : UNEXPECTED;
}
