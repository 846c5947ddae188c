import { assertEquals } from "@std/assert";
import { X509Certificate } from "node:crypto";
import tls from "node:tls";
import { refuseServer, type SentCertificate } from "../../src/transport/node_server_check.ts";
import { authorityPem, serverIdentity, strangeAuthority, testAuthority } from "../_kit/certs.ts";

function shown(...chain: Uint8Array[]): SentCertificate {
  const [first, ...others] = chain;
  if (!first) return {} as SentCertificate;
  const { subject: _, ...legacy } = new X509Certificate(first).toLegacyObject();
  const issuer = others.length > 0 ? { issuerCertificate: shown(...others) } : {};
  return { ...legacy, raw: first, ...issuer } as unknown as SentCertificate;
}

async function check(hostname = "localhost") {
  const caCerts = [`A comment.\n${authorityPem(await testAuthority())}`];
  return { hostname, address: `${hostname}:8883`, caCerts };
}

Deno.test("refuseServer() takes a server that an authority of caCerts vouches for", async () => {
  const { certificateChain } = await serverIdentity();
  assertEquals(refuseServer(await check(), shown(...certificateChain)), undefined);
  assertEquals(refuseServer(await check("127.0.0.1"), shown(...certificateChain)), undefined);
});

Deno.test("refuseServer() knows the authorities that Deno brings along", async () => {
  const pem = tls.rootCertificates[0] ?? "";
  const { raw } = new X509Certificate(pem);
  // They vouch for themselves and still are no servers.
  assertEquals(
    refuseServer(await check(), shown(raw))?.why,
    "it shows the certificate of an authority as its own",
  );
  assertEquals(
    refuseServer(await check(), shown((await strangeAuthority()).certificate))?.why,
    "its certificates do not lead to a trusted authority",
  );
});

const DAY = 86_400_000;
const REFUSED: [title: string, code: string, make: () => Promise<Uint8Array[]>][] = [
  ["no certificate", "TLS_SERVER_UNTRUSTED", () => Promise.resolve([])],
  ["a stranger's", "TLS_SERVER_UNTRUSTED", async () => {
    return (await (await strangeAuthority()).issueServer("localhost")).certificateChain;
  }],
  ["one that has expired", "TLS_SERVER_UNTRUSTED", async () => {
    const [notBefore, notAfter] = [new Date("2020-01-01"), new Date("2020-02-01")];
    const issued = await (await testAuthority()).issueServer("localhost", { notBefore, notAfter });
    return issued.certificateChain;
  }],
  ["one that is not valid yet", "TLS_SERVER_UNTRUSTED", async () => {
    const notBefore = new Date(Date.now() + DAY);
    return (await (await testAuthority()).issueServer("localhost", { notBefore })).certificateChain;
  }],
  ["one without the intermediate", "TLS_SERVER_UNTRUSTED", async () => {
    const middle = await (await testAuthority()).issueIntermediate("middle");
    return (await middle.issueServer("localhost")).certificateChain.slice(0, 1);
  }],
  ["one for another name", "TLS_SERVER_WRONG_NAME", async () => {
    return (await (await testAuthority()).issueServer("other.example")).certificateChain;
  }],
  ["a device's, which has no name to look for", "TLS_SERVER_WRONG_NAME", async () => {
    return (await (await testAuthority()).issueDevice("localhost")).certificateChain;
  }],
];

for (const [title, code, make] of REFUSED) {
  Deno.test(`refuseServer() refuses ${title}`, async () => {
    assertEquals(refuseServer(await check(), shown(...await make()))?.code, code);
  });
}
