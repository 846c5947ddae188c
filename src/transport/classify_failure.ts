/**
 * Says what a failed call of a socket means.
 *
 * Deno tells most failures only by text: the texts of 2.9.6 stand in the tables here and are frozen in a test, so
 * a release that words them differently is noticed. Sockets of `node:tls` have a code instead, and the same
 * texts for what TLS says (`ERR_SSL_…`). The original is always the `cause`.
 *
 * In TLS 1.3 a server refuses the client's certificate after the handshake: it shows at the first read. In
 * TLS 1.2 it ends the handshake, with an alert that may as well mean that no cipher suite is shared.
 *
 * A byte that was damaged on the way looks like a server that errs, too. After the handshake every byte is
 * protected: what does not fit then is damage, and an alert about certificates is what it says. During the handshake
 * most of it is not: what can hardly be anything but damage is a lost connection; where the server may as well be to
 * blame, it is blamed, and whoever had connected before does not believe it at once (back_off.ts).
 */

import { HubwireError } from "../errors.ts";
import {
  type Attempt,
  badCredential,
  connectionBroke,
  credentialRefused,
  lost,
  type Make,
  permissionMissing,
  serverFault,
  unknownFailure,
  wrongName,
} from "./transport_errors.ts";

type Matches = (cause: Error, attempt: Attempt) => boolean;

/** Turns whatever a call of a socket threw into an error of Hubwire's; one that is one stays as it is. */
export function classifyFailure(failure: unknown, attempt: Attempt): HubwireError {
  if (failure instanceof HubwireError) return failure;
  // Anything but an Error is a bug of the runtime, and so is named as such.
  const cause = failure instanceof Error ? failure : new Error(String(failure));
  const rule = RULES.find(([matches]) => matches(cause, attempt));
  return rule ? rule[1](attempt, cause) : unknownFailure(attempt, cause);
}

const REMEDY_NETWORK = "Check host, port and network.";

/** What Deno says of the server's certificate begins so, and goes on with names that the server chose. */
const SERVER_CERTIFICATE = "^invalid peer certificate: ";

/** Something came that cannot be deciphered, or that no server would say at that place. */
const DAMAGED =
  "cannot decrypt peer's message|received corrupt message|received unexpected|peer misbehaved|peer sent excess";

/**
 * Alerts of a server to which that happened. That the signature of the client does not fit (DecryptError) is no
 * refusal: a key that is not the certificate's never gets so far, so what was signed had been changed on the way.
 */
const SAW_DAMAGE =
  "BadRecordMac|DecryptError|DecodeError|UnexpectedMessage|IllegalParameter|RecordOverflow|MissingExtension";

/** The first rule that matches decides. */
const RULES: readonly (readonly [
  matches: Matches,
  make: Make,
])[] = [
  [(cause) => cause instanceof Deno.errors.NotCapable, permissionMissing],
  [
    text(`${SERVER_CERTIFICATE}BadEncoding`, "connect"),
    badCredential("CREDENTIAL_DAMAGED", "its certificate is damaged"),
  ],
  [
    either(
      text(`${SERVER_CERTIFICATE}UnknownIssuer`),
      code(
        "DEPTH_ZERO_SELF_SIGNED_CERT",
        "SELF_SIGNED_CERT_IN_CHAIN",
        "UNABLE_TO_GET_ISSUER_CERT",
        "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      ),
    ),
    serverFault("TLS_SERVER_UNTRUSTED", {
      why: "no trusted authority vouches for the server's certificate",
      remedy: "If the authority is a private one, give its certificate with caCerts (--cafile).",
    }),
  ],
  [
    either(
      text(`${SERVER_CERTIFICATE}certificate (expired|not valid yet)`),
      code("CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"),
    ),
    serverFault("TLS_SERVER_EXPIRED", {
      why: "the server's certificate is expired or not valid yet",
      remedy: "Check this machine's clock; if it is right, the server needs a new certificate.",
    }),
  ],
  [text(`${SERVER_CERTIFICATE}certificate not valid for name`), wrongName],
  [
    text(`${SERVER_CERTIFICATE}.*CaUsedAsEndEntity`),
    serverFault("TLS_SERVER_UNTRUSTED", {
      why: "the server shows the certificate of an authority as its own",
      remedy: "Give the server a certificate that an authority issued to it.",
    }),
  ],
  [
    // The code says "not accepted" and nothing more: see node_tls.ts.
    either(text(SERVER_CERTIFICATE), code("UNABLE_TO_VERIFY_LEAF_SIGNATURE")),
    serverFault("TLS_SERVER_UNTRUSTED", {
      why: "the server's certificate cannot be accepted",
      remedy:
        "It must be X.509 version 3, signed by its issuer and allowed for server authentication.",
    }),
  ],
  [
    text("failed to lookup address|^dns error$|^invalid host '|^Invalid hostname"),
    lost("NETWORK_NAME_UNKNOWN", { why: "the name has no address", remedy: REMEDY_NETWORK }),
  ],
  [
    (cause) => cause instanceof Deno.errors.ConnectionRefused,
    lost("NETWORK_REFUSED", { why: "nothing listens on that port", remedy: REMEDY_NETWORK }),
  ],
  [
    text("os error (101|110|113)\\b|^tcp connect error$"),
    lost("NETWORK_UNREACHABLE", { why: "the host cannot be reached", remedy: REMEDY_NETWORK }),
  ],
  [
    text("KeyMismatch"),
    badCredential("CREDENTIAL_KEY_MISMATCH", "key and certificate do not belong together"),
  ],
  [
    text("No keys found|failed to parse private key|Unable to decode key|No certificates found"),
    badCredential(
      "CREDENTIAL_UNSUPPORTED",
      "its key or certificate is of a kind that TLS cannot use here",
    ),
  ],
  [
    both(text("fatal alert: HandshakeFailure"), (_, { hasCredentials }) => !hasCredentials),
    credentialRefused({
      why: "the server wants a client certificate and none was given, or it shares no cipher suite",
      remedy: "Give the device's certificate and key.",
    }),
  ],
  [
    text("fatal alert: CertificateRequired"),
    credentialRefused({
      why: "the server wants a client certificate",
      remedy: "Give the device's certificate and key, for example by adding its PFX to the store.",
    }),
  ],
  [
    text("fatal alert: UnknownCA"),
    credentialRefused({
      why: "the server does not know the authority that issued the device's certificate",
      remedy:
        "Register that authority at the hub, and import the certificate with its intermediates.",
    }),
  ],
  [
    text("fatal alert: CertificateExpired"),
    credentialRefused({
      why: "the device's certificate is expired or not valid yet",
      remedy: "Give the device a new certificate, or check the clocks.",
    }),
  ],
  [
    text(
      "fatal alert: (BadCertificate|CertificateRevoked|CertificateUnknown|UnsupportedCertificate|AccessDenied)\\b",
    ),
    credentialRefused({
      why: "the server did not accept the device's certificate",
      remedy: "Check that the certificate is the one registered for the device.",
    }),
  ],
  [
    text(
      "fatal alert: (HandshakeFailure|ProtocolVersion|InsufficientSecurity)|^peer is incompatible",
      "handshake",
    ),
    serverFault("TLS_NO_SHARED_CIPHER", {
      why: "the server offers no TLS version or cipher suite that Deno has",
      remedy: "Let the server offer TLS 1.2 or 1.3 with ECDHE and AES-GCM.",
    }),
  ],
  [
    text("InvalidContentType", "handshake"),
    serverFault("TLS_NOT_SPOKEN", {
      why: "the server does not speak TLS on this port",
      remedy: "Check the port; for IoT Hub it is 8883.",
    }),
  ],
  [
    either(text(`^(${DAMAGED})`), text(`fatal alert: (${SAW_DAMAGE})\\b`)),
    lost("CONNECTION_LOST", {
      why: "what one side sent in TLS reached the other damaged",
      remedy: "Connect again; if it stays so, look at the server and at what stands between.",
    }),
  ],
  [
    (cause) => cause instanceof Deno.errors.Interrupted || cause instanceof Deno.errors.BadResource,
    lost("CONNECTION_CLOSED", { why: "it was closed on this side", remedy: "Connect again." }),
  ],
  [(cause, { phase }) => phase === "transfer" || isBreak(cause), connectionBroke],
];

/** The connection ended, at whatever time. */
function isBreak(cause: Error): boolean {
  const { BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof } = Deno.errors;
  return [BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof]
    .some((kind) => cause instanceof kind) ||
    code("ECONNRESET")(cause);
}

function both(one: Matches, other: Matches): Matches {
  return (cause, attempt) => one(cause, attempt) && other(cause, attempt);
}

function either(one: Matches, other: Matches): Matches {
  return (cause, attempt) => one(cause, attempt) || other(cause, attempt);
}

/** By the code that Node gives its errors; Deno's own have none. */
function code(...codes: string[]): (cause: Error) => boolean {
  return (cause) => codes.includes(String((cause as { code?: unknown }).code));
}

function text(
  pattern: string,
  phase?: Attempt["phase"],
): Matches {
  const expression = new RegExp(pattern, "s");
  return (cause, attempt) => (!phase || phase === attempt.phase) && expression.test(cause.message);
}
