import type { Credentials } from "./transport.ts";

/** PEM text of DER bytes (RFC 7468), the only form that sockets take. */
export function toPem(label: string, der: Uint8Array): string {
  const lines = der.toBase64().match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** Under the names that sockets use. Both or neither: Deno refuses one without the other. */
export function toKeyPair(
  credentials: Credentials | undefined,
): { cert: string; key: string } | undefined {
  if (!credentials) return undefined;
  const { certificateChain, privateKey } = credentials;
  return {
    cert: certificateChain.map((der) => toPem("CERTIFICATE", der)).join(""),
    key: toPem("PRIVATE KEY", privateKey),
  };
}
