/**
 * Where things stand in the store's database: every key is made and read here.
 *
 *     ["hubwire", "store"]                           the header: how to unlock, never a key in clear
 *     ["hubwire", "credential", host, device id]     one sealed credential
 *
 * Host and device id are all that can be read without the passphrase. Listing a prefix is the index by host.
 */

/** The header's key. */
export const HEADER_KEY: Deno.KvKey = ["hubwire", "store"];

/** The place of one credential. */
export interface CredentialAddress {
  /** The hub's host name, normalised. */
  host: string;
  /** The device's id at that hub. */
  deviceId: string;
}

/** The key of one credential. */
export function credentialKey(address: CredentialAddress): Deno.KvKey {
  return [...credentialPrefix(address.host), address.deviceId];
}

/** What the keys of all credentials, or of all credentials of a host, begin with. */
export function credentialPrefix(host?: string): Deno.KvKey {
  return host === undefined ? ["hubwire", "credential"] : ["hubwire", "credential", host];
}

/** The place that a key names; `undefined` if it is not the key of a credential. */
export function parseCredentialKey(key: Deno.KvKey): CredentialAddress | undefined {
  const [, , host, deviceId, ...rest] = key;
  if (typeof host !== "string" || typeof deviceId !== "string" || rest.length > 0) return undefined;
  return { host, deviceId };
}
