import { assertEquals } from "@std/assert";
import { buildExtensions, type Profile } from "../../src/credentials/certificate_profiles.ts";
import * as x509 from "../../src/credentials/x509.ts";

const { publicKey: subject } = await crypto.subtle.generateKey(
  { name: "ECDSA", namedCurve: "P-256" },
  true,
  ["sign", "verify"],
);

/** The DER of each extension's value, by name; critical ones are marked. */
async function extensions(profile: Profile, issuerKeyId?: string): Promise<Record<string, string>> {
  const keys = issuerKeyId === undefined ? { subject } : { subject, issuerKeyId };
  const built = await buildExtensions(x509, profile, keys);
  return Object.fromEntries(
    built.map((
      { type, critical, value },
    ) => [`${type}${critical ? " critical" : ""}`, new Uint8Array(value).toHex()]),
  );
}

const keyId = (await x509.SubjectKeyIdentifierExtension.create(subject)).keyId;
const subjectKeyIdentifier = { "2.5.29.14": `0414${keyId}` };

Deno.test("buildExtensions() for an authority: CA:TRUE, keyCertSign and cRLSign, both critical", async () => {
  assertEquals(await extensions({ use: "authority" }), {
    "2.5.29.19 critical": "30030101ff",
    "2.5.29.15 critical": "03020106",
    ...subjectKeyIdentifier,
  });
});

Deno.test("buildExtensions() for a device: CA:FALSE, digitalSignature, clientAuth", async () => {
  assertEquals(await extensions({ use: "device" }, "aabb"), {
    "2.5.29.19 critical": "3000",
    "2.5.29.15 critical": "03020780",
    "2.5.29.37": "300a06082b06010505070302",
    ...subjectKeyIdentifier,
    "2.5.29.35": "30048002aabb",
  });
});

Deno.test("buildExtensions() for a server: serverAuth and its names", async () => {
  const found = await extensions({ use: "server", names: ["a.b", "127.0.0.1"] });
  assertEquals(found["2.5.29.37"], "300a06082b06010505070301");
  assertEquals(found["2.5.29.17"], "300b8203612e6287047f000001");
});
