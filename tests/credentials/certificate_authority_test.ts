import { assert, assertEquals, assertFalse, assertMatch, assertRejects } from "@std/assert";
import { X509Certificate } from "node:crypto";
import { certificateMatchesKey, readCertificate } from "../../src/credentials/certificate.ts";
import { CertificateAuthority } from "../../src/credentials/certificate_authority.ts";
import { verifyChain } from "../../src/credentials/chain.ts";
import { Identity } from "../../src/credentials/identity.ts";
import { der, deviceKey } from "./_fixtures.ts";
import { refusal } from "./_refusals.ts";

const root = await CertificateAuthority.create({ commonName: "Test root" });

function leafOf({ certificateChain: [leaf] }: Identity): Uint8Array {
  assert(leaf);
  return leaf;
}

function verify(identity: Identity): void {
  verifyChain(identity.certificateChain, {
    authorities: [root.certificate],
    now: new Date(),
  });
}

Deno.test("CertificateAuthority.create() makes a self-signed P-256 root, valid for ten years", () => {
  const facts = readCertificate(root.certificate);
  assertEquals(facts.subject, "CN=Test root");
  assertEquals(facts.issuer, facts.subject);
  assertEquals([facts.version, facts.isAuthority, facts.keyType], [3, true, "EC P-256"]);
  const days = (facts.notAfter.getTime() - facts.notBefore.getTime()) / 86_400_000;
  assertEquals(days, 3650);
  assert(
    new X509Certificate(root.certificate).verify(new X509Certificate(root.certificate).publicKey),
  );
});

Deno.test("CertificateAuthority.create() refuses names that X.520 does not allow", async () => {
  for (const commonName of ["", "a".repeat(65)]) {
    await assertRejects(() => CertificateAuthority.create({ commonName }), RangeError);
  }
});

Deno.test("CertificateAuthority shows no key when it is inspected or serialised", () => {
  const shown = Deno.inspect(root) + JSON.stringify(root) + Deno.inspect(root.identity);
  assertFalse(shown.includes(root.identity.privateKey.toHex()));
  assertFalse(/privateKey.*\d+,/s.test(shown), shown);
});

Deno.test("issueDevice() issues a client certificate with its own key", async () => {
  const device = await root.issueDevice("sensor-1");
  const facts = readCertificate(leafOf(device));
  assertEquals([facts.commonName, facts.subject], ["sensor-1", "CN=sensor-1"]);
  assertEquals([facts.version, facts.isAuthority, facts.keyType], [3, false, "EC P-256"]);
  assert(certificateMatchesKey(leafOf(device), device.privateKey));
  assertEquals(device.certificateChain.length, 1);
  verify(device);
});

Deno.test("issueDevice() gives every certificate another key and a positive random serial number", async () => {
  const [one, two] = await Promise.all([root.issueDevice("d"), root.issueDevice("d")]);
  assertFalse(certificateMatchesKey(leafOf(one), two.privateKey));
  const serials = [one, two].map((identity) => readCertificate(leafOf(identity)).serialNumber);
  assertEquals(new Set(serials).size, 2);
  for (const serial of serials) assertMatch(serial, /^[0-9a-f]{28,32}$/);
});

for (const deviceId of ["a,b+c=d", "#04", "$a'(b)!*?@_%.-", "CN=x", "a".repeat(64)]) {
  Deno.test(`issueDevice() writes the device id ${deviceId} character for character`, async () => {
    const device = await root.issueDevice(deviceId);
    assertEquals(readCertificate(leafOf(device)).commonName, deviceId);
    verify(device);
  });
}

Deno.test("issueDevice() refuses ids that IoT Hub or X.520 would refuse", async () => {
  for (const deviceId of ["", "a b", "a/b", "é", "a".repeat(65), "a".repeat(129)]) {
    await assertRejects(() => root.issueDevice(deviceId), RangeError);
  }
});

Deno.test("issueDevice() keeps to the dates it is given, beyond 2050 too", async () => {
  const dates = {
    notBefore: new Date("2030-01-01T00:00:00Z"),
    notAfter: new Date("2051-01-01T00:00:00Z"),
  };
  const { notBefore, notAfter } = readCertificate(leafOf(await root.issueDevice("d", dates)));
  assertEquals({ notBefore, notAfter }, dates);
  await assertRejects(() => root.issueDevice("d", { ...dates, validDays: 1 }), TypeError);
  await assertRejects(() => root.issueDevice("d", { validDays: 0 }), RangeError);
});

Deno.test("issueServer() issues a certificate for names and addresses", async () => {
  const server = await root.issueServer("localhost", { alternativeNames: ["127.0.0.1", "::1"] });
  const certificate = new X509Certificate(leafOf(server));
  assertEquals(certificate.checkHost("localhost"), "localhost");
  assertEquals(certificate.checkHost("other"), undefined);
  assertEquals(certificate.checkIP("127.0.0.1"), "127.0.0.1");
  assertEquals(certificate.checkIP("::1"), "::1");
  verify(server);
});

Deno.test("issueServer() takes a host name that is too long for a common name", async () => {
  const hostname = `${"a".repeat(60)}.${"b".repeat(60)}.example`;
  const server = await root.issueServer(hostname);
  assertEquals(new X509Certificate(leafOf(server)).checkHost(hostname), hostname);
  assertEquals(readCertificate(leafOf(server)).commonName, hostname.slice(0, 64));
});

Deno.test("issueServer() refuses what is neither host name nor address", async () => {
  await assertRejects(() => root.issueServer("a b"), RangeError);
  await assertRejects(
    () => root.issueServer("localhost", { alternativeNames: ["a/b"] }),
    RangeError,
  );
});

Deno.test("issueIntermediate() makes an authority whose devices bring it along, without the root", async () => {
  const middle = await root.issueIntermediate("Plant, 7");
  assertEquals(middle.identity.certificateChain, [middle.certificate, root.certificate]);
  const below = await middle.issueIntermediate("Line 1");
  const device = await below.issueDevice("sensor-1");
  assertEquals(device.certificateChain.slice(1), [below.certificate, middle.certificate]);
  verify(device);
  await assertRejects(() => root.issueIntermediate(""), RangeError);
});

Deno.test("CertificateAuthority.load() goes on where another left off", async () => {
  const again = await CertificateAuthority.load(root.identity);
  assertEquals(again.certificate, root.certificate);
  verify(await again.issueDevice("sensor-1"));
});

for (const [certificate, key] of [["rsa2048", "rsa_pkcs8"], ["device", "key_pkcs8"]] as const) {
  Deno.test(`CertificateAuthority.load() refuses ${certificate}.pem, which is no authority's`, async () => {
    const identity = Identity.from({ certificateChain: [der(certificate)], privateKey: der(key) });
    await refusal("CREDENTIAL_FORMAT", () => CertificateAuthority.load(identity));
  });
}

Deno.test("CertificateAuthority.load() refuses a foreign key and a missing certificate", async () => {
  const foreign = Identity.from({ certificateChain: [der("root")], privateKey: deviceKey() });
  await refusal("CREDENTIAL_KEY_MISMATCH", () => CertificateAuthority.load(foreign));
  const empty = Identity.from({ certificateChain: [], privateKey: deviceKey() });
  await refusal("CREDENTIAL_INCOMPLETE", () => CertificateAuthority.load(empty));
});
