import { verify } from "node:crypto";
import type { CertificateFields } from "./certificate_fields.ts";
import { readPublicKey } from "./key_match.ts";

// Signature algorithms: the key they need, and the hash (Ed25519 brings its own).
const algorithms = new Map<string, { key: "RSA" | "EC" | "Ed25519"; hash: string | null }>([
  ["1.2.840.113549.1.1.5", { key: "RSA", hash: "sha1" }],
  ["1.2.840.113549.1.1.11", { key: "RSA", hash: "sha256" }],
  ["1.2.840.113549.1.1.12", { key: "RSA", hash: "sha384" }],
  ["1.2.840.113549.1.1.13", { key: "RSA", hash: "sha512" }],
  ["1.2.840.10045.4.1", { key: "EC", hash: "sha1" }],
  ["1.2.840.10045.4.3.2", { key: "EC", hash: "sha256" }],
  ["1.2.840.10045.4.3.3", { key: "EC", hash: "sha384" }],
  ["1.2.840.10045.4.3.4", { key: "EC", hash: "sha512" }],
  ["1.3.101.112", { key: "Ed25519", hash: null }],
]);

/**
 * What comes of checking a signature: `weak` is one that holds but rests on SHA-1, `unknown` one whose algorithm or
 * key this runtime cannot check.
 */
export type SignatureCheck = "valid" | "weak" | "invalid" | "unknown";

/** Checks the signature of `certificate` with the public key of `issuer`. No other fact of either is looked at. */
export function checkSignature(
  certificate: CertificateFields,
  issuer: CertificateFields,
): SignatureCheck {
  const algorithm = algorithms.get(certificate.signatureAlgorithm);
  const key = readPublicKey(issuer.publicKeyDer);
  if (algorithm === undefined || key === undefined) return "unknown";
  if (!issuer.keyType.startsWith(algorithm.key)) return "invalid";
  const { signedDer, signature } = certificate;
  if (verify(algorithm.hash, signedDer, key, signature)) {
    return algorithm.hash === "sha1" ? "weak" : "valid";
  }
  // Deno 2.9 checks no ECDSA signature of P-521 but with SHA-512, and says "wrong" to all others.
  return issuer.keyType === "EC P-521" && algorithm.hash !== "sha512" ? "unknown" : "invalid";
}
