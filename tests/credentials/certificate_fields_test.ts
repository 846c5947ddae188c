import { assertEquals, assertThrows } from "@std/assert";
import { parseCertificateFields } from "../../src/credentials/certificate_fields.ts";
import { DerError } from "../../src/credentials/der.ts";
import { concat } from "./_der_builder.ts";
import { der } from "./_fixtures.ts";

Deno.test("parseCertificateFields() reads an authority's certificate", () => {
  const fields = parseCertificateFields(der("root"));
  assertEquals(fields.version, 3);
  assertEquals(fields.subjectDer, fields.issuerDer);
  assertEquals([fields.isAuthority, fields.maySignCertificates, fields.pathLength], [
    true,
    true,
    undefined,
  ]);
  assertEquals(fields.notBefore.toISOString(), "2020-01-01T00:00:00.000Z");
  assertEquals(fields.notAfter.toISOString(), "2099-12-31T00:00:00.000Z");
});

Deno.test("parseCertificateFields() reads a device's certificate", () => {
  const fields = parseCertificateFields(der("device"));
  assertEquals(fields.subject, { text: "O=Hubwire Test, CN=device", commonName: "device" });
  assertEquals(fields.issuer.text, "O=Hubwire Test, CN=intermediate");
  assertEquals([fields.isAuthority, fields.maySignCertificates], [false, false]);
  assertEquals(fields.criticalExtensions, ["2.5.29.15"]);
});

Deno.test("parseCertificateFields() reads a path length, keyUsage without keyCertSign and what is critical", () => {
  assertEquals(parseCertificateFields(der("path_length_0")).pathLength, 0);
  assertEquals(parseCertificateFields(der("no_key_cert_sign")).maySignCertificates, false);
  assertEquals(parseCertificateFields(der("critical_extension")).criticalExtensions, [
    "2.5.29.15",
    "1.2.3.4",
  ]);
});

Deno.test("parseCertificateFields() reads version 1, which has no extensions", () => {
  const fields = parseCertificateFields(der("version1"));
  assertEquals([fields.version, fields.isAuthority], [1, false]);
  // Without keyUsage nothing is forbidden (RFC 5280 section 4.2.1.3).
  assertEquals(fields.maySignCertificates, true);
});

Deno.test("parseCertificateFields() refuses a byte more or less", () => {
  const whole = der("device");
  assertThrows(() => parseCertificateFields(concat([whole, Uint8Array.of(0)])), DerError);
  for (let length = 0; length < whole.length; length++) {
    assertThrows(() => parseCertificateFields(whole.subarray(0, length)), DerError);
  }
});
