/**
 * A certificate authority and device identities for tests, made once a process.
 *
 * Issuing takes milliseconds, but many tests need the same device: what was issued is kept. No test may
 * change an identity it got from here.
 */
import { readCertificate } from "../../src/credentials/certificate.ts";
import { CertificateAuthority } from "../../src/credentials/certificate_authority.ts";
import type { Identity } from "../../src/credentials/identity.ts";
import { encodePem } from "../../src/credentials/pem.ts";

let registered: Promise<CertificateAuthority> | undefined;
let unregistered: Promise<CertificateAuthority> | undefined;
const issued = new Map<string, Promise<Identity>>();

/** The authority that the hub and the brokers of these tests trust. */
export function testAuthority(): Promise<CertificateAuthority> {
  return registered ??= CertificateAuthority.create();
}

/** An authority nobody trusts. */
export function strangeAuthority(): Promise<CertificateAuthority> {
  return unregistered ??= CertificateAuthority.create();
}

/** The identity of a device, issued by {@linkcode testAuthority}. */
export function deviceIdentity(deviceId: string): Promise<Identity> {
  return issueOnce(`device ${deviceId}`, async () => (await testAuthority()).issueDevice(deviceId));
}

/** The identity of a device of that name, issued by {@linkcode strangeAuthority}. */
export function strangeIdentity(deviceId: string): Promise<Identity> {
  return issueOnce(
    `stranger ${deviceId}`,
    async () => (await strangeAuthority()).issueDevice(deviceId),
  );
}

/** The identity of a server on this machine, issued by {@linkcode testAuthority}. */
export function serverIdentity(): Promise<Identity> {
  return issueOnce("server", async () => {
    const authority = await testAuthority();
    return authority.issueServer("localhost", { alternativeNames: ["127.0.0.1"] });
  });
}

/** The certificate of an authority, in PEM. */
export function authorityPem(authority: CertificateAuthority): string {
  return encodePem("CERTIFICATE", authority.certificate);
}

/** Certificate chain and key of an identity, each in PEM, under the names that TLS clients use. */
export function identityPem(
  identity: Pick<Identity, "certificateChain" | "privateKey">,
): { cert: string; key: string } {
  return {
    cert: identity.certificateChain.map((der) => encodePem("CERTIFICATE", der)).join(""),
    key: encodePem("PRIVATE KEY", identity.privateKey),
  };
}

/** The thumbprints of an identity's own certificate, in hexadecimal. */
export function thumbprints(identity: Identity): { sha1: string; sha256: string } {
  const [leaf] = identity.certificateChain;
  if (leaf === undefined) throw new Error("Bug: an issued identity has a certificate");
  const { thumbprintSha1, thumbprintSha256 } = readCertificate(leaf);
  return { sha1: thumbprintSha1, sha256: thumbprintSha256 };
}

function issueOnce(name: string, issue: () => Promise<Identity>): Promise<Identity> {
  const identity = issued.get(name) ?? issue();
  issued.set(name, identity);
  return identity;
}
