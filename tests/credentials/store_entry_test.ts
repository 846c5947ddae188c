import { assertEquals, assertThrows } from "@std/assert";
import { Identity } from "../../src/credentials/identity.ts";
import { describeCredential } from "../../src/credentials/store_entry.ts";
import { CredentialError } from "../../src/errors.ts";
import { deviceIdentity } from "../_kit/certs.ts";

const DEVICE = await deviceIdentity("sensor-1");
const PLACE = { host: "hub.example", addedAt: new Date("2026-06-01T12:00:00Z") };

Deno.test("describeCredential() takes the device id from the certificate unless it is given", () => {
  const entry = describeCredential(DEVICE, PLACE);
  assertEquals([entry.host, entry.deviceId, entry.subject, entry.addedAt], [
    "hub.example",
    "sensor-1",
    "CN=sensor-1",
    PLACE.addedAt,
  ]);
  assertEquals(describeCredential(DEVICE, { ...PLACE, deviceId: "x" }).deviceId, "x");
});

Deno.test("describeCredential() refuses what could not be stored", async () => {
  const { privateKey } = await deviceIdentity("sensor-2");
  const large = [...DEVICE.certificateChain, new Uint8Array(48 * 1024)];
  const cases = [
    [Identity.from({ ...DEVICE, privateKey }), "CREDENTIAL_KEY_MISMATCH"],
    [Identity.from({ ...DEVICE, certificateChain: [] }), "CREDENTIAL_INCOMPLETE"],
    [Identity.from({ ...DEVICE, certificateChain: large }), "CREDENTIAL_LIMIT"],
  ] as const;
  for (const [identity, code] of cases) {
    const describe = () => describeCredential(identity, PLACE);
    assertEquals(assertThrows(describe, CredentialError).code, code);
  }
});
