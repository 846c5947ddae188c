import { CredentialError } from "../errors.ts";
import { checkSignature } from "./certificate_signature.ts";
import {
  assertCurrent,
  assertIssuedBy,
  assertIssuer,
  broken,
  isNamedIssuer,
  type Link,
  maximumChainLength,
  readLink,
} from "./chain_rules.ts";
import { sameBytes } from "./same_bytes.ts";

const maximumSignatureChecks = 32;

/** What {@linkcode verifyChain} trusts, and when. */
export interface VerifyChainOptions {
  /** DER certificates; the path has to end at one of them. */
  authorities: Uint8Array[];
  /** The moment at which every certificate has to be valid. */
  now: Date;
}

/**
 * Puts certificates in the order in which TLS sends them: the device's own first, each followed by its issuer.
 *
 * A certificate is taken for the issuer of another if its name is the issuer's name and its key made the signature.
 * What does not belong to the chain is left out; a chain that stops early is no error. Nothing is trusted here.
 *
 * @example Intermediate and root in any order
 * ```ts
 * import { CertificateAuthority, orderChain } from "@hubwire/hubwire/credentials";
 * import { assertEquals } from "@std/assert";
 *
 * const root = await CertificateAuthority.create();
 * const intermediate = await root.issueIntermediate("Plant 7");
 * const device = await intermediate.issueDevice("sensor-1");
 * const [leaf = new Uint8Array()] = device.certificateChain;
 * const chain = orderChain(leaf, [root.certificate, intermediate.certificate]);
 * assertEquals(chain, [leaf, intermediate.certificate, root.certificate]);
 * ```
 * @throws {CredentialError} `CREDENTIAL_FORMAT` if one of them is not a certificate, `CREDENTIAL_LIMIT` if so many
 * certificates bear the same name that finding the right ones would take too long.
 */
export function orderChain(leaf: Uint8Array, others: Uint8Array[]): Uint8Array[] {
  const candidates = others.map((der) => readLink(der, "a certificate"));
  const chain = [readLink(leaf, "the certificate")];
  let checksLeft = maximumSignatureChecks;
  const issuerOf = (child: Link) =>
    candidates.find((candidate) => {
      if (!isNamedIssuer(child, candidate)) return false;
      if (chain.some(({ der }) => sameBytes(der, candidate.der))) return false;
      if (checksLeft-- === 0) throw tooManyChecks();
      return checkSignature(child.fields, candidate.fields) !== "invalid";
    });
  for (let next = chain[0]; next !== undefined && chain.length < maximumChainLength;) {
    next = issuerOf(next);
    if (next !== undefined) chain.push(next);
  }
  return chain.map(({ der }) => der);
}

/**
 * Checks that a chain leads from the device's certificate to a trusted authority, and throws if it does not.
 *
 * The rules are those of RFC 5280 section 6 that matter to IoT Hub: every certificate is within its dates; every
 * issuer has `CA:TRUE`, may sign certificates and respects path lengths; every signature holds and rests on nothing
 * weaker than SHA-256; nothing critical is ignored. The path ends where it meets an authority, which need not be the
 * end of `chain` and need not be a root. What this runtime cannot check (RSA-PSS; P-521 with another hash than
 * SHA-512) is refused. Revocation is not checked, nor is the name: that is up to the caller.
 *
 * @example Trust one authority
 * ```ts
 * import { CertificateAuthority, verifyChain } from "@hubwire/hubwire/credentials";
 *
 * const authority = await CertificateAuthority.create();
 * const device = await authority.issueDevice("sensor-1");
 * verifyChain(device.certificateChain, {
 *   authorities: [authority.certificate],
 *   now: new Date(),
 * });
 * ```
 * @throws {CredentialError} It says which rule failed at which certificate.
 * @throws {RangeError} If `now` is not a date.
 */
export function verifyChain(chain: Uint8Array[], options: VerifyChainOptions): void {
  if (Number.isNaN(options.now.getTime())) throw new RangeError("now is not a date");
  if (chain.length > maximumChainLength) {
    throw broken("CREDENTIAL_LIMIT", `it has more than ${maximumChainLength} certificates`);
  }
  const links = chain.map((der, i) => readLink(der, `certificate ${i + 1} of ${chain.length}`));
  const authorities = options.authorities.map((der) => readLink(der, "the authority"));
  for (const [depth, link] of links.entries()) {
    assertCurrent(link, options.now);
    // Of those below it, the first is the device's own: it is not counted as an intermediate.
    if (depth > 0) assertIssuer(link, depth - 1);
    if (authorities.some(({ der }) => sameBytes(der, link.der))) return;
    const authority = findAuthority(link, authorities, options.now);
    if (authority !== undefined) {
      assertIssuedBy(link, authority);
      assertCurrent(authority, options.now);
      return assertIssuer(authority, depth);
    }
    const issuer = links[depth + 1];
    if (issuer !== undefined) assertIssuedBy(link, issuer);
  }
  const last = links.at(-1);
  if (last === undefined) throw broken("CREDENTIAL_INCOMPLETE", "it has no certificate at all");
  throw broken(
    "CREDENTIAL_INCOMPLETE",
    `it ends at ${last.place}, whose issuer (${last.fields.issuer.text}) is not trusted`,
  );
}

/** The authority that issued it; of several with the same name and key, one that is still valid. */
function findAuthority(link: Link, authorities: Link[], now: Date): Link | undefined {
  const issuers = authorities.filter((authority) =>
    isNamedIssuer(link, authority) && checkSignature(link.fields, authority.fields) !== "invalid"
  );
  return issuers.find(({ fields }) => now <= fields.notAfter) ?? issuers[0];
}

function tooManyChecks(): CredentialError {
  return new CredentialError("CREDENTIAL_LIMIT", {
    what: "Cannot order the certificate chain",
    why: `more than ${maximumSignatureChecks} signatures would have to be tried`,
    remedy: "Leave out the certificates that do not belong to the device.",
  });
}
