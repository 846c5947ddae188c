import { readCertificateFields } from "../certificate.ts";
import { orderChain } from "../chain.ts";
import { Identity } from "../identity.ts";
import { publicKeyId } from "../key_match.ts";
import { loadPrivateKey } from "../private_key.ts";
import { tooMany } from "./errors.ts";
import type { Bag, Bags } from "./safe_contents.ts";

const maximumIdentities = 16;

/** The bags of a file, put together. */
export interface Pairing {
  identities: Identity[];
  /** Certificates that are in no identity's chain. */
  certificates: Uint8Array[];
  /** Keys to which no certificate fits. */
  unmatchedKeys: Uint8Array[];
}

interface Keyed extends Bag {
  /** The public key; only keys and certificates that agree in it are ever put together. */
  publicKey: string | undefined;
}

/**
 * Makes an identity of every key and the certificate that is for it.
 *
 * What a file says about its bags is a hint at most: the local key id only decides between several certificates for
 * one key (an old and a renewed one, say). If it does not decide, each of them makes an identity of its own.
 * The keys move into the identities: in `bags` they are overwritten.
 */
export function pairBags(bags: Bags): Pairing {
  const keys = withoutDoubles(bags.keys.map(withKeyOfPrivate));
  const certificates = withoutDoubles(bags.certificates.map(withKeyOfCertificate));
  const ders = certificates.map(({ bytes }) => bytes);
  const identities: Identity[] = [];
  const unmatchedKeys: Uint8Array[] = [];
  for (const key of keys) {
    const leaves = leavesOf(key, certificates);
    if (leaves.length === 0) unmatchedKeys.push(key.bytes);
    if (identities.length + leaves.length > maximumIdentities) {
      throw tooMany(`it holds more than ${maximumIdentities} pairs of key and certificate`);
    }
    for (const leaf of leaves) {
      const alias = key.alias ?? leaf.alias;
      identities.push(Identity.from({
        ...(alias === undefined ? {} : { alias }),
        certificateChain: orderChain(leaf.bytes, ders),
        // A copy each: whoever has done with one may overwrite it.
        privateKey: key.bytes.slice(),
      }));
    }
    if (leaves.length > 0) key.bytes.fill(0);
  }
  const used = new Set(identities.flatMap(({ certificateChain }) => certificateChain));
  return { identities, certificates: ders.filter((der) => !used.has(der)), unmatchedKeys };
}

function leavesOf(key: Keyed, certificates: Keyed[]): Keyed[] {
  const fitting = certificates.filter(({ publicKey }) => publicKey === key.publicKey);
  const named = fitting.filter(({ localKeyId }) =>
    localKeyId !== undefined && localKeyId === key.localKeyId
  );
  return named.length > 0 ? named : fitting;
}

function withKeyOfPrivate(bag: Bag): Keyed {
  return { ...bag, publicKey: publicKeyId(loadPrivateKey(bag.bytes)) };
}

function withKeyOfCertificate(bag: Bag): Keyed {
  return { ...bag, publicKey: publicKeyId(readCertificateFields(bag.bytes).publicKeyDer) };
}

/** The first of each: some makers store a certificate once for its key and once more among the others. */
function withoutDoubles(bags: Keyed[]): Keyed[] {
  const seen = new Set<string>();
  return bags.filter(({ bytes }) => {
    const text = bytes.toBase64();
    return !seen.has(text) && seen.add(text);
  });
}
