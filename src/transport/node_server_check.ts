/**
 * Checks a server's certificates a second time, for `node:tls` of Deno 2.9.6 does not always check them once: where
 * a certificate of the server is of X.509 version 1, or one that it cannot parse, it compares names only and no
 * signature, so that anybody who knows the name of a trusted authority passes. `Deno.connectTls` refuses those.
 *
 * Here every signature from the server's certificate up to a trusted one is verified, with the dates and the right
 * to issue. What else there is (extended usage, name constraints) Deno has checked where it did not take that way.
 */

import { X509Certificate } from "node:crypto";
import tls from "node:tls";
import { type HubwireError, PermissionError, TlsError } from "../errors.ts";

/** What is known of the server before it says anything. */
export interface ServerCheck {
  hostname: string;
  address: string;
  /** PEM. */
  caCerts: readonly string[];
}

/** A certificate as Node shows it, and the one that the server sent next. */
export interface SentCertificate extends tls.PeerCertificate {
  issuerCertificate?: SentCertificate;
}

/** More than any real chain has; every step is a signature. */
const LONGEST_CHAIN = 8;

let defaultAnchors: X509Certificate[] | undefined;

/** Why the server must not be trusted; `undefined` if it may. */
export function refuseServer(
  check: ServerCheck,
  peer: SentCertificate,
): HubwireError | undefined {
  const sent = sentCertificates(peer);
  const [leaf, ...others] = sent;
  if (!leaf) return untrusted(check, "the server shows no certificate");
  try {
    const isTrusted = hasPath(leaf, others, check.caCerts.flatMap(readCertificates)) ||
      hasPath(leaf, others, defaultAnchors ??= tls.rootCertificates.map(parse));
    if (!isTrusted) return untrusted(check, "its certificates do not lead to a trusted authority");
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return mayNotAsk(check, error);
    return untrusted(check, "its certificates cannot be checked", error);
  }
  if (leaf.ca) return untrusted(check, "it shows the certificate of an authority as its own");
  // Deno.connectTls looks for the name here and nowhere else; Node would take the common name, too.
  const names = leaf.subjectAltName;
  if (names !== undefined && !tls.checkServerIdentity(check.hostname, peer)) return undefined;
  return wrongName(check, names);
}

/** The server's own first. */
function sentCertificates(peer: SentCertificate): X509Certificate[] {
  const sent: X509Certificate[] = [];
  for (
    let next: SentCertificate | undefined = peer;
    next?.raw && sent.length < LONGEST_CHAIN;
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate
  ) sent.push(new X509Certificate(next.raw));
  return sent;
}

function hasPath(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
): boolean {
  if (!isInForce(certificate)) return false;
  if (anchors.some((anchor) => hasIssued(anchor, certificate))) return true;
  return others.some((other) =>
    other.ca && hasIssued(other, certificate) &&
    hasPath(other, others.filter((one) => one !== other), anchors)
  );
}

function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isInForce({ validFrom, validTo }: X509Certificate): boolean {
  const now = Date.now();
  return Date.parse(validFrom) <= now && now <= Date.parse(validTo);
}

function readCertificates(pem: string): X509Certificate[] {
  return Array.from(pem.matchAll(CERTIFICATE), ([text]) => parse(text));
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

function parse(pem: string): X509Certificate {
  return new X509Certificate(pem);
}

function untrusted({ address }: ServerCheck, why: string, cause?: unknown): HubwireError {
  return new TlsError("TLS_SERVER_UNTRUSTED", {
    what: `Cannot connect to ${address}`,
    why,
    remedy: "If the authority is a private one, give its certificate with caCerts (--cafile).",
    cause,
  });
}

/** Says both names: one of them is the mistake. */
function wrongName({ address, hostname }: ServerCheck, names = ""): HubwireError {
  const known = names.split(", ").slice(0, 5).map((name) => name.replace(/^[^:]*:/, ""));
  return new TlsError("TLS_SERVER_WRONG_NAME", {
    what: `Cannot connect to ${address}`,
    why: `the server's certificate is for ${known.join(", ") || "no name"}, not for ${hostname}`,
    remedy: "Connect by a name that stands in the certificate.",
  });
}

/** Deno asks for it, all of it, where Node's modules want to see the authorities that it trusts. */
function mayNotAsk({ address }: ServerCheck, cause: Error): HubwireError {
  return new PermissionError("--allow-sys", {
    what: `Cannot connect to ${address}`,
    why: "Deno was not given permission to list the authorities that it trusts",
    cause,
  });
}
