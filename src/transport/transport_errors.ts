/** The errors that a transport makes of a socket's. */

import {
  ConnectionLostError,
  CredentialError,
  CredentialRefusedError,
  type ErrorText,
  type HubwireError,
  PermissionError,
  TlsError,
} from "../errors.ts";

/** What was being done. */
export interface Attempt {
  /** During which call it failed. */
  phase: "connect" | "handshake" | "transfer";
  /** `host:port`. */
  address: string;
  /** Whether a client certificate was at hand. */
  hasCredentials: boolean;
}

/** Makes the error. */
export type Make = (attempt: Attempt, cause: Error) => HubwireError;
type Reason = Pick<ErrorText, "why" | "remedy">;

const REMEDY_CREDENTIAL = "Import the credential again from its PFX or PEM files.";

function whatFailed({ phase, address }: Attempt): string {
  return phase === "transfer"
    ? `Lost the connection to ${address}`
    : `Cannot connect to ${address}`;
}

export function lost(
  code: ConstructorParameters<typeof ConnectionLostError>[0],
  reason: Reason,
): Make {
  return (attempt, cause) =>
    new ConnectionLostError(code, { what: whatFailed(attempt), ...reason, cause });
}

export function connectionBroke(attempt: Attempt, cause: Error): HubwireError {
  const alert = /fatal alert: (\w+)/.exec(cause.message)?.[1];
  const why = alert
    ? `the server ended it with the alert ${alert}`
    : cause instanceof Deno.errors.UnexpectedEof
    ? "the server dropped it"
    : `it broke (${(cause as { code?: unknown }).code ?? cause.name})`;
  return lost("CONNECTION_LOST", { why, remedy: "Connect again." })(attempt, cause);
}

export function serverFault(code: ConstructorParameters<typeof TlsError>[0], reason: Reason): Make {
  return (attempt, cause) => new TlsError(code, { what: whatFailed(attempt), ...reason, cause });
}

/** Says both names: one of them is the mistake. */
export function wrongName(attempt: Attempt, cause: Error): HubwireError {
  const wanted = /for name "([^"]*)"/.exec(cause.message)?.[1] ?? attempt.address;
  const quoted = /only valid for (.*)$/s.exec(cause.message)?.[1] ?? "";
  const names = Array.from(quoted.matchAll(/\("?([^")]*)"?\)/g), ([, name]) => name);
  return serverFault("TLS_SERVER_WRONG_NAME", {
    why: `the server's certificate is for ${
      names.slice(0, 5).join(", ") || "no name"
    }, not for ${wanted}`,
    remedy: "Connect by a name that stands in the certificate.",
  })(attempt, cause);
}

export function credentialRefused(reason: Reason): Make {
  return (attempt, cause) =>
    new CredentialRefusedError({ what: whatFailed(attempt), ...reason, cause });
}

/** The credential itself is of no use. */
export function badCredential(
  code: ConstructorParameters<typeof CredentialError>[0],
  why: string,
): Make {
  return ({ address }, cause) =>
    new CredentialError(code, {
      what: `Cannot use the credential for ${address}`,
      why,
      remedy: REMEDY_CREDENTIAL,
      cause,
    });
}

export function permissionMissing({ address }: Attempt, cause: Error): HubwireError {
  return new PermissionError(`--allow-net=${address}`, {
    what: `Cannot connect to ${address}`,
    why: "Deno was not given permission for this host and port",
    cause,
  });
}

export function unknownFailure(attempt: Attempt, cause: Error): HubwireError {
  const why = `${cause.name}: ${cause.message}`;
  const remedy = "Look the message up; if it says nothing, report it.";
  const make = attempt.phase === "handshake"
    ? serverFault("TLS_FAILED", { why, remedy })
    : lost("NETWORK_UNREACHABLE", { why, remedy });
  return make(attempt, cause);
}
