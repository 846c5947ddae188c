const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const DOTTED_QUAD = /^\d+\.\d+\.\d+\.\d+$/;

/**
 * Brings the name of a host into the one form the store knows it by.
 *
 * Lower case, without trailing dot or port, international names in punycode, IPv6 in brackets. Two hosts
 * are the same only if these forms are equal: a credential of `example.com` is none of `hub.example.com`.
 *
 * @example Three ways to write one host
 * ```ts
 * import { normalizeHost } from "@hubwire/hubwire/credentials";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(normalizeHost("Hub.Azure-Devices.net."), "hub.azure-devices.net");
 * assertEquals(normalizeHost("hub.azure-devices.net:8883"), "hub.azure-devices.net");
 * assertEquals(normalizeHost("bücher.example"), "xn--bcher-kva.example");
 * ```
 *
 * @throws {TypeError} If it is empty, a URL, a path, a wildcard, or no host name at all.
 */
export function normalizeHost(host: string): string {
  const name = parseHostname(bracketed(host))?.replace(/\.$/, "");
  if (name === undefined || !isHostname(name) || isDisguisedAddress(name, host)) {
    // Not quoted: what was given may be a URL with a password in it.
    throw new TypeError(
      "Cannot use that as a host: give a plain host name, no URL, path or wildcard",
    );
  }
  return name;
}

/** A bare IPv6 address is the one form with colons that a URL does not take as it is. */
function bracketed(host: string): string {
  return /^[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*$/i.test(host) ? `[${host}]` : host;
}

/** What the URL parser would cut off, drop or decode is refused before it sees it. */
function parseHostname(host: string): string | undefined {
  // deno-lint-ignore no-control-regex
  if (/[\u0000-\u0020\u007f/\\?#@%]/.test(host)) return undefined;
  return URL.parse(`https://${host}`)?.hostname;
}

function isHostname(name: string): boolean {
  if (name.startsWith("[")) return true;
  return name.length <= 253 && name.split(".").every((label) => LABEL.test(label));
}

/** URLs read `1` and `0x7f.1` as IPv4 addresses; here only an address written as one is one. */
function isDisguisedAddress(name: string, host: string): boolean {
  return DOTTED_QUAD.test(name) && !host.startsWith(name);
}
