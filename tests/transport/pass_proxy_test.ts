/** Transports through proxies that are real, on loopback, and do as they are told. */

import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import { DeadlineError, HubwireError } from "../../src/errors.ts";
import { tcpTransport, tlsTransport } from "../../src/transport/mod.ts";
import { authorityPem, deviceIdentity, testAuthority } from "../_kit/certs.ts";
import { gone, receive, startFarEnd } from "../_kit/far_end.ts";
import { type ProxyOptions, startProxy } from "../_kit/proxies.ts";

const LOGIN = { user: "me", password: "ge:heim ü" };
const SECRET = encodeURIComponent(LOGIN.password);

/** What a proxy that behaves so makes of a connect. */
async function failure(options: ProxyOptions, login = ""): Promise<HubwireError> {
  await using server = await startFarEnd();
  await using proxy = startProxy(options);
  const transport = tcpTransport({
    hostname: "server.test",
    port: server.port,
    proxy: `${options.kind}://${login}127.0.0.1:${proxy.port}`,
    connectDeadlineMs: 50,
  });
  const error = await assertRejects(() => transport.connect(), HubwireError);
  // Whatever went wrong, nothing stays open, and no secret gets out.
  await proxy.clientGone;
  const said = [error.message, error.remedy, Deno.inspect(error), String(error.cause)].join();
  for (const secret of [LOGIN.password, SECRET, btoa("me:")]) assertFalse(said.includes(secret));
  return error;
}

for (const kind of ["socks5", "http"] as const) {
  const isSocks5 = kind === "socks5";

  Deno.test(`a transport logs in at a proxy of ${kind}, which looks the name up`, async () => {
    await using server = await startFarEnd();
    await using proxy = startProxy({ kind, login: { user: "me", password: "geheim" } });
    const url = `${kind}://me:geheim@127.0.0.1:${proxy.port}`;
    const transport = tcpTransport({ hostname: "server.test", port: server.port, proxy: url });
    assertEquals(transport.address, `server.test:${server.port}`);
    const connection = await transport.connect();
    await connection.write(Uint8Array.of(1, 2, 3));
    assertEquals(await receive(await server.accept(), 3), Uint8Array.of(1, 2, 3));
    assertEquals(proxy.requests, [`server.test:${server.port}`]);
    connection.close();
  });

  Deno.test(`TLS through a proxy of ${kind} is with the server, by its name, client certificate and all`, async () => {
    await using server = await startFarEnd({ tls: true });
    await using proxy = startProxy({ kind });
    const transport = tlsTransport({
      hostname: "localhost",
      port: server.port,
      caCerts: [authorityPem(await testAuthority())],
      credentials: await deviceIdentity("d1"),
      proxy: `${kind}://127.0.0.1:${proxy.port}`,
    });
    const connection = await transport.connect();
    const peer = await server.accept() as unknown as {
      getPeerCertificate(): { subject: { CN: string } };
    };
    assertEquals(peer.getPeerCertificate().subject.CN, "d1");
    assertEquals(proxy.requests, [`localhost:${server.port}`]);
    connection.close();
  });

  Deno.test(`TLS through a proxy of ${kind} is told of an expired server through it, too`, async () => {
    const [notBefore, notAfter] = [new Date("2020-01-01"), new Date("2020-02-01")];
    const authority = await testAuthority();
    const old = await authority.issueServer("localhost", { notBefore, notAfter });
    await using server = await startFarEnd({ tls: true, identity: old });
    await using proxy = startProxy({ kind });
    const transport = tlsTransport({
      hostname: "localhost",
      port: server.port,
      caCerts: [authorityPem(authority)],
      proxy: `${kind}://127.0.0.1:${proxy.port}`,
    });
    const { code } = await assertRejects(() => transport.connect(), HubwireError);
    assertEquals([code, proxy.requests.length], ["TLS_SERVER_EXPIRED", 2]);
  });

  Deno.test(`a transport names the proxy of ${kind} where that is what cannot be reached`, async () => {
    const transport = tlsTransport({ hostname: "localhost", proxy: `${kind}://127.0.0.1:1` });
    const { code, what } = await assertRejects(() => transport.connect(), HubwireError);
    assertEquals([code, what], ["NETWORK_REFUSED", "Cannot connect to 127.0.0.1:1"]);
  });

  Deno.test(`a transport loses nothing that comes in one piece with the answer of ${kind}`, async () => {
    await using server = await startFarEnd();
    const early = Uint8Array.of(7, 8, 9);
    await using proxy = startProxy({ kind, early });
    const proxyUrl = `${kind}://127.0.0.1:${proxy.port}`;
    const connection = await tcpTransport({
      hostname: "server.test",
      port: server.port,
      proxy: proxyUrl,
    }).connect();
    (await server.accept()).write(Uint8Array.of(10));
    const buffer = new Uint8Array(2);
    assertEquals([await connection.read(buffer), ...buffer], [2, 7, 8]);
    assertEquals([await connection.read(buffer), buffer[0]], [1, 9]);
    assertEquals([await connection.read(buffer), buffer[0]], [1, 10]);
    connection.close();
  });

  Deno.test(`a transport tells a proxy of ${kind} that does not know its password`, async () => {
    const login = { user: "me", password: "another" };
    for (const given of ["", `me:${SECRET}@`]) {
      const error = await failure({ kind, login }, given);
      assertEquals([error.name, error.code], ["ProxyError", "PROXY_AUTHENTICATION_FAILED"]);
    }
  });

  const refusals: [number, string][] = isSocks5
    ? [[2, "PROXY_REFUSED"], [4, "NETWORK_UNREACHABLE"], [5, "NETWORK_REFUSED"]]
    : [[403, "PROXY_REFUSED"], [502, "NETWORK_UNREACHABLE"]];
  for (const [refuseWith, code] of refusals) {
    Deno.test(`a transport takes ${refuseWith} from a proxy of ${kind} for ${code}`, async () => {
      const error = await failure({ kind, refuseWith });
      assertEquals(error.code, code);
      assert(error.what.startsWith("Cannot connect to server.test:"), error.what);
      assert(error.what.includes(" through the proxy 127.0.0.1:"), error.what);
    });
  }

  Deno.test(`a transport tells something else than a proxy of ${kind}`, async () => {
    const garbage = new TextEncoder().encode("220 mail.example ESMTP\r\n");
    assertEquals((await failure({ kind, answer: garbage })).code, "PROXY_NOT_SPOKEN");
  });

  Deno.test(`a transport waits for a proxy of ${kind} until its deadline`, async () => {
    for (const answer of [undefined, new TextEncoder().encode(isSocks5 ? "\x05" : "HTTP/1.1 2")]) {
      const error = await failure({ kind, isSilent: true, ...(answer ? { answer } : {}) });
      assert(error instanceof DeadlineError);
      assertEquals(error.phase, "proxy");
    }
  });
}

Deno.test("a transport tells a proxy that hangs up", async () => {
  await using proxy = await startFarEnd();
  const transport = tcpTransport({ hostname: "h", proxy: `http://127.0.0.1:${proxy.port}` });
  const failing = assertRejects(() => transport.connect(), HubwireError);
  const peer = await proxy.accept();
  peer.end("HTTP/1.1 200");
  const { code, why } = await failing;
  assertEquals(code, "CONNECTION_LOST");
  assert(why.startsWith("the proxy closed"), why);
  await gone(peer);
});
