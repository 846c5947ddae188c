import { CredentialError } from "../../errors.ts";

const maximumRounds = 5_000_000;

/**
 * How much work one file may ask for: five million rounds of key derivation, over its MAC and all its bags.
 *
 * A file says itself how often its password is to be hashed, so a hostile one could ask for hours. Every derivation
 * is charged here before it begins. That many rounds take about a second and a half.
 */
export class WorkBudget {
  #left = maximumRounds;

  /**
   * Charges one derivation: its iterations, each of which costs `roundCost`, or more for longer keys.
   *
   * @throws {CredentialError} `CREDENTIAL_LIMIT` if the file asks for more than is left.
   */
  spend(iterations: number, roundCost: number): void {
    this.#left -= iterations * roundCost;
    if (this.#left >= 0) return;
    throw new CredentialError("CREDENTIAL_LIMIT", {
      what: "Cannot read the file",
      why: `with its iteration count ${iterations} the work is above the limit of ` +
        `${maximumRounds} rounds a file`,
      remedy: "Export it again with fewer iterations; OpenSSL's own default is 2048.",
    });
  }
}
