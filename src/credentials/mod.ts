/**
 * Who a device is: reading and issuing its certificate and key.
 *
 * Nothing here opens a connection. Importing it needs no permission and loads no X.509 library: issuing certificates
 * loads one on first use.
 *
 * @example Issue a device's certificate and look at it
 * ```ts
 * import { CertificateAuthority, readCertificate } from "@hubwire/hubwire/credentials";
 * import { assertEquals } from "@std/assert";
 *
 * const authority = await CertificateAuthority.create();
 * const { certificateChain: [leaf = new Uint8Array()] } = await authority.issueDevice("sensor-1");
 * assertEquals(readCertificate(leaf).keyType, "EC P-256");
 * ```
 *
 * @module
 */

export { type CertificateFacts, certificateMatchesKey, readCertificate } from "./certificate.ts";
export {
  type AuthorityOptions,
  CertificateAuthority,
  type IssueOptions,
  type IssueServerOptions,
} from "./certificate_authority.ts";
export { orderChain, verifyChain, type VerifyChainOptions } from "./chain.ts";
export { CredentialStore, type OpenStoreOptions } from "./credential_store.ts";
export { normalizeHost } from "./host.ts";
export { Identity, type PlainIdentity } from "./identity.ts";
export { encodePem, parsePem, type PemBlock } from "./pem.ts";
export { readPem } from "./read_pem.ts";
export { type PfxContents, readPfx, type ReadPfxOptions } from "./read_pfx.ts";
export { writePfx, type WritePfxOptions } from "./write_pfx.ts";
export type { CredentialAddress } from "./store_keys.ts";
export type { CredentialsProvider, CredentialsRequest } from "./store_provider.ts";
export type { CredentialEntry } from "./store_record.ts";
export type { StoredCredential } from "./store_table.ts";
