import { createHmac, timingSafeEqual } from "node:crypto";
import { type Element, Tag } from "../der.ts";
import { expectCount, expectOctets, Fields } from "../der_values.ts";
import { algorithmName, digestIds, readAlgorithm } from "./algorithms.ts";
import type { WorkBudget } from "./budget.ts";
import { UnsupportedAlgorithm, wrongPassword } from "./errors.ts";
import { digests } from "./iterated_hash.ts";
import { type Derivation, derivePkcs12, Purpose } from "./kdf.ts";
import type { PasswordForm } from "./password_forms.ts";

/** What proves that a file is whole and that the password is right. */
export interface MacData extends Derivation {
  expected: Uint8Array;
}

/** Reads MacData (RFC 7292 section 4). */
export function readMacData(element: Element): MacData {
  const fields = new Fields(element);
  const digestInfo = new Fields(fields.take());
  const { id } = readAlgorithm(digestInfo.take());
  const digest = digestIds.get(id);
  if (digest === undefined) throw new UnsupportedAlgorithm(algorithmName(id));
  const expected = expectOctets(digestInfo.take());
  const salt = expectOctets(fields.take());
  const count = fields.takeOptional(Tag.integer);
  const iterations = count === undefined ? 1 : expectCount(count, 1);
  return { digest, expected, salt, iterations };
}

/**
 * Finds the form of the password that the MAC was made with.
 *
 * @throws {CredentialError} `CREDENTIAL_WRONG_PASSWORD` if it is none of them.
 */
export function verifyMac(
  content: Uint8Array,
  mac: MacData,
  { forms, budget }: { forms: PasswordForm[]; budget: WorkBudget },
): PasswordForm {
  const length = digests[mac.digest].size;
  const right = forms.find((form) => {
    const key = derivePkcs12(form.bmp, mac, { purpose: Purpose.mac, length, budget });
    const actual = createHmac(mac.digest, key).update(content).digest();
    key.fill(0);
    return actual.length === mac.expected.length && timingSafeEqual(actual, mac.expected);
  });
  if (right === undefined) throw wrongPassword();
  return right;
}
