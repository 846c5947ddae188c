import { CredentialError } from "../errors.ts";

const maximumSize = 1024 * 1024;
const beginLine = /^-----BEGIN ([A-Z0-9][A-Z0-9 ]*)-----$/;
const headerLine = /^([A-Za-z0-9-]+):\s*(.*)$/;
const base64Line = /^[A-Za-z0-9+/]*={0,2}$/;

/** One block of a PEM text. */
export interface PemBlock {
  /** Such as `CERTIFICATE` or `PRIVATE KEY`. */
  label: string;
  /** The lines before the Base64, such as `Proc-Type` and `DEK-Info` of an encrypted key. Mostly there are none. */
  headers: ReadonlyMap<string, string>;
  /** The bytes. */
  der: Uint8Array;
}

/**
 * Reads every block of a PEM text (RFC 7468), in order.
 *
 * Text between blocks is skipped, as `openssl` writes some there. A block itself has to be flawless: where others
 * silently drop what they cannot read, a certificate that was meant to be trusted would be missing without a word.
 *
 * @example A certificate and what stands before it
 * ```ts
 * import { encodePem, parsePem } from "@hubwire/hubwire/credentials";
 * import { assertEquals } from "@std/assert";
 *
 * const text = `subject=CN=sensor-1\n${encodePem("CERTIFICATE", Uint8Array.of(1, 2, 3))}`;
 * const [block] = parsePem(text);
 * assertEquals(block?.der, Uint8Array.of(1, 2, 3));
 * ```
 * @throws {CredentialError} `CREDENTIAL_FORMAT` if there is no block at all, `CREDENTIAL_DAMAGED`, with the line, if
 * one is broken, `CREDENTIAL_LIMIT` if the text has more than 1 MiB.
 */
export function parsePem(text: string): PemBlock[] {
  if (text.length > maximumSize) throw tooLarge();
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  const blocks: PemBlock[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (!line.startsWith("-----")) continue;
    const label = beginLine.exec(line)?.[1];
    if (label === undefined) throw damaged(i, "a BEGIN line was expected");
    const end = lines.indexOf(`-----END ${label}-----`, i);
    if (end < 0) throw damaged(i, `BEGIN ${label} has no END`);
    blocks.push({ label, ...readBody(lines.slice(i + 1, end), i + 1) });
    i = end;
  }
  if (blocks.length === 0) throw notPem();
  return blocks;
}

/**
 * Writes one PEM block, with a line break at its end.
 *
 * @example
 * ```ts
 * import { encodePem } from "@hubwire/hubwire/credentials";
 * import { assertEquals } from "@std/assert";
 *
 * const pem = encodePem("CERTIFICATE", Uint8Array.of(1, 2, 3));
 * assertEquals(pem, "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n");
 * ```
 */
export function encodePem(label: string, der: Uint8Array): string {
  const lines = der.toBase64().match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** @param first The number of the first line, counted from 0. */
function readBody(lines: string[], first: number): Omit<PemBlock, "label"> {
  const headers = new Map<string, string>();
  let at = 0;
  for (; headerLine.test(lines[at] ?? ""); at++) {
    const [, name = "", value = ""] = headerLine.exec(lines[at] ?? "") ?? [];
    headers.set(name, value);
  }
  const base64 = lines.slice(at);
  const wrong = base64.findIndex((line) => !base64Line.test(line));
  if (wrong >= 0) throw damaged(first + at + wrong, "not Base64");
  return { headers, der: decodeBase64(base64.join(""), first) };
}

function decodeBase64(text: string, line: number): Uint8Array {
  if (text === "") throw damaged(line, "nothing between BEGIN and END");
  try {
    return Uint8Array.fromBase64(text, { lastChunkHandling: "strict" });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw damaged(line, "the Base64 is cut off");
  }
}

function damaged(line: number, why: string): CredentialError {
  return new CredentialError("CREDENTIAL_DAMAGED", {
    what: "Cannot read the PEM text",
    why: `line ${line + 1}: ${why}`,
    remedy: "Copy it again, from -----BEGIN to -----END.",
  });
}

function notPem(): CredentialError {
  return new CredentialError("CREDENTIAL_FORMAT", {
    what: "Not a PEM text",
    why: "it has no line -----BEGIN …-----",
    remedy:
      "Give a PEM file; openssl x509 -inform der -in FILE.cer makes one of a DER certificate.",
  });
}

function tooLarge(): CredentialError {
  return new CredentialError("CREDENTIAL_LIMIT", {
    what: "Cannot read the PEM text",
    why: `it has more than ${maximumSize} characters`,
    remedy: "Give only the certificates and keys that are needed.",
  });
}
