import { readCertificate } from "../credentials/mod.ts";
import { whyNotValid } from "../credentials/certificate_dates.ts";
import { CredentialError } from "../errors.ts";
import { checkId } from "../hub/topics.ts";

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
 * The device that a certificate is for.
 *
 * @throws {CredentialError} `CREDENTIAL_WRONG_NAME` if it names none.
 */
export function deviceNamedBy(leaf: Uint8Array): string {
  const { commonName, subject } = readCertificate(leaf);
  if (commonName !== undefined) return commonName;
  throw new CredentialError("CREDENTIAL_WRONG_NAME", {
    what: "Cannot tell which device the certificate is for",
    why: `its subject has no common name: ${subject || "it is empty"}`,
    remedy: "Issue it with CN = device id.",
  });
}

/** @throws {CredentialError} `CREDENTIAL_WRONG_NAME` if no hub has a device of that name. */
export function refuseDeviceId(deviceId: string): void {
  try {
    checkId(deviceId, "device id");
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new CredentialError("CREDENTIAL_WRONG_NAME", {
      what: `Cannot connect as device ${deviceId}`,
      why: "no hub has a device with such an id",
      remedy: "Issue its certificate with CN = device id: 1 to 128 ASCII letters, digits and " +
        "- . % _ * ? ! ( ) , = @ $ '",
      cause,
    });
  }
}

/**
 * Finds out before anything is dialled what the server would refuse without saying why.
 *
 * @throws {CredentialError} `CREDENTIAL_EXPIRED` or `CREDENTIAL_WRONG_NAME`.
 */
export function checkCertificate(leaf: Uint8Array, expected: Expected): void {
  const facts = readCertificate(leaf);
  const { commonName, subject } = facts;
  const { deviceId, now, ignoreExpiry } = expected;
  if (deviceId !== undefined && commonName !== deviceId) {
    throw new CredentialError("CREDENTIAL_WRONG_NAME", {
      what: `Cannot connect as device ${deviceId}`,
      why: `the certificate is for ${commonName ?? subject}, and the hub compares the two`,
      remedy: "Take the certificate with CN = device id, or name the device of this one with -i.",
    });
  }
  const why = ignoreExpiry ? undefined : whyNotValid(facts, now);
  if (why === undefined) return;
  throw new CredentialError("CREDENTIAL_EXPIRED", {
    what: `Cannot use the certificate of ${commonName ?? subject}`,
    why: `it ${why}`,
    remedy:
      "Get a new certificate, or set this machine's clock right; --ignore-expiry tries it all the same.",
  });
}
