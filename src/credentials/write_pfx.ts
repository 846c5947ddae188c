import { createHash, createHmac } from "node:crypto";
import { CredentialError } from "../errors.ts";
import { certificateMatchesKey } from "./certificate.ts";
import type { Identity } from "./identity.ts";
import { WorkBudget } from "./pkcs12/budget.ts";
import { derivePkcs12, Purpose } from "./pkcs12/kdf.ts";
import { type PasswordForm, passwordForms, wipe } from "./pkcs12/password_forms.ts";
import { integer, objectId, octetString, sequence } from "./pkcs12/write_der.ts";
import {
  dataContent,
  encryptedContent,
  nothing,
  writeCertificateBag,
  writeKeyBag,
} from "./pkcs12/write_safe.ts";

/** How {@linkcode writePfx} writes. */
export interface WritePfxOptions {
  /**
   * How often the password is hashed: for the key, for the certificates and for the MAC. 600 000 unless given, at
   * most 1 500 000: beyond that {@linkcode readPfx} would not read it.
   */
  iterations?: number;
}

const defaultIterations = 600_000;
const mostIterations = 1_500_000;
const sha256 = "2.16.840.1.101.3.4.2.1";

/**
 * Writes a PKCS#12 file (`.pfx`, `.p12`; RFC 7292) that OpenSSL 3, Windows since 2019 and others read.
 *
 * Key and certificates are encrypted with AES-256 under keys that PBKDF2-HMAC-SHA-256 derives from the password; the
 * MAC is made with SHA-256. The identity's alias becomes the friendly name, and its whole chain goes in.
 *
 * @example What is written can be read again
 * ```ts
 * import { CertificateAuthority, readPfx } from "@hubwire/hubwire/credentials";
 * import { writePfx } from "./write_pfx.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const authority = await CertificateAuthority.create();
 * const device = await authority.issueDevice("sensor-1");
 * const pfx = await writePfx(device, "low tide", { iterations: 1000 });
 * const { identities: [read] } = await readPfx(pfx, "low tide");
 * assertEquals(read?.certificateChain, device.certificateChain);
 * ```
 * @throws {CredentialError} `CREDENTIAL_INCOMPLETE` without a certificate, `CREDENTIAL_KEY_MISMATCH` if the first one
 * is not for the key.
 * @throws {TypeError} If the password is empty: it would protect nothing.
 * @throws {RangeError} If the number of iterations is none, or too high.
 */
export function writePfx(
  identity: Identity,
  password: string,
  options: WritePfxOptions = {},
): Promise<Uint8Array> {
  return new Promise((resolve) => resolve(writeFile(identity, password, options)));
}

function writeFile(
  identity: Identity,
  password: string,
  { iterations = defaultIterations }: WritePfxOptions,
): Uint8Array {
  if (password === "") throw new TypeError("Cannot write a PFX without a password");
  if (!Number.isInteger(iterations) || iterations < 1 || iterations > mostIterations) {
    throw new RangeError(`Cannot hash a password ${iterations} times: give 1 to ${mostIterations}`);
  }
  const leaf = usableLeaf(identity);
  const forms = passwordForms(password);
  try {
    const safe = writeSafe({ ...identity, leaf }, forms[0], iterations);
    return sequence(integer(3), dataContent(safe), writeMac(safe, forms[0], iterations));
  } finally {
    wipe(forms);
  }
}

function usableLeaf({ certificateChain, privateKey }: Identity): Uint8Array {
  const what = "Cannot write a PFX";
  const [leaf] = certificateChain;
  if (leaf === undefined) {
    const remedy = "Give the device's certificate with its key.";
    throw new CredentialError("CREDENTIAL_INCOMPLETE", { what, why: "no certificate", remedy });
  }
  if (certificateMatchesKey(leaf, privateKey)) return leaf;
  throw new CredentialError("CREDENTIAL_KEY_MISMATCH", {
    what,
    why: "the first certificate is not for the private key",
    remedy: "Give the certificate that was issued for this key.",
  });
}

interface Content {
  leaf: Uint8Array;
  certificateChain: Uint8Array[];
  privateKey: Uint8Array;
  alias?: string;
}

/** The certificates, encrypted together, and the key, encrypted by itself; an id tells which belong together. */
function writeSafe(
  { leaf, certificateChain, privateKey, alias }: Content,
  { utf8: password }: PasswordForm,
  iterations: number,
): Uint8Array {
  const lock = { password, iterations };
  const localKeyId = createHash("sha1").update(leaf).digest("hex");
  const own = { localKeyId, ...(alias === undefined ? {} : { alias }) };
  const certificates = certificateChain.map((der) =>
    writeCertificateBag(der, der === leaf ? own : {})
  );
  const keyBag = writeKeyBag(privateKey, { ...own, lock });
  return sequence(
    encryptedContent(sequence(...certificates), lock),
    dataContent(sequence(keyBag)),
  );
}

/** MacData (RFC 7292 section 4). */
function writeMac(safe: Uint8Array, { bmp }: PasswordForm, iterations: number): Uint8Array {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const derivation = { digest: "sha256", salt, iterations } as const;
  const budget = new WorkBudget();
  const key = derivePkcs12(bmp, derivation, { purpose: Purpose.mac, length: 32, budget });
  const mac = createHmac("sha256", key).update(safe).digest();
  key.fill(0);
  const digestInfo = sequence(sequence(objectId(sha256), nothing), octetString(mac));
  return sequence(digestInfo, octetString(salt), integer(iterations));
}
