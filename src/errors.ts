/**
 * Every error of Hubwire and every error code. This file imports nothing.
 *
 * Two kinds of failure are kept apart. A mistake of the program (a topic with a wildcard, a negative
 * port) throws `TypeError` or `RangeError` before any I/O. A failure of the world (a damaged file, a
 * refused certificate, a lost connection) is a {@linkcode HubwireError}: it says *what* failed, *why*,
 * and *what to do*, and carries a `code` that stays the same from release to release. Match on `code`
 * or on the class, never on the text.
 *
 * @example Tell apart what can be tried again
 * ```ts
 * import { ConnectionLostError, HubwireError } from "@hubwire/hubwire";
 *
 * const error: unknown = new ConnectionLostError("CONNECTION_LOST", {
 *   what: "Connection to hub.example:8883 lost",
 *   why: "the server closed it",
 *   remedy: "Connect again.",
 * });
 * if (error instanceof HubwireError && error.retryable) console.log(error.code);
 * ```
 *
 * @module
 */

/** What an error says: all of it safe to print, none of it secret. */
export interface ErrorText {
  /** What failed, in a few words: "Cannot read device.pfx". */
  what: string;
  /** Why it failed: "wrong password, or the file is damaged". */
  why: string;
  /** What to do about it, one sentence. */
  remedy: string;
  /** The failure underneath, if there was one. */
  cause?: unknown;
}

/** The stable codes of {@linkcode MalformedPacketError}. */
export type MalformedPacketCode = "MQTT_MALFORMED_PACKET" | "MQTT_PACKET_TOO_LARGE";

/** The stable codes of {@linkcode ProtocolError}. */
export type ProtocolCode = "MQTT_PROTOCOL_VIOLATION" | "MQTT_SUBSCRIPTION_REFUSED";

/** The stable codes of {@linkcode ConnectionLostError}. */
export type ConnectionLostCode =
  /** The name has no address. */
  | "NETWORK_NAME_UNKNOWN"
  /** Nothing listens on that port. */
  | "NETWORK_REFUSED"
  /** The network or the host cannot be reached. */
  | "NETWORK_UNREACHABLE"
  /** An open connection broke, or the peer closed it. */
  | "CONNECTION_LOST"
  /** The connection was closed by this program. */
  | "CONNECTION_CLOSED";

/** The stable codes of {@linkcode TlsError}: what is wrong with the server's side of TLS. */
export type TlsCode =
  | "TLS_SERVER_UNTRUSTED"
  | "TLS_SERVER_EXPIRED"
  | "TLS_SERVER_WRONG_NAME"
  | "TLS_NO_SHARED_CIPHER"
  | "TLS_NOT_SPOKEN"
  | "TLS_FAILED";

/** The stable codes of {@linkcode ProxyError}. */
export type ProxyCode =
  /** The proxy does not let anybody connect there, or does not do what is needed. */
  | "PROXY_REFUSED"
  /** The proxy wants a user name and a password, or others than it was given. */
  | "PROXY_AUTHENTICATION_FAILED"
  /** What answers on that port is no proxy of the kind that was named. */
  | "PROXY_NOT_SPOKEN";

/** The stable codes of {@linkcode CredentialError}. */
export type CredentialCode =
  /** The file is not what it was given as. */
  | "CREDENTIAL_FORMAT"
  /** The file breaks off or contradicts itself. */
  | "CREDENTIAL_DAMAGED"
  /** A wrong password and a damaged file cannot be told apart. */
  | "CREDENTIAL_WRONG_PASSWORD"
  /** The file asks for something that Hubwire does not do. */
  | "CREDENTIAL_UNSUPPORTED"
  /** A limit on size, depth or work was passed. */
  | "CREDENTIAL_LIMIT"
  /** No private key, no certificate, or no pair of them. */
  | "CREDENTIAL_INCOMPLETE"
  /** Several credentials where one is needed. */
  | "CREDENTIAL_AMBIGUOUS"
  /** Key and certificate do not belong together. */
  | "CREDENTIAL_KEY_MISMATCH"
  /** The certificate is not valid yet, or no longer. */
  | "CREDENTIAL_EXPIRED"
  /** The certificate's common name is not the device id. */
  | "CREDENTIAL_WRONG_NAME"
  /** Nothing is stored under that host and device. */
  | "CREDENTIAL_NOT_FOUND";

/** The stable codes of {@linkcode StoreError}. */
export type StoreCode =
  /** Deno KV is not switched on, or the file cannot be opened. */
  | "STORE_UNAVAILABLE"
  /** The store does not exist. */
  | "STORE_NOT_FOUND"
  /** The passphrase is wrong or the header is damaged: the two read the same. */
  | "STORE_LOCKED"
  /** The file or one of its records is damaged. */
  | "STORE_DAMAGED"
  /** Another process holds the store. */
  | "STORE_BUSY"
  /** The disk is full or read-only. */
  | "STORE_NOT_WRITABLE";

/** The stable codes of {@linkcode OutboxFullError}. */
export type OutboxFullCode =
  /** There is no room for one more message. */
  | "OUTBOX_FULL"
  /** The message is larger than the whole outbox may be. */
  | "OUTBOX_MESSAGE_TOO_LARGE";

/** Every code there is. */
export type ErrorCode =
  | MalformedPacketCode
  | ProtocolCode
  | ConnectionLostCode
  | TlsCode
  | ProxyCode
  | CredentialCode
  | StoreCode
  | OutboxFullCode
  | "MQTT_CONNECT_REFUSED"
  | "KEEP_ALIVE_TIMEOUT"
  | "DUPLICATE_IDENTITY"
  | "CREDENTIAL_REFUSED"
  | "WEBSOCKET_REFUSED"
  | "DEADLINE_EXCEEDED"
  | "PERMISSION_MISSING";

/** The failure of something outside the program. Every error of Hubwire that is not a mistake of its caller. */
export abstract class HubwireError extends Error {
  /** Stable: the same failure has the same code in every release. */
  readonly code: ErrorCode;
  /** Whether the same call may succeed later with nothing changed. */
  readonly retryable: boolean;
  /** What failed, in a few words. */
  readonly what: string;
  /** Why it failed. */
  readonly why: string;
  /** What to do about it. */
  readonly remedy: string;

  /** Its message is `what: why`. */
  constructor(code: ErrorCode, text: ErrorText, retryable: boolean) {
    super(`${text.what}: ${text.why}`, text.cause === undefined ? {} : { cause: text.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = retryable;
    this.what = text.what;
    this.why = text.why;
    this.remedy = text.remedy;
  }
}

/** The peer sent bytes that are not MQTT 3.1.1. The connection is of no more use. */
export class MalformedPacketError extends HubwireError {
  /** The statement or section of MQTT 3.1.1 that was broken, such as `MQTT-2.2.2-2`. */
  readonly statement: string;
  /** Where the offending byte stands, counted in bytes from the start of the stream. */
  readonly offset: number;

  /** Made by the decoder. */
  constructor(
    code: MalformedPacketCode,
    text: ErrorText,
    where: { statement: string; offset: number },
  ) {
    super(code, text, false);
    this.statement = where.statement;
    this.offset = where.offset;
  }
}

/** Well-formed packets in an order, or with a meaning, that MQTT 3.1.1 forbids. */
export class ProtocolError extends HubwireError {
  /** Who broke the rule: this program or the peer. */
  readonly party: "local" | "remote";
  /** The statement of MQTT 3.1.1 that was broken. */
  readonly statement: string;

  /** Made by the session. */
  constructor(
    code: ProtocolCode,
    text: ErrorText,
    breach: { party: "local" | "remote"; statement: string },
  ) {
    super(code, text, false);
    this.party = breach.party;
    this.statement = breach.statement;
  }
}

/** The server answered CONNECT with a refusal. */
export class ConnectRefusedError extends HubwireError {
  /** The return code of CONNACK (section 3.2.2.3): 1 to 5, or a reserved one. */
  readonly returnCode: number;

  /** Code 3, "server unavailable", is the only one worth trying again. */
  constructor(returnCode: number, text: ErrorText) {
    super("MQTT_CONNECT_REFUSED", text, returnCode === 3);
    this.returnCode = returnCode;
  }
}

/** There is no connection: it could not be made, it broke, or it was closed. Every pending call settles with it. */
export class ConnectionLostError extends HubwireError {
  /** Worth trying again, except after the program itself closed the connection. */
  constructor(code: ConnectionLostCode, text: ErrorText) {
    super(code, text, code !== "CONNECTION_CLOSED");
  }
}

/** The server did not answer PINGREQ in time: the connection is dead though the socket is open. */
export class KeepAliveTimeoutError extends HubwireError {
  /** Made by the session. */
  constructor(text: ErrorText) {
    super("KEEP_ALIVE_TIMEOUT", text, true);
  }
}

/** Again and again the connection is lost as soon as it is made: another client seems to have the same id. */
export class DuplicateIdentityError extends HubwireError {
  /** Not worth trying again: the two would go on throwing each other out. */
  constructor(text: ErrorText) {
    super("DUPLICATE_IDENTITY", text, false);
  }
}

/** TLS failed for a reason on the server's side: nothing the device's certificate could change. */
export class TlsError extends HubwireError {
  /**
   * Not worth trying again unchanged: somebody has to act. But nothing protects a handshake: a client that had been
   * connected does not believe it before the fifth time in a row.
   */
  constructor(code: TlsCode, text: ErrorText) {
    super(code, text, false);
  }
}

/** The proxy on the way was reached, and did not let the connection through. */
export class ProxyError extends HubwireError {
  /** Never worth trying again unchanged: somebody has to act. */
  constructor(code: ProxyCode, text: ErrorText) {
    super(code, text, false);
  }
}

/** Statuses of HTTP that say "later", besides all faults of the server's. */
const LATER = [408, 425, 429];

/** The server answered the request for a WebSocket with something else. */
export class WebSocketRefusedError extends HubwireError {
  /** The status of its HTTP answer, where Deno tells it. */
  readonly status: number | undefined;

  /**
   * Worth trying again: too early or too often (408, 425, 429), faults of the server or of a gateway (500 to 599), and
   * what is not known, for over TLS Deno does not tell a gateway that restarts from one that refuses.
   */
  constructor(status: number | undefined, text: ErrorText) {
    super(
      "WEBSOCKET_REFUSED",
      text,
      status === undefined || LATER.includes(status) || status >= 500,
    );
    this.status = status;
  }
}

/** The server refused the device's certificate. In TLS 1.3 this shows at the first read, after the handshake. */
export class CredentialRefusedError extends HubwireError {
  /** Made by the transport. */
  constructor(text: ErrorText) {
    super("CREDENTIAL_REFUSED", text, false);
  }
}

/** Something took longer than it was given. */
export class DeadlineError extends HubwireError {
  /** What was waited for, such as `connect`, `handshake`, `connack`. */
  readonly phase: string;
  /** How long, in milliseconds. */
  readonly deadlineMs: number;

  /** Made by whoever set the deadline. */
  constructor(phase: string, deadlineMs: number, text: ErrorText) {
    super("DEADLINE_EXCEEDED", text, true);
    this.phase = phase;
    this.deadlineMs = deadlineMs;
  }
}

/** A key, a certificate or a file of them cannot be used. */
export class CredentialError extends HubwireError {
  /** Never worth trying again unchanged. */
  constructor(code: CredentialCode, text: ErrorText) {
    super(code, text, false);
  }
}

/** The credential store, or a durable outbox, cannot be opened, read or written. */
export class StoreError extends HubwireError {
  /** Only a busy store is worth trying again. */
  constructor(code: StoreCode, text: ErrorText) {
    super(code, text, code === "STORE_BUSY");
  }
}

/** Messages of a durable outbox that cannot be read any more. All others are intact. */
export class DamagedMessagesError extends StoreError {
  /** The sequence of the first of them. */
  readonly first: number;
  /** The sequence of the last: what comes after it can be read. */
  readonly last: number;

  /** Made by the outbox. */
  constructor(range: { first: number; last: number }, text: ErrorText) {
    super("STORE_DAMAGED", text);
    this.first = range.first;
    this.last = range.last;
  }
}

/** The outbox has no room for a message, and is not to wait for it. The message was not stored. */
export class OutboxFullError extends HubwireError {
  /** Worth trying again when something was delivered, but not with a message that never fits. */
  constructor(code: OutboxFullCode, text: ErrorText) {
    super(code, text, code === "OUTBOX_FULL");
  }
}

/** Deno was started without a permission that is needed here. */
export class PermissionError extends HubwireError {
  /** The flag to add, such as `--allow-net=hub.example:8883`. */
  readonly flag: string;

  /** Its remedy names the flag. */
  constructor(flag: string, text: Omit<ErrorText, "remedy">) {
    super("PERMISSION_MISSING", { ...text, remedy: `Run again with ${flag}` }, false);
    this.flag = flag;
  }
}
