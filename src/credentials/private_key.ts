import { Buffer } from "node:buffer";
import { createPrivateKey, type KeyObject } from "node:crypto";
import { CredentialError } from "../errors.ts";

const usableCurves = new Set(["prime256v1", "secp384r1", "secp521r1"]);
const minimumRsaBits = 2048;

/**
 * Opens a private key, if it is one that Deno's TLS can use: RSA of 2048 bits or more, P-256, P-384, P-521, Ed25519.
 *
 * Any other would be refused by `Deno.connectTls` with a message that names no cause, so it is refused here, by name.
 *
 * @throws {CredentialError} `CREDENTIAL_DAMAGED` or `CREDENTIAL_UNSUPPORTED`.
 */
export function loadPrivateKey(pkcs8: Uint8Array): KeyObject {
  // A view of the same bytes: no copy of the key is left behind.
  const key = Buffer.from(pkcs8.buffer, pkcs8.byteOffset, pkcs8.length);
  try {
    return assertUsable(createPrivateKey({ key, format: "der", type: "pkcs8" }));
  } catch (error) {
    if (error instanceof CredentialError) throw error;
    throw new CredentialError("CREDENTIAL_DAMAGED", {
      what: "Cannot read the private key",
      why: "it is damaged, or of a kind that this runtime does not know",
      remedy: "Export the key again, as PKCS#8.",
      cause: error,
    });
  }
}

/** Writes a key as unencrypted PKCS#8, in the one form this runtime gives it, whatever it was read from. */
export function exportPrivateKey(key: KeyObject): Uint8Array {
  const exported = key.export({ format: "der", type: "pkcs8" });
  const pkcs8 = new Uint8Array(exported);
  exported.fill(0);
  return pkcs8;
}

/** @throws {CredentialError} `CREDENTIAL_UNSUPPORTED` if Deno's TLS could not use the key. */
export function assertUsable(key: KeyObject): KeyObject {
  const { modulusLength = 0, namedCurve = "" } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case "ed25519":
      return key;
    case "rsa":
      if (modulusLength >= minimumRsaBits) return key;
      throw unusable(`RSA ${modulusLength}`);
    case "ec":
      if (usableCurves.has(namedCurve)) return key;
      throw unusable(`EC ${namedCurve}`);
    default:
      throw unusable(key.asymmetricKeyType === "rsa-pss" ? "RSA-PSS" : `${key.asymmetricKeyType}`);
  }
}

function unusable(keyType: string): CredentialError {
  return new CredentialError("CREDENTIAL_UNSUPPORTED", {
    what: "Cannot use the private key",
    why: `Deno's TLS takes no key of type ${keyType}`,
    remedy: "Make a new key (EC P-256, or RSA with 2048 bits or more) and a certificate for it.",
  });
}
