import { type CredentialCode, CredentialError } from "../errors.ts";
import { readCertificateFields } from "./certificate.ts";
import { whyNotValid } from "./certificate_dates.ts";
import type { CertificateFields } from "./certificate_fields.ts";
import { checkSignature } from "./certificate_signature.ts";
import { sameBytes } from "./same_bytes.ts";

/** Real chains have two to four certificates; this bounds the work that a hostile one can ask for. */
export const maximumChainLength = 10;

// Extensions whose meaning is checked, here or by whoever uses the certificate.
const understood = new Set([
  "2.5.29.14", // subject key identifier
  "2.5.29.15", // key usage
  "2.5.29.17", // subject alternative name
  "2.5.29.19", // basic constraints
  "2.5.29.35", // authority key identifier
  "2.5.29.37", // extended key usage
]);

/** One certificate of a chain, and how to call it in a message. */
export interface Link {
  der: Uint8Array;
  fields: CertificateFields;
  place: string;
}

/** Reads one certificate and keeps its bytes beside what they say. */
export function readLink(der: Uint8Array, place: string): Link {
  const fields = readCertificateFields(der);
  return { der, fields, place: `${place} (${fields.subject.text})` };
}

/** Whether the name of `issuer` is the one that `certificate` gives for its issuer, byte for byte. */
export function isNamedIssuer(certificate: Link, issuer: Link): boolean {
  return sameBytes(certificate.fields.issuerDer, issuer.fields.subjectDer);
}

/** The rules that hold for every certificate of a path: dates, and nothing critical that is not understood. */
export function assertCurrent({ fields, place }: Link, now: Date): void {
  const why = whyNotValid(fields, now);
  if (why !== undefined) throw broken("CREDENTIAL_EXPIRED", `${place} ${why}`);
  const unknown = fields.criticalExtensions.find((id) => !understood.has(id));
  if (unknown === undefined) return;
  throw broken("CREDENTIAL_UNSUPPORTED", `${place} has the critical extension ${unknown}`);
}

/**
 * The rules for a certificate that issues another (RFC 5280 section 6.1.4).
 *
 * @param below How many intermediate certificates stand between it and the device's.
 */
export function assertIssuer({ fields, place }: Link, below: number): void {
  if (!fields.isAuthority) {
    throw broken("CREDENTIAL_FORMAT", `${place} is not an authority (it lacks CA:TRUE)`);
  }
  if (!fields.maySignCertificates) {
    throw broken("CREDENTIAL_FORMAT", `${place} may not issue certificates (it lacks keyCertSign)`);
  }
  const { pathLength = Infinity } = fields;
  if (below > pathLength) {
    throw broken(
      "CREDENTIAL_FORMAT",
      `${place} allows ${pathLength} intermediate certificates below it, and there are ${below}`,
    );
  }
}

/** The rules for a certificate and the next one: name, and a signature that is sound. */
export function assertIssuedBy(link: Link, issuer: Link): void {
  if (!isNamedIssuer(link, issuer)) {
    throw broken("CREDENTIAL_KEY_MISMATCH", `${link.place} was not issued by ${issuer.place}`);
  }
  const check = checkSignature(link.fields, issuer.fields);
  if (check === "valid") return;
  if (check === "invalid") {
    throw broken(
      "CREDENTIAL_KEY_MISMATCH",
      `the signature of ${link.place} was not made by ${issuer.place}`,
    );
  }
  const reason = check === "weak" ? "rests on SHA-1" : "is of a kind that cannot be checked";
  throw broken("CREDENTIAL_UNSUPPORTED", `the signature of ${link.place} ${reason}`);
}

/** What every broken rule is reported as. */
export function broken(code: CredentialCode, why: string): CredentialError {
  return new CredentialError(code, {
    what: "Certificate chain refused",
    why,
    remedy: "Use a current certificate with its whole chain, up to an authority that is trusted.",
  });
}
