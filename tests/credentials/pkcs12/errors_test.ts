import { assertEquals, assertStrictEquals, assertStringIncludes } from "@std/assert";
import type { CredentialError } from "../../../src/errors.ts";
import { DerError } from "../../../src/credentials/der.ts";
import {
  explainPkcs12,
  notPkcs12,
  tooMany,
  UnsupportedAlgorithm,
  withoutMac,
  wrongPassword,
} from "../../../src/credentials/pkcs12/errors.ts";

Deno.test("explainPkcs12() says what to do about each, and passes on what is said already", () => {
  const [damaged, unsupported] = [new DerError(7, "x"), new UnsupportedAlgorithm("RC2")].map(
    (cause) => {
      const error = explainPkcs12(cause) as CredentialError;
      assertStrictEquals(error.cause, cause);
      return [error.code, error.why];
    },
  );
  assertEquals(damaged, ["CREDENTIAL_DAMAGED", "damaged at byte 7: x"]);
  assertEquals(unsupported, ["CREDENTIAL_UNSUPPORTED", "it uses RC2, which is not supported"]);
  const other = wrongPassword();
  assertStrictEquals(explainPkcs12(other), other);
});

Deno.test("every refusal has its code", () => {
  const codes = [wrongPassword(), tooMany("x"), notPkcs12("x"), withoutMac()].map(({ code }) =>
    code
  );
  assertEquals(codes, [
    "CREDENTIAL_WRONG_PASSWORD",
    "CREDENTIAL_LIMIT",
    "CREDENTIAL_FORMAT",
    "CREDENTIAL_UNSUPPORTED",
  ]);
});

Deno.test("notPkcs12() tells what to do with PEM", () => {
  assertStringIncludes(notPkcs12("it looks like PEM").remedy, "--cert");
});
