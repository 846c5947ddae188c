import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { SEED } from "../_kit/seed.ts";
import { CertificateAuthority } from "../../src/credentials/certificate_authority.ts";
import { orderChain, verifyChain } from "../../src/credentials/chain.ts";
import { der } from "./_fixtures.ts";
import { refusal } from "./_refusals.ts";

const [root, intermediate, device] = [der("root"), der("intermediate"), der("device")];
const now = new Date("2026-06-01T00:00:00Z");
const notBefore = new Date("2026-01-01T00:00:00Z");
const trusted = { authorities: [root], now };

Deno.test("orderChain() puts any order right and leaves strangers out", () => {
  const others = [root, intermediate, der("p384"), der("imposter"), device];
  const property = fc.property(fc.shuffledSubarray(others, { minLength: 5 }), (shuffled) => {
    assertEquals(orderChain(device, shuffled), [device, intermediate, root]);
  });
  fc.assert(property, { seed: SEED, numRuns: 20 });
});

Deno.test("orderChain() goes by signature where names are the same", () => {
  assertEquals(orderChain(intermediate, [der("imposter"), root]), [intermediate, root]);
  assertEquals(orderChain(intermediate, [der("imposter")]), [intermediate]);
});

Deno.test("orderChain() stops where an issuer is missing, and at a root", () => {
  assertEquals(orderChain(device, [root]), [device]);
  assertEquals(orderChain(root, [root, root.slice()]), [root]);
});

Deno.test("orderChain() keeps an issuer whose signature it cannot check", () => {
  assertEquals(orderChain(der("signed_by_rsa_pss"), [der("rsa_pss")]).length, 2);
});

Deno.test("orderChain() tries 32 signatures and no more", async () => {
  const strangers = await Promise.all(
    Array.from({ length: 33 }, async () => (await sameNamed()).certificate),
  );
  const { certificate: leaf } = await (await sameNamed()).issueIntermediate("below");
  assertEquals(orderChain(leaf, strangers.slice(1)), [leaf]);
  await refusal("CREDENTIAL_LIMIT", () => orderChain(leaf, strangers));
});

function sameNamed(): Promise<CertificateAuthority> {
  return CertificateAuthority.create({ commonName: "same", notBefore });
}

Deno.test("orderChain() refuses what is no certificate", async () => {
  await refusal("CREDENTIAL_FORMAT", () => orderChain(device, [Uint8Array.of(1)]));
});

Deno.test("verifyChain() accepts a path to a root, sent or not, and to an intermediate", () => {
  verifyChain([device, intermediate, root], trusted);
  verifyChain([device, intermediate], trusted);
  verifyChain([device], { authorities: [root, intermediate], now });
  verifyChain([device, intermediate], { authorities: [intermediate], now });
  verifyChain([device], { authorities: [device], now });
});

for (
  const [rule, chain, code, why] of [
    ["an empty chain", [], "CREDENTIAL_INCOMPLETE", "no certificate at all"],
    [
      "a missing intermediate",
      ["device"],
      "CREDENTIAL_INCOMPLETE",
      "ends at certificate 1 of 1 (O=Hubwire Test, CN=device), whose issuer " +
      "(O=Hubwire Test, CN=intermediate) is not trusted",
    ],
    ["another root of the same name", ["imposter"], "CREDENTIAL_INCOMPLETE", "is not trusted"],
    ["a stranger in between", ["device", "p384"], "CREDENTIAL_KEY_MISMATCH", "was not issued by"],
    [
      "an issuer that is no authority",
      ["under_not_an_authority", "not_an_authority"],
      "CREDENTIAL_FORMAT",
      "certificate 2 of 2 (O=Hubwire Test, CN=not_an_authority) is not an authority",
    ],
    [
      "an issuer that may not sign certificates",
      ["under_no_key_cert_sign", "no_key_cert_sign"],
      "CREDENTIAL_FORMAT",
      "certificate 2 of 2 (O=Hubwire Test, CN=no_key_cert_sign) may not issue certificates",
    ],
    [
      "a path that is too long",
      ["under_below_path_length_0", "below_path_length_0", "path_length_0"],
      "CREDENTIAL_FORMAT",
      "certificate 3 of 3 (O=Hubwire Test, CN=path_length_0) allows 0 intermediate certificates",
    ],
    [
      "a critical extension nobody knows",
      ["critical_extension"],
      "CREDENTIAL_UNSUPPORTED",
      "has the critical extension 1.2.3.4",
    ],
    ["a signature with SHA-1", ["signed_sha1"], "CREDENTIAL_UNSUPPORTED", "rests on SHA-1"],
    ["what is no certificate", ["key_pkcs8"], "CREDENTIAL_FORMAT", "at byte"],
  ] as const
) {
  Deno.test(`verifyChain() refuses ${rule}`, async () => {
    const error = await refusal(code, () => verifyChain(chain.map(der), trusted));
    assertStringIncludes(error.why, why);
  });
}

Deno.test("verifyChain() refuses a signature that another key of the same name made", async () => {
  const [one, other] = [await sameNamed(), await sameNamed()];
  const { certificateChain: [leaf = root] } = await one.issueDevice("sensor-1", { notBefore });
  const chain = [leaf, other.certificate];
  const error = await refusal("CREDENTIAL_KEY_MISMATCH", () => verifyChain(chain, trusted));
  assertStringIncludes(error.why, "the signature of certificate 1 of 2 (CN=sensor-1)");
});

Deno.test("verifyChain() refuses a signature it cannot check", async () => {
  const chain = [der("signed_by_rsa_pss")];
  const options = { authorities: [der("rsa_pss")], now };
  const error = await refusal("CREDENTIAL_UNSUPPORTED", () => verifyChain(chain, options));
  assertStringIncludes(error.why, "cannot be checked");
});

Deno.test("verifyChain() refuses an authority that is none", async () => {
  const options = { authorities: [der("not_an_authority")], now };
  const chain = [der("under_not_an_authority")];
  const error = await refusal("CREDENTIAL_FORMAT", () => verifyChain(chain, options));
  assertStringIncludes(error.why, "the authority (O=Hubwire Test, CN=not_an_authority) is not");
});

Deno.test("verifyChain() refuses a chain of more than ten certificates", async () => {
  const chain = Array.from({ length: 11 }, () => device);
  await refusal("CREDENTIAL_LIMIT", () => verifyChain(chain, trusted));
});

Deno.test("verifyChain() holds every certificate to its dates, the authority's too", async () => {
  const [begin, end] = [new Date("2026-01-01T00:00:00Z"), new Date("2026-12-31T00:00:00Z")];
  const early = new Date("2025-01-01T00:00:00Z");
  const late = new Date("2028-01-01T00:00:00Z");
  const spans = {
    wide: { notBefore: early, notAfter: late },
    narrow: { notBefore: begin, notAfter: end },
  };
  for (const place of [0, 1, 2]) {
    const span = (i: number) => i === place ? spans.narrow : spans.wide;
    const days = (span(2).notAfter.getTime() - span(2).notBefore.getTime()) / 86_400_000;
    const top = await CertificateAuthority.create({
      notBefore: span(2).notBefore,
      validDays: days,
    });
    const middle = await top.issueIntermediate("middle", span(1));
    const { certificateChain: chain } = await middle.issueDevice("sensor-1", span(0));
    const verify = (at: Date) => verifyChain(chain, { authorities: [top.certificate], now: at });
    verify(begin);
    verify(end);
    const before = new Date(begin.getTime() - 1);
    const after = new Date(end.getTime() + 1);
    const names = ["CN=sensor-1", "CN=middle", "CN=Hubwire Root CA"];
    assertStringIncludes(
      (await refusal("CREDENTIAL_EXPIRED", () => verify(before))).why,
      `(${names[place]}) is not valid for another 0 d (2026-01-01T00:00:00.000Z)`,
    );
    assertStringIncludes(
      (await refusal("CREDENTIAL_EXPIRED", () => verify(after))).why,
      `(${names[place]}) expired 0 d ago (2026-12-31T00:00:00.000Z)`,
    );
  }
});

Deno.test("verifyChain() takes the authority that is still valid, of two with the same key", async () => {
  const [chain, expired] = [[device, intermediate], der("root_expired")];
  verifyChain(chain, { authorities: [expired, root], now });
  await refusal("CREDENTIAL_EXPIRED", () => verifyChain(chain, { authorities: [expired], now }));
});

Deno.test("verifyChain() needs a date", () => {
  const options = { authorities: [root], now: new Date(NaN) };
  assertThrows(() => verifyChain([device, intermediate], options), RangeError);
});
