/** What a client believes at once; docs/errors.md has the table, and tests/errors_page_test.ts asks all of it. */

import { assertEquals, assertStrictEquals } from "@std/assert";
import { BackOff } from "../../src/client/back_off.ts";
import {
  ConnectionLostError,
  CredentialRefusedError,
  type HubwireError,
  TlsError,
} from "../../src/errors.ts";

const TEXT = { what: "a", why: "b", remedy: "c" };
const UNTRUSTED = new TlsError("TLS_SERVER_UNTRUSTED", TEXT);
const REFUSED = new CredentialRefusedError(TEXT);
const LOST = new ConnectionLostError("CONNECTION_LOST", TEXT);

/** Whether it goes on after each of these, one after the other. */
function goesOn(backOff: BackOff, failures: HubwireError[]): boolean[] {
  return failures.map((error) => typeof backOff.failed(error, 0) === "number");
}

Deno.test("BackOff believes a failure of the handshake at the fifth time in a row, and gives it back", () => {
  const backOff = new BackOff();
  assertEquals(goesOn(backOff, Array(4).fill(UNTRUSTED)), Array(4).fill(true));
  assertStrictEquals(backOff.failed(UNTRUSTED, 0), UNTRUSTED);
});

Deno.test("BackOff counts anew after another failure: damage shows in many ways, a refusal in one", () => {
  const backOff = new BackOff();
  const four = Array(4).fill(UNTRUSTED);
  const failures = [...four, LOST, ...four, REFUSED, ...four, UNTRUSTED];
  assertEquals(goesOn(backOff, failures), [...Array(14).fill(true), false]);
});

Deno.test("BackOff counts anew after a connection that was stable, and not after a short one", () => {
  for (const [lasted, isBelieved] of [[59_999, true], [60_000, false]] as const) {
    const backOff = new BackOff();
    goesOn(backOff, Array(4).fill(UNTRUSTED));
    backOff.connected(0);
    assertEquals(typeof backOff.failed(UNTRUSTED, lasted) !== "number", isBelieved);
  }
});

Deno.test("BackOff leaves it all to shouldRetry where there is one", () => {
  const backOff = new BackOff({ shouldRetry: ({ code }) => code === "CREDENTIAL_REFUSED" });
  assertEquals(goesOn(backOff, [...Array(9).fill(REFUSED), LOST]), [...Array(9).fill(true), false]);
});
