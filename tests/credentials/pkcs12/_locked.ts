/** What the tests of locked parts share: a fresh budget, and parameters of the two ways of locking. */
import { parseElement } from "../../../src/credentials/der.ts";
import type { Element } from "../../../src/credentials/der.ts";
import { WorkBudget } from "../../../src/credentials/pkcs12/budget.ts";
import { passwordForms } from "../../../src/credentials/pkcs12/password_forms.ts";
import type { Unlocking } from "../../../src/credentials/pkcs12/unlocking.ts";
import { integer, octets, oid, sequence } from "../_der_builder.ts";

export const pbes2Id = "1.2.840.113549.1.5.13";
export const pbeTripleDesId = "1.2.840.113549.1.12.1.3";
export const hmacSha256 = "1.2.840.113549.2.9";
const pbkdf2Id = "1.2.840.113549.1.5.12";
const aes256Id = "2.16.840.1.101.3.4.1.42";

export function unlocking(password = "secret"): Unlocking {
  const [form] = passwordForms(password);
  return { form, budget: new WorkBudget(), warnings: new Set() };
}

/** How {@linkcode pbes2} departs from what OpenSSL writes. */
export interface Pbes2Text {
  kdf?: string;
  cipher?: string;
  iv?: Uint8Array;
  iterations?: number;
  hash?: string | null;
  keyLength?: number;
}

/** The parameters of PBES2 with PBKDF2, an all-zero salt and an all-zero IV. */
export function pbes2(text: Pbes2Text = {}): Element {
  const { kdf = pbkdf2Id, cipher = aes256Id, iv = new Uint8Array(16), hash = hmacSha256 } = text;
  const settings = sequence(
    octets(new Uint8Array(8)),
    integer(text.iterations ?? 1),
    ...text.keyLength === undefined ? [] : [integer(text.keyLength)],
    ...hash === null ? [] : [sequence(oid(hash))],
  );
  return parseElement(
    sequence(sequence(oid(kdf), settings), sequence(oid(cipher), octets(iv))),
  );
}
