import { CredentialError } from "../../errors.ts";
import { DerError } from "../der.ts";

/** One text for both causes: which of them it is cannot be told, and should not be. */
export function wrongPassword(): CredentialError {
  return new CredentialError("CREDENTIAL_WRONG_PASSWORD", {
    what: "Cannot unlock the file",
    why: "wrong password, or the file is damaged",
    remedy:
      "Type the password again, exactly as it was set: letters with accents have two spellings " +
      "in Unicode, and only one of them fits.",
  });
}

/** Something that is well-formed and not supported. Never leaves this folder: readers say what to do about it. */
export class UnsupportedAlgorithm extends Error {
  constructor(algorithm: string) {
    super(`it uses ${algorithm}, which is not supported`);
    this.name = "UnsupportedAlgorithm";
  }
}

/** Turns what the parts of this folder throw into what the user of a PKCS#12 file can act on. */
export function explainPkcs12(error: unknown): unknown {
  if (error instanceof DerError) return damaged(error);
  if (error instanceof UnsupportedAlgorithm) return unsupported(error);
  return error;
}

function unsupported(cause: UnsupportedAlgorithm): CredentialError {
  return new CredentialError("CREDENTIAL_UNSUPPORTED", {
    what: "Cannot read the PKCS#12 file",
    why: cause.message,
    remedy: "Export it again: openssl pkcs12 -legacy -in OLD.pfx -out all.pem && " +
      "openssl pkcs12 -export -in all.pem -out NEW.pfx && rm all.pem",
    cause,
  });
}

/** A limit that keeps hostile files from filling memory. */
export function tooMany(why: string): CredentialError {
  return new CredentialError("CREDENTIAL_LIMIT", {
    what: "Cannot read the PKCS#12 file",
    why,
    remedy: "Export only the certificates and keys that one device needs.",
  });
}

/** The file is something else altogether. */
export function notPkcs12(why: string): CredentialError {
  return new CredentialError("CREDENTIAL_FORMAT", {
    what: "Not a PKCS#12 file",
    why,
    remedy: why.includes("PEM")
      ? "Use it as certificate and key (--cert and --key), or make a PFX of it: " +
        "openssl pkcs12 -export -in FILE.pem -out FILE.pfx"
      : "Give the .pfx or .p12 file itself, in binary.",
  });
}

/** The structure breaks off or contradicts itself. */
function damaged(cause: DerError): CredentialError {
  return new CredentialError("CREDENTIAL_DAMAGED", {
    what: "Cannot read the PKCS#12 file",
    why: `damaged at byte ${cause.offset}: ${cause.message}`,
    remedy: "Copy or export the file again.",
    cause,
  });
}

/** Nothing vouches for the contents. */
export function withoutMac(): CredentialError {
  return new CredentialError("CREDENTIAL_UNSUPPORTED", {
    what: "Cannot trust the PKCS#12 file",
    why: "it has no MAC, so nothing proves that it was not changed",
    remedy: "Export it again with a password.",
  });
}
