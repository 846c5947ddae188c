import { assertEquals, assertThrows } from "@std/assert";
import { X509CertificateGenerator } from "../../src/credentials/x509.ts";
import {
  checkCertificate,
  deviceNamedBy,
  type Expected,
  refuseDeviceId,
} from "../../src/cli/preflight.ts";
import { CredentialError } from "../../src/errors.ts";
import { testAuthority } from "../_kit/certs.ts";

const device = await (await testAuthority()).issueDevice("dev-1", {
  notBefore: new Date("2026-01-10T00:00:00Z"),
  notAfter: new Date("2026-02-10T00:00:00Z"),
});
const [leaf = new Uint8Array()] = device.certificateChain;
const good: Expected = { now: new Date("2026-01-20T00:00:00Z"), ignoreExpiry: false };

function refusal(changes: Partial<Expected>): CredentialError {
  return assertThrows(() => checkCertificate(leaf, { ...good, ...changes }), CredentialError);
}

Deno.test("checkCertificate() accepts the device's valid certificate", () => {
  checkCertificate(leaf, good);
  checkCertificate(leaf, { ...good, deviceId: "dev-1" });
});

Deno.test("checkCertificate() refuses another device's, and says both names", () => {
  const { code, what, why } = refusal({ deviceId: "dev-2" });
  assertEquals(code, "CREDENTIAL_WRONG_NAME");
  assertEquals([what.includes("dev-2"), why.includes("dev-1")], [true, true]);
});

Deno.test("checkCertificate() refuses an expired one, and says since when", () => {
  const { code, why } = refusal({ now: new Date("2026-02-13T06:00:00Z") });
  assertEquals(code, "CREDENTIAL_EXPIRED");
  assertEquals(why, "it expired 3 d ago (2026-02-10T00:00:00.000Z)");
});

Deno.test("checkCertificate() refuses one that is not valid yet, and says how long", () => {
  const { code, why } = refusal({ now: new Date("2026-01-07T12:00:00Z") });
  assertEquals(code, "CREDENTIAL_EXPIRED");
  assertEquals(why, "it is not valid for another 2 d (2026-01-10T00:00:00.000Z)");
});

Deno.test("checkCertificate() leaves the dates to the server where that is wanted", () => {
  const now = new Date("2030-01-01T00:00:00Z");
  checkCertificate(leaf, { now, ignoreExpiry: true });
  assertEquals(refusal({ now, ignoreExpiry: true, deviceId: "x" }).code, "CREDENTIAL_WRONG_NAME");
});

Deno.test("deviceNamedBy() is the common name, and says so where there is none", async () => {
  assertEquals(deviceNamedBy(leaf), "dev-1");
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  for (const name of ["O=Hubwire", ""]) {
    const { rawData } = await X509CertificateGenerator.createSelfSigned({ name, keys });
    const error = assertThrows(() => deviceNamedBy(new Uint8Array(rawData)), CredentialError);
    assertEquals(error.code, "CREDENTIAL_WRONG_NAME");
    assertEquals(error.why, `its subject has no common name: ${name || "it is empty"}`);
  }
});

Deno.test("refuseDeviceId() refuses what no hub has, as a fault of the credential", () => {
  refuseDeviceId("dev-1");
  for (const id of ["a/b", "pump é", "a+b", "x".repeat(129)]) {
    const { code } = assertThrows(() => refuseDeviceId(id), CredentialError);
    assertEquals(code, "CREDENTIAL_WRONG_NAME");
  }
});
