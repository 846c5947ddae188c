import { type CertificateFacts, readCertificate } from "./certificate.ts";
import type { Identity } from "./identity.ts";

/** What will or may go wrong with an identity at the hub, though there is nothing wrong with its file. */
export function adviseOn(identity: Identity): string[] {
  const [leaf] = identity.certificateChain;
  if (leaf === undefined) return [];
  const facts = readCertificate(leaf);
  const selfIssued = facts.subject === facts.issuer;
  const advice = [adviseOnVersion(facts), adviseOnKey(facts)];
  if (identity.certificateChain.length === 1 && !selfIssued) {
    advice.push(
      `The certificate ${facts.subject} comes without its issuer (${facts.issuer}): if the hub ` +
        "knows only an authority above that one, it will refuse the device.",
    );
  }
  return advice.filter((text) => text !== undefined);
}

function adviseOnVersion({ version, subject }: CertificateFacts): string | undefined {
  if (version === 3) return undefined;
  return `The certificate ${subject} is X.509 version ${version}, which TLS implementations ` +
    "refuse, Deno's among them: issue it again as version 3.";
}

// The hub's own TLS decides here, and it is documented for RSA and for the two smaller curves only.
function adviseOnKey({ keyType, subject }: CertificateFacts): string | undefined {
  if (keyType !== "Ed25519" && keyType !== "EC P-521") return undefined;
  return `The key of ${subject} is ${keyType}, which IoT Hub is not known to accept: EC P-256 is.`;
}
