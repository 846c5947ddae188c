/**
 * What is checked before a credential comes into the store: things that would fail much later, at the hub.
 */
import { CredentialError } from "../errors.ts";
import { type CertificateFacts, certificateMatchesKey, readCertificate } from "./certificate.ts";
import { whyNotValid } from "./certificate_dates.ts";
import type { Identity } from "./identity.ts";

/** What the device's own certificate says, once it is sure that its key is the right one. */
export function readLeaf(identity: Identity): CertificateFacts {
  const [leaf] = identity.certificateChain;
  if (leaf === undefined || identity.privateKey.length === 0) {
    throw new CredentialError("CREDENTIAL_INCOMPLETE", {
      what: "Cannot store the credential",
      why: "it has no certificate or no private key",
      remedy: "Give the device's certificate together with its private key.",
    });
  }
  const facts = readCertificate(leaf);
  if (certificateMatchesKey(leaf, identity.privateKey)) return facts;
  throw new CredentialError("CREDENTIAL_KEY_MISMATCH", {
    what: `Cannot store the credential of ${facts.subject}`,
    why: "its private key does not belong to its certificate",
    remedy: "Export the certificate again together with the key it was issued for.",
  });
}

/** The device id that a certificate names. */
export function deviceIdOf(facts: CertificateFacts): string {
  const { commonName } = facts;
  if (commonName !== undefined && isDeviceId(commonName)) return commonName;
  throw new CredentialError("CREDENTIAL_WRONG_NAME", {
    what: `Cannot store the credential of ${facts.subject}`,
    why: "its common name cannot be a device id",
    remedy: "Issue it with CN = device id.",
  });
}

/** @throws {TypeError} If it is empty, longer than 256 characters, or holds control characters. */
export function checkDeviceId(deviceId: string): void {
  if (!isDeviceId(deviceId)) {
    throw new TypeError("Cannot use that as a device id: give 1 to 256 printable characters");
  }
}

function isDeviceId(text: string): boolean {
  return text.length <= 256 && text.isWellFormed() && /^\P{Cc}+$/u.test(text);
}

/** @throws {CredentialError} If the certificate is of version 1, or not valid at this time. */
export function refuseUnusable(facts: CertificateFacts, now: Date): void {
  const what = `Cannot store the credential of ${facts.subject}`;
  if (facts.version < 3) {
    throw new CredentialError("CREDENTIAL_UNSUPPORTED", {
      what,
      why: `its certificate is of version ${facts.version}, which TLS in Deno refuses`,
      remedy: "Issue it again as a version 3 certificate.",
    });
  }
  const why = whyNotValid(facts, now);
  if (why === undefined) return;
  const remedy = "Renew the certificate, and see that this machine's clock is right.";
  throw new CredentialError("CREDENTIAL_EXPIRED", { what, why: `its certificate ${why}`, remedy });
}
