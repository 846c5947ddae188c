import type { Element } from "../der.ts";
import { expectCount, expectOctets, Fields } from "../der_values.ts";
import { type CipherKeys, tripleDes } from "./ciphers.ts";
import { derivePkcs12, Purpose } from "./kdf.ts";
import type { Unlocking } from "./unlocking.ts";

/** Derives the keys of pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292 appendix C), the default of Windows and of OpenSSL 1. */
export function derivePbeTripleDes(parameters: Element, unlocking: Unlocking): CipherKeys {
  const fields = new Fields(parameters);
  const salt = expectOctets(fields.take());
  const iterations = expectCount(fields.take(), 1);
  const { form, budget, warnings } = unlocking;
  warnings.add("It is encrypted with Triple DES, which is weak by now: export it again with AES.");
  const derive = (purpose: 1 | 2, length: number) =>
    derivePkcs12(form.bmp, { digest: "sha1", salt, iterations }, { purpose, length, budget });
  const { keyLength, blockLength } = tripleDes;
  return {
    cipher: tripleDes,
    key: derive(Purpose.key, keyLength),
    iv: derive(Purpose.iv, blockLength),
  };
}
