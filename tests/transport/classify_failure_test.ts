import { assertEquals, assertStrictEquals } from "@std/assert";
import { PermissionError } from "../../src/errors.ts";
import { classifyFailure } from "../../src/transport/classify_failure.ts";
import type { Attempt } from "../../src/transport/transport_errors.ts";

const {
  ConnectionRefused,
  ConnectionReset,
  BrokenPipe,
  InvalidData,
  UnexpectedEof,
  Interrupted,
  NotCapable,
} = Deno.errors;

const CA_AS_SERVER = "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))";

/** The texts of Deno 2.9.6, as they came when each of these was done to it. */
const FROZEN: [phase: Attempt["phase"], failure: Error, name: string, code: string][] = [
  [
    "connect",
    new ConnectionRefused("Connection refused (os error 111)"),
    "ConnectionLostError",
    "NETWORK_REFUSED",
  ],
  [
    "connect",
    new Error("failed to lookup address information: Name or service not known"),
    "ConnectionLostError",
    "NETWORK_NAME_UNKNOWN",
  ],
  // The next two are of names that never come so far any more.
  ["connect", new Error("Invalid hostname: '-a'"), "ConnectionLostError", "NETWORK_NAME_UNKNOWN"],
  [
    "connect",
    new TypeError("invalid host 'a..b': empty label found in FQDN"),
    "ConnectionLostError",
    "NETWORK_NAME_UNKNOWN",
  ],
  [
    "connect",
    new Error("Network is unreachable (os error 101)"),
    "ConnectionLostError",
    "NETWORK_UNREACHABLE",
  ],
  [
    "connect",
    new Error("No route to host (os error 113)"),
    "ConnectionLostError",
    "NETWORK_UNREACHABLE",
  ],
  [
    "connect",
    new Error("unexpected error: failed to parse private key as RSA, ECDSA, or EdDSA"),
    "CredentialError",
    "CREDENTIAL_UNSUPPORTED",
  ],
  [
    "connect",
    new InvalidData("No keys found in key data"),
    "CredentialError",
    "CREDENTIAL_UNSUPPORTED",
  ],
  ["connect", new InvalidData("Unable to decode key"), "CredentialError", "CREDENTIAL_UNSUPPORTED"],
  [
    "connect",
    new InvalidData("No certificates found in certificate data"),
    "CredentialError",
    "CREDENTIAL_UNSUPPORTED",
  ],
  [
    "connect",
    new Error("keys may not be consistent: KeyMismatch"),
    "CredentialError",
    "CREDENTIAL_KEY_MISMATCH",
  ],
  [
    "connect",
    new Error("invalid peer certificate: BadEncoding"),
    "CredentialError",
    "CREDENTIAL_DAMAGED",
  ],
  [
    "handshake",
    new InvalidData("invalid peer certificate: UnknownIssuer"),
    "TlsError",
    "TLS_SERVER_UNTRUSTED",
  ],
  [
    "handshake",
    new InvalidData(
      "invalid peer certificate: certificate expired: verification time 1 (UNIX), but certificate is not valid after 0 (1 seconds ago)",
    ),
    "TlsError",
    "TLS_SERVER_EXPIRED",
  ],
  [
    "handshake",
    new InvalidData(
      "invalid peer certificate: certificate not valid yet: verification time 1 (UNIX), but certificate is not valid before 2",
    ),
    "TlsError",
    "TLS_SERVER_EXPIRED",
  ],
  [
    "handshake",
    new InvalidData(
      'invalid peer certificate: certificate not valid for name "localhost"; certificate is only valid for DnsName("other.example")',
    ),
    "TlsError",
    "TLS_SERVER_WRONG_NAME",
  ],
  [
    "handshake",
    new InvalidData(
      'invalid peer certificate: certificate not valid for name "localhost"; certificate is not valid for any names (according to its subjectAltName extension)',
    ),
    "TlsError",
    "TLS_SERVER_WRONG_NAME",
  ],
  [
    "handshake",
    new InvalidData(
      "invalid peer certificate: certificate does not allow extended key usage for server authentication, allows client authentication",
    ),
    "TlsError",
    "TLS_SERVER_UNTRUSTED",
  ],
  [
    "handshake",
    new InvalidData("invalid peer certificate: BadEncoding"),
    "TlsError",
    "TLS_SERVER_UNTRUSTED",
  ],
  ["handshake", new InvalidData(CA_AS_SERVER), "TlsError", "TLS_SERVER_UNTRUSTED"],
  [
    "handshake",
    new InvalidData("received fatal alert: ProtocolVersion"),
    "TlsError",
    "TLS_NO_SHARED_CIPHER",
  ],
  [
    "handshake",
    new InvalidData("received fatal alert: HandshakeFailure"),
    "TlsError",
    "TLS_NO_SHARED_CIPHER",
  ],
  [
    "handshake",
    new InvalidData("received corrupt message of type InvalidContentType"),
    "TlsError",
    "TLS_NOT_SPOKEN",
  ],
  ["handshake", new InvalidData("received fatal alert: InternalError"), "TlsError", "TLS_FAILED"],
  [
    "transfer",
    new InvalidData("received fatal alert: CertificateRequired"),
    "CredentialRefusedError",
    "CREDENTIAL_REFUSED",
  ],
  [
    "transfer",
    new InvalidData("received fatal alert: UnknownCA"),
    "CredentialRefusedError",
    "CREDENTIAL_REFUSED",
  ],
  [
    "handshake",
    new InvalidData("received fatal alert: UnknownCA"),
    "CredentialRefusedError",
    "CREDENTIAL_REFUSED",
  ],
  [
    "transfer",
    new InvalidData("received fatal alert: CertificateExpired"),
    "CredentialRefusedError",
    "CREDENTIAL_REFUSED",
  ],
  [
    "transfer",
    new InvalidData("received fatal alert: BadCertificate"),
    "CredentialRefusedError",
    "CREDENTIAL_REFUSED",
  ],
  [
    "transfer",
    new UnexpectedEof(
      "peer closed connection without sending TLS close_notify: https://docs.rs/rustls/latest/rustls/manual/_03_howto/index.html#unexpected-eof",
    ),
    "ConnectionLostError",
    "CONNECTION_LOST",
  ],
  [
    "transfer",
    new ConnectionReset("Connection reset by peer (os error 104)"),
    "ConnectionLostError",
    "CONNECTION_LOST",
  ],
  [
    "transfer",
    new BrokenPipe("Broken pipe (os error 32)"),
    "ConnectionLostError",
    "CONNECTION_LOST",
  ],
  [
    "transfer",
    new InvalidData("cannot decrypt peer's message"),
    "ConnectionLostError",
    "CONNECTION_LOST",
  ],
  // The next two are of WebSockets.
  ["handshake", new Error("tcp connect error"), "ConnectionLostError", "NETWORK_UNREACHABLE"],
  ["handshake", new Error("dns error"), "ConnectionLostError", "NETWORK_NAME_UNKNOWN"],
  ["transfer", new Interrupted("operation canceled"), "ConnectionLostError", "CONNECTION_CLOSED"],
];

/** What came when single bytes were flipped between Deno and a server of Deno's or OpenSSL's. */
const FROZEN_DAMAGE: [phase: Attempt["phase"] | "any", text: string, code: string][] = [
  ["any", "cannot decrypt peer's message", "CONNECTION_LOST"],
  ["any", "received corrupt message of type HandshakePayloadTooLarge", "CONNECTION_LOST"],
  ["any", "received corrupt message of type MessageTooLarge", "CONNECTION_LOST"],
  ["any", "received corrupt message of type MessageTooShort", "CONNECTION_LOST"],
  ["any", 'received corrupt message of type MissingData("u16")', "CONNECTION_LOST"],
  ["any", "received corrupt message of type UnknownProtocolVersion", "CONNECTION_LOST"],
  ["any", "received fatal alert: BadRecordMac", "CONNECTION_LOST"],
  ["any", "received fatal alert: DecodeError", "CONNECTION_LOST"],
  ["any", "received fatal alert: DecryptError", "CONNECTION_LOST"],
  ["any", "received fatal alert: IllegalParameter", "CONNECTION_LOST"],
  ["any", "received fatal alert: UnexpectedMessage", "CONNECTION_LOST"],
  ["any", "peer misbehaved: MessageInterleavedWithHandshakeMessage", "CONNECTION_LOST"],
  ["any", "peer misbehaved: SignedKxWithWrongAlgorithm", "CONNECTION_LOST"],
  ["any", "peer misbehaved: UnsolicitedServerHelloExtension", "CONNECTION_LOST"],
  [
    "any",
    "received unexpected handshake message: got HandshakeType(0x22) when expecting ServerHello or HelloRetryRequest",
    "CONNECTION_LOST",
  ],
  [
    "any",
    "received unexpected message: got ApplicationData when expecting Handshake",
    "CONNECTION_LOST",
  ],
  // Before anything is protected, a server that errs looks the same.
  ["handshake", "received corrupt message of type InvalidContentType", "TLS_NOT_SPOKEN"],
  ["handshake", "peer is incompatible: ServerDoesNotSupportTls12Or13", "TLS_NO_SHARED_CIPHER"],
  ["handshake", "received fatal alert: ProtocolVersion", "TLS_NO_SHARED_CIPHER"],
  ["handshake", "invalid peer certificate: BadSignature", "TLS_SERVER_UNTRUSTED"],
  [
    "handshake",
    "invalid peer certificate: Other(OtherError(SignatureAlgorithmMismatch))",
    "TLS_SERVER_UNTRUSTED",
  ],
  ["handshake", "received fatal alert: BadCertificate", "CREDENTIAL_REFUSED"],
  // Afterwards it does not.
  ["transfer", "received corrupt message of type InvalidContentType", "CONNECTION_LOST"],
  ["transfer", "received fatal alert: ProtocolVersion", "CONNECTION_LOST"],
  ["transfer", "received fatal alert: HandshakeFailure", "CONNECTION_LOST"],
  ["transfer", "received fatal alert: InternalError", "CONNECTION_LOST"],
  ["transfer", "received fatal alert: CertificateRevoked", "CREDENTIAL_REFUSED"],
  ["transfer", "received fatal alert: CertificateUnknown", "CREDENTIAL_REFUSED"],
  ["transfer", "received fatal alert: UnsupportedCertificate", "CREDENTIAL_REFUSED"],
  ["transfer", "received fatal alert: AccessDenied", "CREDENTIAL_REFUSED"],
];

for (const [given, text, code] of FROZEN_DAMAGE) {
  for (const phase of given === "any" ? ["handshake", "transfer"] as const : [given]) {
    Deno.test(`classifyFailure() at ${phase} takes "${text}" for ${code}, from both kinds of TLS`, () => {
      const attempt = { phase, address: "h:8883", hasCredentials: true };
      const ofNode = `${text} (SSL routines:ssl3_get_record:wrong version number)`;
      for (
        const failure of [
          new InvalidData(text),
          Object.assign(new Error(ofNode), { code: "ERR_SSL_WRONG_VERSION_NUMBER" }),
        ]
      ) {
        assertEquals(classifyFailure(failure, attempt).code, code);
      }
    });
  }
}

Deno.test("classifyFailure() says which alert ended a connection", () => {
  const attempt = { phase: "transfer", address: "h:8883", hasCredentials: true } as const;
  const error = classifyFailure(new InvalidData("received fatal alert: InternalError"), attempt);
  assertEquals(error.why, "the server ended it with the alert InternalError");
});

/** What `node:tls` of Deno 2.9.6 says, by its code. */
const FROZEN_CODES: [phase: Attempt["phase"], text: string, nodeCode: string, code: string][] = [
  ["handshake", "self-signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT", "TLS_SERVER_UNTRUSTED"],
  [
    "handshake",
    "self-signed certificate in certificate chain",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "TLS_SERVER_UNTRUSTED",
  ],
  [
    "handshake",
    "unable to get local issuer certificate",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "TLS_SERVER_UNTRUSTED",
  ],
  [
    "handshake",
    "unable to verify the first certificate",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "TLS_SERVER_UNTRUSTED",
  ],
  ["handshake", "certificate has expired", "CERT_HAS_EXPIRED", "TLS_SERVER_EXPIRED"],
  ["handshake", "certificate is not yet valid", "CERT_NOT_YET_VALID", "TLS_SERVER_EXPIRED"],
  [
    "handshake",
    "received corrupt message of type InvalidContentType",
    "ERR_SSL_WRONG_VERSION_NUMBER",
    "TLS_NOT_SPOKEN",
  ],
  [
    "handshake",
    "Client network socket disconnected before secure TLS connection was established",
    "ECONNRESET",
    "CONNECTION_LOST",
  ],
  [
    "transfer",
    "received fatal alert: CertificateRequired",
    "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
    "CREDENTIAL_REFUSED",
  ],
];

for (const [phase, text, nodeCode, code] of FROZEN_CODES) {
  Deno.test(`classifyFailure() at ${phase} takes ${nodeCode} for ${code}`, () => {
    const failure = Object.assign(new Error(text), { code: nodeCode });
    const error = classifyFailure(failure, { phase, address: "h:8883", hasCredentials: true });
    assertEquals([error.code, error.cause], [code, failure]);
  });
}

Deno.test("classifyFailure() leaves an error of Hubwire's as it is", () => {
  const error = new PermissionError("--allow-net", { what: "a", why: "b" });
  const attempt = { phase: "transfer", address: "h:8883", hasCredentials: true } as const;
  assertStrictEquals(classifyFailure(error, attempt), error);
});

for (const [phase, failure, name, code] of FROZEN) {
  Deno.test(`classifyFailure() at ${phase} takes "${failure.message.slice(0, 90)}" for ${code}`, () => {
    const error = classifyFailure(failure, { phase, address: "h:8883", hasCredentials: true });
    assertEquals([error.name, error.code], [name, code]);
    assertStrictEquals(error.cause, failure);
    assertEquals(error.what.includes("h:8883"), true);
  });
}

Deno.test("classifyFailure() thinks of a missing client certificate when TLS 1.2 ends the handshake", () => {
  const attempt = { phase: "handshake", address: "h:8883", hasCredentials: false } as const;
  const error = classifyFailure(new InvalidData("received fatal alert: HandshakeFailure"), attempt);
  assertEquals(error.code, "CREDENTIAL_REFUSED");
});

Deno.test("classifyFailure() is not led by names that the server chose", () => {
  const attempt = { phase: "handshake", address: "localhost:8883", hasCredentials: true } as const;
  for (const name of ["KeyMismatch.example", "UnknownIssuer.example", "failed to lookup address"]) {
    const text = `invalid peer certificate: certificate not valid for name "localhost"; ` +
      `certificate is only valid for DnsName("${name}")`;
    const error = classifyFailure(new InvalidData(text), attempt);
    assertEquals(error.code, "TLS_SERVER_WRONG_NAME");
    assertEquals(error.why, `the server's certificate is for ${name}, not for localhost`);
  }
});

Deno.test("classifyFailure() takes a break in the handshake for one", () => {
  const attempt = { phase: "handshake", address: "h:8883", hasCredentials: true } as const;
  for (
    const failure of [
      new ConnectionReset("Connection reset by peer (os error 104)"),
      new UnexpectedEof("eof"),
    ]
  ) {
    assertEquals(classifyFailure(failure, attempt).code, "CONNECTION_LOST");
  }
});

Deno.test("classifyFailure() names the flag of a missing permission", () => {
  const failure = new NotCapable(
    'Requires net access to "h:8883", run again with the --allow-net flag',
  );
  const error = classifyFailure(failure, {
    phase: "connect",
    address: "h:8883",
    hasCredentials: true,
  });
  assertEquals(error instanceof PermissionError && error.flag, "--allow-net=h:8883");
});

Deno.test("classifyFailure() blames no TLS for what it does not know while connecting", () => {
  const attempt = { phase: "connect", address: "h:1883", hasCredentials: false } as const;
  const error = classifyFailure(new Error("Invalid argument (os error 22)"), attempt);
  assertEquals([error.code, error.retryable], ["NETWORK_UNREACHABLE", true]);
});

Deno.test("classifyFailure() takes whatever is thrown", () => {
  const attempt = { phase: "transfer", address: "h:8883", hasCredentials: true } as const;
  assertEquals(classifyFailure("odd", attempt).code, "CONNECTION_LOST");
});
