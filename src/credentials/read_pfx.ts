import { adviseOn } from "./certificate_advice.ts";
import type { Identity } from "./identity.ts";
import { type Pfx, readAuthenticatedSafe, readPfxStructure } from "./pkcs12/authenticated_safe.ts";
import { WorkBudget } from "./pkcs12/budget.ts";
import { explainPkcs12, notPkcs12, tooMany, withoutMac } from "./pkcs12/errors.ts";
import { verifyMac } from "./pkcs12/mac.ts";
import { pairBags } from "./pkcs12/pairing.ts";
import { type PasswordForm, passwordForms, wipe } from "./pkcs12/password_forms.ts";

const maximumSize = 1024 * 1024;
const sequenceTag = 0x30;

/** How {@linkcode readPfx} reads. */
export interface ReadPfxOptions {
  /**
   * Reads a file that has no MAC, too. Nothing then proves that it is what was exported: anybody could have put
   * other certificates into it. Refused unless this is `true`.
   */
  allowNoMac?: boolean;
}

/** What a PKCS#12 file holds. */
export interface PfxContents {
  /** One for every private key and the certificate that is for it, each with its chain, leaf first. */
  identities: Identity[];
  /** DER certificates that are in no identity's chain: of authorities, or of devices whose key is elsewhere. */
  certificates: Uint8Array[];
  /** Private keys, as PKCS#8 DER, to which no certificate in the file fits. */
  unmatchedKeys: Uint8Array[];
  /** Sentences for the user: nothing that was refused, but something worth knowing. */
  warnings: string[];
}

/**
 * Reads a PKCS#12 file (`.pfx`, `.p12`; RFC 7292) as OpenSSL 3 and others write it.
 *
 * The MAC is verified before anything is decrypted. Keys come out as PKCS#8, whatever form they had, and every
 * identity's key is proven to be that of its certificate. Nothing is picked: a file with several keys gives several
 * identities, one with none gives none.
 *
 * Files of more than 1 MiB are refused, and so are those that ask for more than five million rounds of key derivation.
 * Of the older ciphers Triple DES is read, with a warning; RC2 and RC4 are not.
 *
 * @example From `openssl pkcs12 -export -out device.pfx -inkey device.key -in device.crt`
 * ```ts
 * import { type Identity, readPfx } from "@hubwire/hubwire/credentials";
 *
 * async function readDevice(path: string, password: string): Promise<Identity> {
 *   const { identities, warnings } = await readPfx(await Deno.readFile(path), password);
 *   for (const warning of warnings) console.error(warning);
 *   const [identity, ...others] = identities;
 *   if (identity === undefined || others.length > 0) throw new Error("Not one key: choose");
 *   return identity;
 * }
 * ```
 *
 * @example What it says to somebody who gives it PEM
 * ```ts
 * import { readPfx } from "@hubwire/hubwire/credentials";
 * import { assertRejects } from "@std/assert";
 *
 * const pem = new TextEncoder().encode("-----BEGIN CERTIFICATE-----");
 * await assertRejects(() => readPfx(pem, "secret"), Error, "it looks like PEM");
 * ```
 * @throws {CredentialError} `CREDENTIAL_FORMAT` if it is no PKCS#12 file; `CREDENTIAL_DAMAGED`, with the byte, if its
 * structure is broken; `CREDENTIAL_WRONG_PASSWORD`; `CREDENTIAL_UNSUPPORTED`, which names the algorithm and the command
 * that helps, also for a file without a MAC and for a key that Deno's TLS cannot use; `CREDENTIAL_LIMIT`.
 * @throws {TypeError} If `bytes` or `password` are of another type.
 */
export function readPfx(
  bytes: Uint8Array,
  password: string,
  options: ReadPfxOptions = {},
): Promise<PfxContents> {
  return new Promise((resolve) => resolve(readContents(bytes, password, options)));
}

function readContents(file: Uint8Array, password: string, options: ReadPfxOptions): PfxContents {
  if (!(file instanceof Uint8Array)) throw new TypeError("The file has to be a Uint8Array");
  if (typeof password !== "string") throw new TypeError("The password has to be a string");
  assertLooksRight(file);
  const forms = passwordForms(password);
  try {
    const pfx = readPfxStructure(file);
    if (pfx === undefined) throw notPkcs12("its structure is another one");
    return unlock(pfx, forms, options);
  } catch (error) {
    throw explainPkcs12(error);
  } finally {
    wipe(forms);
  }
}

/** Tells apart what is often given by mistake, before any structure is looked at. */
function assertLooksRight(file: Uint8Array): void {
  if (file.length === 0) throw notPkcs12("it is empty");
  if (file.length > maximumSize) throw tooMany(`it has more than ${maximumSize} bytes`);
  if (file[0] === sequenceTag) return;
  const text = String.fromCharCode(...file.subarray(0, 4096));
  if (text.includes("-----BEGIN ")) throw notPkcs12("it looks like PEM");
  if (/^MI[A-Za-z0-9+/=\s]+$/.test(text)) throw notPkcs12("it looks like Base64 text");
  throw notPkcs12("it begins with other bytes");
}

function unlock(
  pfx: Pfx,
  forms: [PasswordForm, ...PasswordForm[]],
  options: ReadPfxOptions,
): PfxContents {
  const { authenticatedSafe, mac, trailing } = pfx;
  const budget = new WorkBudget();
  const warnings = new Set<string>();
  if (trailing > 0) {
    warnings.add(`The last ${trailing} bytes do not belong to it: they were ignored.`);
  }
  if (mac === undefined && options.allowNoMac !== true) throw withoutMac();
  if (mac === undefined) warnings.add("It has no MAC: nothing proves that it was not changed.");
  if (mac?.digest === "sha1") warnings.add("Its MAC is made with SHA-1: export it again.");
  const form = mac === undefined
    ? forms[0]
    : verifyMac(authenticatedSafe.bytes, mac, { forms, budget });
  const bags = readAuthenticatedSafe(authenticatedSafe, { form, budget, warnings });
  const pairing = pairBags(bags);
  if (pairing.unmatchedKeys.length > 0) {
    warnings.add("It holds a private key to which none of its certificates fits.");
  }
  const advice = pairing.identities.flatMap(adviseOn);
  return { ...pairing, warnings: [...warnings, ...advice] };
}
