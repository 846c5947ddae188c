import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import type { Identity } from "../../src/credentials/identity.ts";
import { TlsServer, type TlsServerOptions } from "../../src/emulator/tls_server.ts";
import { ConnectionLostError } from "../../src/errors.ts";
import {
  authorityPem,
  deviceIdentity,
  identityPem,
  serverIdentity,
  testAuthority,
} from "../_kit/certs.ts";
import { run } from "../_kit/processes.ts";

/** A server that tells which certificates were shown, and why handshakes failed. */
async function startServer(options: Partial<TlsServerOptions> = {}) {
  const shown = Promise.withResolvers<Uint8Array[]>();
  const failure = Promise.withResolvers<Error>();
  const server = await TlsServer.listen({
    port: 0,
    identity: await serverIdentity(),
    onConnection: (socket, chain) => {
      socket.on("error", shown.reject);
      shown.resolve(chain);
    },
    onHandshakeFailure: failure.resolve,
    ...options,
  });
  return { server, shown: shown.promise, failure: failure.promise };
}

async function dial(server: TlsServer, identity?: Identity): Promise<Deno.TlsConn> {
  const connection = await Deno.connectTls({
    hostname: "localhost",
    port: server.port,
    caCerts: [authorityPem(await testAuthority())],
    ...(identity === undefined ? {} : identityPem(identity)),
  });
  await connection.handshake();
  return connection;
}

Deno.test("TlsServer hands over the certificates that were shown: all, one or none", async () => {
  const intermediate = await (await testAuthority()).issueIntermediate("Test Intermediate");
  const long = await intermediate.issueDevice("dev-1");
  for (const identity of [long, await deviceIdentity("dev-1"), undefined]) {
    const { server, shown } = await startServer();
    using _connection = await dial(server, identity);
    assertEquals(await shown, identity?.certificateChain ?? []);
    await server.close();
  }
});

Deno.test("TlsServer hears of a client that does not speak TLS", async () => {
  const { server, failure } = await startServer();
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"));
  assertInstanceOf(await failure, Error);
  await server.close();
});

Deno.test("TlsServer.listen() refuses what is no port", async () => {
  for (const port of [-1, 1.5, 65_536, NaN]) {
    await assertRejects(() => startServer({ port }), RangeError, "65535");
  }
});

Deno.test("TlsServer.listen() explains a port that is taken", async () => {
  const { server } = await startServer();
  const error = await assertRejects(() => startServer({ port: server.port }), ConnectionLostError);
  assertEquals(error.code, "NETWORK_REFUSED");
  assertEquals(error.what, `Cannot start the emulator on 127.0.0.1:${server.port}`);
  assertEquals(error.why, "another program uses that port");
  await server.close();
});

Deno.test("TlsServer.listen() names the flag where the permission is missing", async () => {
  const module = JSON.stringify(import.meta.resolve("../../src/emulator/tls_server.ts"));
  const program = `
    import { TlsServer } from ${module};
    const identity = { certificateChain: [], privateKey: new Uint8Array() };
    for (const port of [8883, 0]) {
      await TlsServer.listen({ port, identity }).catch((error) => console.log(error.flag));
    }
  `;
  const command = [Deno.execPath(), "run", "--no-prompt", "--allow-net=127.0.0.1:1883", "-"];
  const { stdout, stderr } = await run(command, { stdin: program });
  assertEquals(stdout, "--allow-net=127.0.0.1:8883\n--allow-net=127.0.0.1\n", stderr);
});
