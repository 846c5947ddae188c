import type { Identity } from "./identity.ts";
import { deviceIdOf, readLeaf } from "./store_preflight.ts";
import { type CredentialEntry, refuseTooLarge } from "./store_record.ts";

/**
 * What a list will show of a credential that is about to be stored under this host.
 *
 * Whatever can be wrong with the credential is found here, before anything is written or even made.
 *
 * @throws {CredentialError} If it cannot be stored.
 */
export function describeCredential(
  identity: Identity,
  { host, deviceId, addedAt }: { host: string; deviceId?: string | undefined; addedAt: Date },
): CredentialEntry {
  const facts = readLeaf(identity);
  const entry = {
    host,
    deviceId: deviceId ?? deviceIdOf(facts),
    subject: facts.subject,
    issuer: facts.issuer,
    notBefore: facts.notBefore,
    notAfter: facts.notAfter,
    keyType: facts.keyType,
    thumbprintSha1: facts.thumbprintSha1,
    thumbprintSha256: facts.thumbprintSha256,
    addedAt,
  };
  refuseTooLarge(entry, identity);
  return entry;
}
