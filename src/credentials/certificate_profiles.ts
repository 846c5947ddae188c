import type { Extension } from "./x509.ts";
import { alternativeName } from "./certificate_name_rules.ts";

type X509 = typeof import("./x509.ts");

const serverAuth = "1.3.6.1.5.5.7.3.1";
const clientAuth = "1.3.6.1.5.5.7.3.2";

/** What a certificate is for; each use has its own set of extensions (RFC 5280 section 4.2). */
export type Profile =
  | { use: "authority" }
  | { use: "device" }
  | { use: "server"; names: string[] };

/** The extensions of a profile, key identifiers apart. */
function extensionsOfUse(x509: X509, profile: Profile): Extension[] {
  const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags;
  if (profile.use === "authority") {
    return [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
    ];
  }
  const leaf = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(digitalSignature, true),
  ];
  if (profile.use === "device") return [...leaf, new x509.ExtendedKeyUsageExtension([clientAuth])];
  return [
    ...leaf,
    new x509.ExtendedKeyUsageExtension([serverAuth]),
    new x509.SubjectAlternativeNameExtension(profile.names.map(alternativeName)),
  ];
}

/**
 * Every extension of a new certificate.
 *
 * The issuer's key identifier is copied from its certificate, never computed: another maker's authority may have
 * derived it in its own way, and then the two would not match.
 */
export async function buildExtensions(
  x509: X509,
  profile: Profile,
  keys: { subject: CryptoKey; issuerKeyId?: string },
): Promise<Extension[]> {
  const extensions = extensionsOfUse(x509, profile);
  extensions.push(await x509.SubjectKeyIdentifierExtension.create(keys.subject));
  if (keys.issuerKeyId !== undefined) {
    extensions.push(new x509.AuthorityKeyIdentifierExtension(keys.issuerKeyId));
  }
  return extensions;
}
