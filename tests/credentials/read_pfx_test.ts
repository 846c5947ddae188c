import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { certificateMatchesKey, readCertificate } from "../../src/credentials/certificate.ts";
import { type PfxContents, readPfx } from "../../src/credentials/read_pfx.ts";
import { concat, toBer } from "./_der_builder.ts";
import { der, deviceKey, password, pfx } from "./_fixtures.ts";
import { buildPfx, certificateBag, keyBag, openSafe } from "./_pfx_builder.ts";
import { refusal } from "./_refusals.ts";

const device = der("device");
const withoutIssuer = "The certificate O=Hubwire Test, CN=device comes without its issuer " +
  "(O=Hubwire Test, CN=intermediate): if the hub knows only an authority above that one, " +
  "it will refuse the device.";

/** Asserts that a file holds the one device of the fixtures and nothing else. */
function assertDevice({ identities, certificates, unmatchedKeys }: PfxContents): void {
  const parts = identities.map((
    { certificateChain, privateKey },
  ) => [certificateChain, privateKey]);
  assertEquals(parts, [[[device], deviceKey()]]);
  assertEquals([certificates, unmatchedKeys], [[], []]);
}

for (
  const [fixture, secret] of [
    ["device", password],
    ["aes128", password],
    ["aes192", password],
    ["unencrypted", password],
    ["no_iterations", password],
    ["mac_sha224", password],
    ["mac_sha384", password],
    ["mac_sha512", password],
    ["pbes2_triple_des", password],
    ["empty_password", ""],
    ["unicode_password", "pässwörd 🔑"],
  ] as const
) {
  Deno.test(`readPfx() reads ${fixture}.pfx as OpenSSL 3 wrote it`, async () => {
    const contents = await readPfx(pfx(fixture), secret);
    assertDevice(contents);
    assertEquals(contents.warnings, [withoutIssuer]);
  });
}

for (
  const [fixture, secret, warnings] of [
    ["mac_sha1", password, 1],
    ["triple_des", password, 2],
    ["triple_des_empty_password", "", 2],
  ] as const
) {
  Deno.test(`readPfx() reads ${fixture}.pfx and says once what is weak about it`, async () => {
    const contents = await readPfx(pfx(fixture), secret);
    assertDevice(contents);
    const weak = contents.warnings.filter((text) => text !== withoutIssuer);
    assertEquals(weak.length, warnings);
    assertMatch(weak.join(), /SHA-1/);
  });
}

for (const fixture of ["p384", "p521", "ed25519", "rsa2048"]) {
  Deno.test(`readPfx() reads the key of ${fixture}.pfx`, async () => {
    const { identities: [identity, ...more] } = await readPfx(pfx(fixture), password);
    assert(identity);
    assertEquals(more, []);
    assertEquals(identity.certificateChain, [der(fixture)]);
    assert(certificateMatchesKey(der(fixture), identity.privateKey));
  });
}

Deno.test("readPfx() puts the chain in order, keeps the friendly name and has nothing to warn of", async () => {
  const { identities: [identity], certificates, warnings } = await readPfx(pfx("chain"), password);
  assertEquals(identity?.alias, "Plant 7 Gerät €");
  assertEquals(identity?.certificateChain, [device, der("intermediate"), der("root")]);
  assertEquals([certificates, warnings], [[], []]);
});

Deno.test("readPfx() reads the BER of other makers, whatever size its segments have", async () => {
  // In BER the MAC is over the contents of the segments, so the same MAC holds.
  for (const size of [1, 7, 1000, 100_000]) {
    assertDevice(await readPfx(toBer(pfx("device"), size), password));
  }
});

Deno.test("readPfx() takes an empty password for none at all, too", async () => {
  const safe = openSafe(keyBag(deviceKey()), certificateBag(device));
  assertDevice(await readPfx(buildPfx([safe], { password: null }), ""));
  assertDevice(await readPfx(buildPfx([safe], { password: "" }), ""));
});

Deno.test("readPfx() warns of a certificate of version 1", async () => {
  const { warnings } = await readPfx(pfx("version1"), password);
  assertStringIncludes(warnings.join("\n"), "is X.509 version 1");
});

Deno.test("readPfx() ignores what follows the file, and says so", async () => {
  const file = concat([pfx("device"), Uint8Array.of(1, 2, 3)]);
  const contents = await readPfx(file, password);
  assertDevice(contents);
  assertStringIncludes(contents.warnings.join("\n"), "The last 3 bytes");
});

Deno.test("readPfx() gives no identity for certificates alone", async () => {
  const contents = await readPfx(pfx("certificates_only"), password);
  assertEquals(contents.identities, []);
  assertEquals(contents.certificates.map((der) => readCertificate(der).commonName), [
    "intermediate",
    "root",
  ]);
});

Deno.test("readPfx() gives no identity for a key alone", async () => {
  const contents = await readPfx(pfx("key_only"), password);
  assertEquals(contents.identities, []);
  assertEquals(contents.unmatchedKeys, [deviceKey()]);
  assertEquals(contents.warnings.length, 1);
});

Deno.test("readPfx() keeps a key and a certificate apart that do not match, whatever they claim", async () => {
  const localKeyId = Uint8Array.of(1);
  const file = buildPfx([
    openSafe(certificateBag(der("p384"), { localKeyId }), keyBag(deviceKey(), { localKeyId })),
  ], {});
  const contents = await readPfx(file, password);
  assertEquals(contents.identities, []);
  assertEquals(contents.certificates, [der("p384")]);
  assertEquals(contents.unmatchedKeys, [deviceKey()]);
});

Deno.test("readPfx() gives several identities for several keys, each with its alias and chain", async () => {
  const file = buildPfx([
    openSafe(keyBag(deviceKey(), { alias: "one" }), keyBag(der("rsa_pkcs8"), { alias: "two" })),
    openSafe(
      ...["root", "rsa2048", "intermediate", "device"].map((name) => certificateBag(der(name))),
    ),
  ], {});
  const { identities, certificates } = await readPfx(file, password);
  const chain = [der("intermediate"), der("root")];
  assertEquals(identities.map(({ alias, certificateChain }) => [alias, certificateChain]), [
    ["one", [device, ...chain]],
    ["two", [der("rsa2048"), ...chain]],
  ]);
  assertEquals(certificates, []);
});

Deno.test("readPfx() reads a file without a MAC only if that is allowed", async () => {
  const error = await refusal("CREDENTIAL_UNSUPPORTED", () => readPfx(pfx("no_mac"), password));
  assertStringIncludes(error.why, "no MAC");
  const contents = await readPfx(pfx("no_mac"), password, { allowNoMac: true });
  assertDevice(contents);
  assertStringIncludes(contents.warnings.join("\n"), "It has no MAC");
});

Deno.test("readPfx() finds a wrong password without a MAC, too", async () => {
  await refusal(
    "CREDENTIAL_WRONG_PASSWORD",
    () => readPfx(pfx("no_mac"), "wrong", { allowNoMac: true }),
  );
});

Deno.test("readPfx() refuses arguments of another type before it reads", async () => {
  const text = "a path" as unknown as Uint8Array;
  await assertRejects(() => readPfx(text, password), TypeError);
  const missing = undefined as unknown as string;
  await assertRejects(() => readPfx(pfx("device"), missing), TypeError);
});
