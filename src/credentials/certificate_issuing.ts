import type { KeyObject } from "node:crypto";
import { buildExtensions, type Profile } from "./certificate_profiles.ts";
import type { Validity } from "./certificate_validity.ts";
import { readCertificate } from "./certificate.ts";
import { Identity } from "./identity.ts";
import { loadPrivateKey } from "./private_key.ts";

const newKeyAlgorithm: EcKeyGenParams = { name: "ECDSA", namedCurve: "P-256" };

// Curves, as node:crypto and Web Crypto call them.
const curves = new Map([["prime256v1", "P-256"], ["secp384r1", "P-384"], ["secp521r1", "P-521"]]);

/** Who signs. */
export interface Issuer {
  identity: Identity;
  certificate: Uint8Array;
  signingKey: CryptoKey;
}

/** A certificate that is to be made, for a new key. */
export interface CertificateRequest extends Validity {
  commonName: string;
  profile: Profile;
}

/** Makes a key and a certificate for it, signed by `issuer` or, where there is none, by itself. */
export async function issueCertificate(
  request: CertificateRequest,
  issuer?: Issuer,
): Promise<Identity> {
  const x509 = await import("./x509.ts");
  const keys = await crypto.subtle.generateKey(newKeyAlgorithm, true, ["sign", "verify"]);
  // The value's type is named, for the library reads RFC 4514 syntax into a plain string: "#04" would become a byte.
  const subject = new x509.Name([{ CN: [{ utf8String: request.commonName }] }]);
  const parent = issuer && new x509.X509Certificate(issuer.certificate.slice());
  const keyId = parent?.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: parent?.subjectName ?? subject,
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    publicKey: keys.publicKey,
    signingKey: issuer?.signingKey ?? keys.privateKey,
    extensions: await buildExtensions(x509, request.profile, {
      subject: keys.publicKey,
      ...(keyId === undefined ? {} : { issuerKeyId: keyId }),
    }),
  });
  const leaf = new Uint8Array(certificate.rawData);
  return Identity.from({
    certificateChain: [leaf, ...chainAbove(request.profile, issuer)],
    privateKey: new Uint8Array(await crypto.subtle.exportKey("pkcs8", keys.privateKey)),
  });
}

/** An authority keeps its whole chain; what it issues to others goes out without the root, which they have or not. */
function chainAbove(profile: Profile, issuer: Issuer | undefined): Uint8Array[] {
  const chain = issuer?.identity.certificateChain ?? [];
  return profile.use === "authority" ? chain : chain.filter((der) => !isRoot(der));
}

function isRoot(der: Uint8Array): boolean {
  const { subject, issuer } = readCertificate(der);
  return subject === issuer;
}

/** Opens an authority's key for signing with SHA-256, whatever kind it is of. */
export async function importSigningKey(pkcs8: Uint8Array): Promise<CryptoKey> {
  const algorithm = signingAlgorithm(loadPrivateKey(pkcs8));
  return await crypto.subtle.importKey("pkcs8", pkcs8.slice(), algorithm, false, ["sign"]);
}

function signingAlgorithm(key: KeyObject): { name: string; namedCurve?: string; hash?: string } {
  const curve = curves.get(key.asymmetricKeyDetails?.namedCurve ?? "");
  if (curve !== undefined) return { name: "ECDSA", namedCurve: curve };
  if (key.asymmetricKeyType === "ed25519") return { name: "Ed25519" };
  return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
}
