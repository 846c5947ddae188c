/**
 * Checks that there are certificates in a list of them.
 *
 * @throws {TypeError} If one of the texts has none.
 */
export function checkCaCerts(caCerts: readonly string[]): string[] {
  caCerts.forEach(checkCertificate);
  return [...caCerts];
}

/** Deno silently ignores a text without a certificate in it, and would then not trust the server. */
function checkCertificate(text: string): void {
  if (/-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----/.test(text)) return;
  throw new TypeError("Cannot trust an entry of caCerts: it has no PEM certificate in it");
}
