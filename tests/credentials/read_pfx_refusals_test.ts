/** Files that `readPfx` has to refuse, quickly and in words that say what to do. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readPfx } from "../../src/credentials/read_pfx.ts";
import { concat, context0, integer, octets, oid, sequence } from "./_der_builder.ts";
import { der, deviceKey, password, pem, pfx } from "./_fixtures.ts";
import {
  buildPfx,
  certificateBag,
  contentInfo,
  keyBag,
  macData,
  openSafe,
} from "./_pfx_builder.ts";
import { assertHides, refusal } from "./_refusals.ts";

const ascii = (text: string) => new TextEncoder().encode(text);
const bytes = (...values: number[]) => Uint8Array.from(values);
const nested = concat(Array.from({ length: 20_000 }, () => bytes(0x30, 0x80)));
const device = pfx("device");

for (
  const [name, file, why] of [
    ["nothing", bytes(), "it is empty"],
    ["PEM", ascii(pem("device")), "it looks like PEM"],
    ["PEM with text before it", ascii(`Bag Attributes\n${pem("device")}`), "it looks like PEM"],
    ["Base64", ascii(device.toBase64()), "it looks like Base64 text"],
    ["an archive", ascii("PK\u0003\u0004"), "it begins with other bytes"],
    ["a certificate", der("device"), "its structure is another one"],
    ["a key", deviceKey(), "its structure is another one"],
    ["an empty SEQUENCE", sequence(), "its structure is another one"],
    ["another version", sequence(integer(4)), "its structure is another one"],
  ] as const
) {
  Deno.test(`readPfx() refuses ${name}, which is not PKCS#12`, async () => {
    const error = await refusal("CREDENTIAL_FORMAT", () => readPfx(file, password));
    assertEquals([error.what, error.why], ["Not a PKCS#12 file", why]);
  });
}

Deno.test("readPfx() tells who gives it PEM what to use instead", async () => {
  const error = await refusal("CREDENTIAL_FORMAT", () => readPfx(ascii(pem("device")), password));
  assertStringIncludes(error.remedy, "--cert and --key");
});

for (
  const [name, file, why] of [
    ["one byte", bytes(0x30), "damaged at byte 1"],
    ["4 GiB announced", bytes(0x30, 0x84, 0xff, 0xff, 0xff, 0xff), "damaged at byte 0"],
    ["20 000 levels", nested, "damaged at byte 64: nested deeper than 32"],
    ["a length that is wrong", bytes(0x30, 3, 2, 5, 3), "damaged at byte 2"],
    ["no contents", sequence(integer(3)), "damaged at byte 0"],
    ["contents of another type", sequence(integer(3), integer(3)), "damaged at byte 5"],
    ["contents that are no bytes", buildless(integer(1)), "damaged at byte"],
    ["a MAC of another type", concat([sequence(integer(3), content(), integer(1))]), "damaged at"],
    [
      "a MAC with no round",
      sequence(integer(3), content(), macData(bytes(), { iterations: 0 })),
      "0 where at least 1 belongs",
    ],
  ] as const
) {
  Deno.test(`readPfx() refuses ${name} as damaged, with the byte, in no time`, async () => {
    const begin = performance.now();
    const error = await refusal("CREDENTIAL_DAMAGED", () => readPfx(file, password));
    assertStringIncludes(error.why, why);
    assert(performance.now() - begin < 1000);
  });
}

function content(): Uint8Array {
  return contentInfo("1.2.840.113549.1.7.1", octets(sequence()));
}

function buildless(value: Uint8Array): Uint8Array {
  return sequence(integer(3), contentInfo("1.2.840.113549.1.7.1", value));
}

Deno.test("readPfx() refuses every truncation of a file", async () => {
  const file = pfx("device");
  for (let length = 1; length < file.length; length++) {
    await refusal("CREDENTIAL_DAMAGED", () => readPfx(file.subarray(0, length), password));
  }
});

Deno.test("readPfx() says the same of a wrong password and of a changed byte", async () => {
  const changed = pfx("device");
  changed[200] = (changed[200] ?? 0) ^ 1;
  const errors = [
    await refusal("CREDENTIAL_WRONG_PASSWORD", () => readPfx(pfx("device"), "wrong")),
    await refusal("CREDENTIAL_WRONG_PASSWORD", () => readPfx(changed, password)),
    await refusal("CREDENTIAL_WRONG_PASSWORD", () => readPfx(pfx("device"), "")),
    await refusal("CREDENTIAL_WRONG_PASSWORD", () => readPfx(pfx("empty_password"), "x")),
  ];
  const texts = errors.map(({ message, remedy }) => `${message} ${remedy}`);
  assertEquals(new Set(texts).size, 1);
  assertStringIncludes(texts.join(), "wrong password, or the file is damaged");
});

for (
  const [count, limit] of [[2 ** 31 - 1, "5000000"], [2 ** 46, "5000000"], [
    5_000_001,
    "5000000",
  ]] as const
) {
  Deno.test(`readPfx() refuses ${count} iterations before it begins`, async () => {
    const begin = performance.now();
    const file = buildPfx([openSafe()], { iterations: count });
    const error = await refusal("CREDENTIAL_LIMIT", () => readPfx(file, password));
    assertStringIncludes(error.why, `iteration count ${count} `);
    assertStringIncludes(error.why, limit);
    assert(performance.now() - begin < 1000);
  });
}

Deno.test("readPfx() charges the MAC and every bag to one budget", async () => {
  // The one round of the MAC is already one too many.
  const file = buildPfx([lockedSafe(5_000_000)], { iterations: 1 });
  await refusal("CREDENTIAL_LIMIT", () => readPfx(file, password));
});

/** Contents that claim to be encrypted with so many rounds. */
function lockedSafe(iterations: number): Uint8Array {
  const info = sequence(
    oid("1.2.840.113549.1.7.1"),
    pbes2(iterations),
    concat([bytes(0x80, 16), new Uint8Array(16)]),
  );
  return contentInfo("1.2.840.113549.1.7.6", sequence(integer(0), info));
}

function pbes2(iterations: number): Uint8Array {
  const sha256 = sequence(oid("1.2.840.113549.2.9"));
  const kdf = sequence(
    oid("1.2.840.113549.1.5.12"),
    sequence(octets(new Uint8Array(8)), integer(iterations), sha256),
  );
  const cipher = sequence(oid("2.16.840.1.101.3.4.1.42"), octets(new Uint8Array(16)));
  return sequence(oid("1.2.840.113549.1.5.13"), sequence(kdf, cipher));
}

for (
  const [name, file, algorithm] of [
    ["RC2", pfx("rc2"), "RC2 with 40 bits"],
    ["PBMAC1", buildPfx([openSafe()], { hash: "1.2.840.113549.1.5.14" }), "PBMAC1"],
    ["a MAC with MD5", buildPfx([openSafe()], { hash: "1.2.840.113549.2.5" }), "MD5"],
    ["a hash nobody knows", buildPfx([openSafe()], { hash: "1.2.3.4" }), "the algorithm 1.2.3.4"],
    [
      "a signature in place of a MAC",
      sequence(integer(3), contentInfo("1.2.840.113549.1.7.2", sequence())),
      "a digital signature",
    ],
    [
      "encryption with a public key",
      buildPfx([contentInfo("1.2.840.113549.1.7.3", sequence())], {}),
      "encryption with a public key",
    ],
  ] as const
) {
  Deno.test(`readPfx() refuses ${name} by name and says how to export the file again`, async () => {
    const error = await refusal("CREDENTIAL_UNSUPPORTED", () => readPfx(file, password));
    assertStringIncludes(error.why, algorithm);
    assertStringIncludes(error.remedy, "openssl pkcs12 -export");
  });
}

for (const [fixture, kind] of [["rsa_pss", "RSA-PSS"], ["rsa1024", "RSA 1024"]] as const) {
  Deno.test(`readPfx() refuses a key of type ${kind}, which Deno's TLS could not load`, async () => {
    const error = await refusal("CREDENTIAL_UNSUPPORTED", () => readPfx(pfx(fixture), password));
    assertStringIncludes(error.why, kind);
  });
}

Deno.test("readPfx() refuses a certificate that is none", async () => {
  const file = buildPfx([openSafe(certificateBag(bytes(0x30, 0)))], {});
  await refusal("CREDENTIAL_FORMAT", () => readPfx(file, password));
});

Deno.test("readPfx() refuses more than 1 MiB, 16 keys, 256 certificates", async () => {
  const certificates = (count: number) =>
    Array.from({ length: count }, () => certificateBag(der("root")));
  const keys = (count: number) => Array.from({ length: count }, () => keyBag(deviceKey()));
  await readPfx(buildPfx([openSafe(...certificates(256)), openSafe(...keys(16))], {}), password);
  for (
    const file of [
      concat([pfx("device"), new Uint8Array(1024 * 1024)]),
      buildPfx([openSafe(...certificates(257))], {}),
      buildPfx([openSafe(...keys(17))], {}),
    ]
  ) await refusal("CREDENTIAL_LIMIT", () => readPfx(file, password));
});

Deno.test("readPfx() shows the password in no part of any error", async () => {
  const secret = "hunter2-Zx9-√";
  const files = [
    bytes(),
    ascii(pem("device")),
    pfx("device"),
    pfx("device").subarray(0, 500),
    pfx("no_mac"),
    pfx("rc2"),
    pfx("rsa_pss"),
    buildPfx([openSafe()], { password: secret, iterations: 2 ** 31 }),
    buildPfx([openSafe(certificateBag(bytes(0x30, 0)))], { password: secret }),
    buildPfx([openSafe(keyBag(context0()))], { password: secret }),
    buildPfx([lockedSafe(1)], { password: secret }),
  ];
  for (const file of files) {
    const error = await readPfx(file, secret).then(() => undefined, (thrown: unknown) => thrown);
    assert(error !== undefined);
    assertHides(error, secret);
  }
});
