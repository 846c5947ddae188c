import { readCertificate } from "../credentials/mod.ts";
import { CredentialError } from "../errors.ts";
import { daysBetween } from "./dates.ts";

/** What a certificate has to be for a connection. */
export interface Expected {
  /** The device it must be for; any if absent. */
  deviceId?: string;
  /** The time by which it is judged. */
  now: Date;
  /** Leaves its dates to the server. */
  ignoreExpiry: boolean;
}

/**
 * Finds out before anything is dialled what the server would refuse without saying why.
 *
 * @throws {CredentialError} `CREDENTIAL_EXPIRED` or `CREDENTIAL_WRONG_NAME`.
 */
export function checkCertificate(leaf: Uint8Array, expected: Expected): void {
  const { commonName, subject, notBefore, notAfter } = readCertificate(leaf);
  const { deviceId, now, ignoreExpiry } = expected;
  if (deviceId !== undefined && commonName !== deviceId) {
    throw new CredentialError("CREDENTIAL_WRONG_NAME", {
      what: `Cannot connect as device ${deviceId}`,
      why: `the certificate is for ${commonName ?? subject}, and the hub compares the two`,
      remedy: "Take the certificate with CN = device id, or name the device of this one with -i.",
    });
  }
  if (ignoreExpiry) return;
  const why = now > notAfter
    ? `it expired ${daysBetween(notAfter, now)} ago (${notAfter.toISOString()})`
    : now < notBefore
    ? `it is not valid for another ${daysBetween(now, notBefore)} (${notBefore.toISOString()})`
    : undefined;
  if (why === undefined) return;
  throw new CredentialError("CREDENTIAL_EXPIRED", {
    what: `Cannot use the certificate of ${commonName ?? subject}`,
    why,
    remedy:
      "Get a new certificate, or set this machine's clock right; --ignore-expiry tries it all the same.",
  });
}
