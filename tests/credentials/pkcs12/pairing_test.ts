import { assertEquals } from "@std/assert";
import { CertificateAuthority } from "../../../src/credentials/certificate_authority.ts";
import type { Identity } from "../../../src/credentials/identity.ts";
import { pairBags } from "../../../src/credentials/pkcs12/pairing.ts";
import type { Bag } from "../../../src/credentials/pkcs12/safe_contents.ts";
import { der, deviceKey } from "../_fixtures.ts";
import { refusal } from "../_refusals.ts";

// Two certificates for one key: the device's own, and one that another tool issued.
const [device, renewed] = [der("device"), der("signed_sha1")];

function pair(keys: Bag[], certificates: Bag[]) {
  const { identities, ...rest } = pairBags({ keys, certificates });
  return {
    ...rest,
    leaves: identities.map(({ alias, certificateChain: [leaf] }) => [alias, leaf]),
  };
}

Deno.test("pairBags() pairs by public key where there is no local key id", () => {
  assertEquals(pair([{ bytes: deviceKey() }], [{ bytes: der("p384") }, { bytes: device }]), {
    leaves: [[undefined, device]],
    certificates: [der("p384")],
    unmatchedKeys: [],
  });
});

Deno.test("pairBags() takes the certificate that the local key id names, of two for one key", () => {
  const key = { bytes: deviceKey(), localKeyId: "02" };
  const certificates = [{ bytes: device, localKeyId: "01" }, { bytes: renewed, localKeyId: "02" }];
  assertEquals(pair([key], certificates).leaves, [[undefined, renewed]]);
});

Deno.test("pairBags() picks none of two certificates for one key that nothing tells apart", () => {
  const certificates = [{ bytes: device, alias: "a" }, { bytes: renewed, alias: "b" }];
  assertEquals(pair([{ bytes: deviceKey() }], certificates).leaves, [["a", device], [
    "b",
    renewed,
  ]]);
});

Deno.test("pairBags() does not believe a local key id", () => {
  const certificates = [{ bytes: der("p384"), localKeyId: "01" }, { bytes: device }];
  const { leaves } = pair([{ bytes: deviceKey(), localKeyId: "01" }], certificates);
  assertEquals(leaves, [[undefined, device]]);
});

Deno.test("pairBags() prefers the key's friendly name to the certificate's", () => {
  const certificates = [{ bytes: device, alias: "certificate" }];
  assertEquals(pair([{ bytes: deviceKey(), alias: "key" }], certificates).leaves, [[
    "key",
    device,
  ]]);
  assertEquals(pair([{ bytes: deviceKey() }], certificates).leaves, [["certificate", device]]);
});

Deno.test("pairBags() counts what is there twice once", () => {
  const keys = [{ bytes: deviceKey() }, { bytes: deviceKey() }];
  const certificates = [{ bytes: device }, { bytes: device.slice() }];
  assertEquals(pair(keys, certificates), {
    leaves: [[undefined, device]],
    certificates: [],
    unmatchedKeys: [],
  });
});

Deno.test("pairBags() gives each identity a key of its own, and keeps none", () => {
  const key = { bytes: deviceKey() };
  const bags = { keys: [key], certificates: [{ bytes: device }, { bytes: renewed }] };
  const [one, two] = pairBags(bags).identities;
  one?.privateKey.fill(0);
  assertEquals(two?.privateKey, deviceKey());
  assertEquals(key.bytes, new Uint8Array(key.bytes.length));
});

Deno.test("pairBags() leaves a key without a certificate alone", () => {
  const bags = { keys: [{ bytes: deviceKey() }], certificates: [{ bytes: der("ed25519") }] };
  assertEquals(pairBags(bags), {
    identities: [],
    certificates: [der("ed25519")],
    unmatchedKeys: [deviceKey()],
  });
});

Deno.test("pairBags() ignores certificates whose key this runtime does not know", () => {
  assertEquals(pair([{ bytes: deviceKey() }], [{ bytes: der("rsa_pss") }]).leaves, []);
});

Deno.test("pairBags() refuses more than 16 pairs", async () => {
  const authority = await CertificateAuthority.create();
  const identities = await Promise.all(
    Array.from({ length: 17 }, () => authority.issueDevice("sensor-1")),
  );
  const bagsOf = (some: Identity[]) => ({
    keys: some.map(({ privateKey }) => ({ bytes: privateKey.slice() })),
    certificates: some.flatMap(({ certificateChain: [bytes = device] }) => [{ bytes }]),
  });
  assertEquals(pairBags(bagsOf(identities.slice(1))).identities.length, 16);
  await refusal("CREDENTIAL_LIMIT", () => pairBags(bagsOf(identities)));
});
