import { createPrivateKey, type KeyObject } from "node:crypto";
import { type CredentialCode, CredentialError } from "../errors.ts";
import { readCertificateFields } from "./certificate.ts";
import { orderChain } from "./chain.ts";
import { DerError, parseWhole } from "./der.ts";
import { Identity } from "./identity.ts";
import { publicKeyId } from "./key_match.ts";
import { encodePem, parsePem, type PemBlock } from "./pem.ts";
import { WorkBudget } from "./pkcs12/budget.ts";
import { UnsupportedAlgorithm, wrongPassword } from "./pkcs12/errors.ts";
import { passwordForms, wipe } from "./pkcs12/password_forms.ts";
import { readShroudedKey } from "./pkcs12/safe_contents.ts";
import { assertUsable, exportPrivateKey, loadPrivateKey } from "./private_key.ts";
import { sameBytes } from "./same_bytes.ts";

const certificateLabels = new Set(["CERTIFICATE", "X509 CERTIFICATE"]);

/**
 * Reads an identity from PEM: the certificates, in any order, and the one private key.
 *
 * The key can be PKCS#8, plain or encrypted, PKCS#1 (`RSA PRIVATE KEY`) or SEC1 (`EC PRIVATE KEY`), these also in the
 * old encryption with a `DEK-Info` line. It comes out as PKCS#8. The certificate that is for the key comes first, then
 * each one's issuer; certificates that do not belong to the chain are left out, and so is every other kind of block.
 * The same key twice counts once.
 *
 * @param text Certificates and key; if they are in several files, the files' texts joined.
 * @param passphrase Of the key, if it is encrypted.
 *
 * @example An identity goes to PEM and back
 * ```ts
 * import { CertificateAuthority, encodePem, readPem } from "@hubwire/hubwire/credentials";
 * import { assertEquals } from "@std/assert";
 *
 * const authority = await CertificateAuthority.create();
 * const { certificateChain, privateKey } = await authority.issueDevice("sensor-1");
 * const pem = encodePem("PRIVATE KEY", privateKey) +
 *   certificateChain.map((der) => encodePem("CERTIFICATE", der)).join("");
 * assertEquals(readPem(pem).certificateChain, certificateChain);
 * ```
 * @throws {CredentialError} `CREDENTIAL_INCOMPLETE` without key or certificate, `CREDENTIAL_AMBIGUOUS` with several
 * keys or several certificates for the key, `CREDENTIAL_KEY_MISMATCH` if no certificate is for it,
 * `CREDENTIAL_WRONG_PASSWORD`, `CREDENTIAL_UNSUPPORTED`, and whatever {@linkcode parsePem} throws.
 */
export function readPem(text: string, passphrase?: string): Identity {
  return readIdentity(parsePem(text), passphrase);
}

/** The same of blocks that were read before. */
export function readIdentity(blocks: PemBlock[], passphrase?: string): Identity {
  const privateKey = readKey(onlyKey(blocks), passphrase);
  const certificates = blocks.filter(({ label }) => certificateLabels.has(label))
    .map(({ der }) => der);
  const leaf = onlyLeaf(certificates, privateKey);
  return Identity.from({ certificateChain: orderChain(leaf, certificates), privateKey });
}

function onlyKey(blocks: PemBlock[]): PemBlock {
  const [key, ...more] = blocks.filter(({ label }) => label.endsWith("PRIVATE KEY"))
    .filter(({ der }, i, keys) => keys.findIndex((other) => sameBytes(der, other.der)) === i);
  if (key === undefined) throw refused("CREDENTIAL_INCOMPLETE", "it has no private key");
  if (more.length > 0) {
    throw refused("CREDENTIAL_AMBIGUOUS", `it has ${more.length + 1} private keys`);
  }
  return key;
}

function onlyLeaf(certificates: Uint8Array[], privateKey: Uint8Array): Uint8Array {
  if (certificates.length === 0) throw refused("CREDENTIAL_INCOMPLETE", "it has no certificate");
  const key = publicKeyId(loadPrivateKey(privateKey));
  const fitting = certificates.filter((der) =>
    publicKeyId(readCertificateFields(der).publicKeyDer) === key
  );
  const [leaf] = fitting;
  if (leaf === undefined) {
    throw refused("CREDENTIAL_KEY_MISMATCH", "none of its certificates is for its private key");
  }
  const different = new Set(fitting.map((der) => der.toBase64()));
  if (different.size === 1) return leaf;
  throw refused("CREDENTIAL_AMBIGUOUS", `${different.size} certificates are for its private key`);
}

/** Whether a key cannot be read without its passphrase. */
export function isEncryptedKey({ label, headers }: PemBlock): boolean {
  return label === "ENCRYPTED PRIVATE KEY" || headers.has("DEK-Info");
}

function readKey(block: PemBlock, passphrase: string | undefined): Uint8Array {
  if (isEncryptedKey(block) && passphrase === undefined) {
    throw refused("CREDENTIAL_WRONG_PASSWORD", "its key is encrypted, and no passphrase was given");
  }
  switch (block.label) {
    case "PRIVATE KEY":
      return exportPrivateKey(loadPrivateKey(block.der));
    case "ENCRYPTED PRIVATE KEY":
      return readEncryptedKey(block.der, passphrase ?? "");
    case "RSA PRIVATE KEY":
    case "EC PRIVATE KEY":
      return exportPrivateKey(assertUsable(openTraditionalKey(block, passphrase)));
    default:
      throw refused("CREDENTIAL_UNSUPPORTED", `its key is of the kind ${block.label}`);
  }
}

/** PKCS#8 is decrypted here, not by the runtime: that has no limit on the work, and knows fewer algorithms. */
function readEncryptedKey(der: Uint8Array, passphrase: string): Uint8Array {
  const forms = passwordForms(passphrase);
  const [form] = forms;
  try {
    const unlocking = { form, budget: new WorkBudget(), warnings: new Set<string>() };
    return readShroudedKey(parseWhole(der), unlocking);
  } catch (error) {
    if (error instanceof DerError) {
      throw refused("CREDENTIAL_DAMAGED", `its key is damaged at byte ${error.offset}`, error);
    }
    if (error instanceof UnsupportedAlgorithm) {
      throw refused("CREDENTIAL_UNSUPPORTED", error.message, error);
    }
    throw error;
  } finally {
    wipe(forms);
  }
}

/** PKCS#1 and SEC1, the encryption of which hashes the passphrase once: there is no work to limit. */
function openTraditionalKey(
  { label, headers, der }: PemBlock,
  passphrase: string | undefined,
): KeyObject {
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`);
  const [begin, ...body] = encodePem(label, der).split("\n");
  const key = [begin, ...lines, ...lines.length > 0 ? [""] : [], ...body].join("\n");
  try {
    return createPrivateKey(passphrase === undefined ? key : { key, passphrase });
  } catch (error) {
    // What the runtime throws has no class or code of its own; it can only mean that these bytes are no key.
    if (headers.has("DEK-Info")) throw wrongPassword();
    throw refused("CREDENTIAL_DAMAGED", "its key is damaged", error);
  }
}

function refused(code: CredentialCode, why: string, cause?: unknown): CredentialError {
  return new CredentialError(code, {
    what: "Cannot use the PEM text",
    why,
    remedy: "Give the device's certificate, those of its issuers, and its one private key; " +
      "openssl pkcs8 -topk8 -in OLD.key -out NEW.key writes a key anew.",
    cause,
  });
}
