import { assertEquals, assertThrows } from "@std/assert";
import { checkCertificate, type Expected } from "../../src/cli/preflight.ts";
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
