import { createHash, X509Certificate } from "node:crypto";
import { CredentialError } from "../errors.ts";
import { type CertificateFields, parseCertificateFields } from "./certificate_fields.ts";
import { DerError } from "./der.ts";
import { publicKeyId } from "./key_match.ts";
import { loadPrivateKey } from "./private_key.ts";

/** What one certificate says. */
export interface CertificateFacts {
  /** 1, 2 or 3. Deno's TLS takes version 3 only. */
  version: number;
  /** The subject's most specific common name, character for character; IoT Hub compares it with the device id. */
  commonName?: string;
  /** The subject in the order of the certificate, such as `O=Contoso, CN=sensor-1`, escaped as RFC 4514 does. */
  subject: string;
  /** The issuer, written like the subject. */
  issuer: string;
  /** Lower-case hexadecimal digits. */
  serialNumber: string;
  /** The first second in which it is valid. */
  notBefore: Date;
  /** The last second in which it is valid. */
  notAfter: Date;
  /** Whether it may issue certificates (`CA:TRUE`). */
  isAuthority: boolean;
  /** Such as `EC P-256`, `RSA 2048` or `Ed25519`. */
  keyType: string;
  /** 40 lower-case hexadecimal digits without colons, as IoT Hub wants them. */
  thumbprintSha1: string;
  /** 64 lower-case hexadecimal digits without colons, as IoT Hub wants them. */
  thumbprintSha256: string;
}

/**
 * Reads what a DER certificate says.
 *
 * Reading is not trusting: no signature and no date is checked here, see {@linkcode verifyChain}.
 *
 * @example The common name of a device's certificate
 * ```ts
 * import { CertificateAuthority, readCertificate } from "@hubwire/hubwire/credentials";
 * import { assertEquals } from "@std/assert";
 *
 * const authority = await CertificateAuthority.create();
 * const device = await authority.issueDevice("sensor-1");
 * const [leaf = new Uint8Array()] = device.certificateChain;
 * assertEquals(readCertificate(leaf).commonName, "sensor-1");
 * ```
 * @throws {CredentialError} `CREDENTIAL_FORMAT` if the bytes are not one whole X.509 certificate.
 */
export function readCertificate(der: Uint8Array): CertificateFacts {
  const fields = readCertificateFields(der);
  return {
    version: fields.version,
    ...(fields.subject.commonName === undefined ? {} : { commonName: fields.subject.commonName }),
    subject: fields.subject.text,
    issuer: fields.issuer.text,
    serialNumber: fields.serialNumber,
    notBefore: fields.notBefore,
    notAfter: fields.notAfter,
    isAuthority: fields.isAuthority,
    keyType: fields.keyType,
    thumbprintSha1: createHash("sha1").update(der).digest("hex"),
    thumbprintSha256: createHash("sha256").update(der).digest("hex"),
  };
}

/**
 * Answers whether a certificate is for that private key.
 *
 * @throws {CredentialError} If either of them cannot be read.
 */
export function certificateMatchesKey(certificate: Uint8Array, pkcs8: Uint8Array): boolean {
  const key = publicKeyId(loadPrivateKey(pkcs8));
  return publicKeyId(readCertificateFields(certificate).publicKeyDer) === key;
}

/** The certificate as {@linkcode readCertificate} reads it, with what the rest of this folder needs besides. */
export function readCertificateFields(der: Uint8Array): CertificateFields {
  try {
    const fields = parseCertificateFields(der);
    // Our own reading is lenient where it can be; whatever TLS would refuse has to be refused here already.
    openCertificate(der);
    return fields;
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw notACertificate(`${error.message}, at byte ${error.offset}`, error);
  }
}

function openCertificate(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (error) {
    throw notACertificate("its bytes are not X.509", error);
  }
}

function notACertificate(why: string, cause: unknown): CredentialError {
  return new CredentialError("CREDENTIAL_FORMAT", {
    what: "Cannot read the certificate",
    why,
    remedy: "Give one X.509 certificate; PEM has to be decoded first.",
    cause,
  });
}
