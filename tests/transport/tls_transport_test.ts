import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { once } from "node:events";
import { createServer as createTcpServer, type Server as TcpServer, type Socket } from "node:net";
import { createServer, type TlsOptions } from "node:tls";
import type { CertificateAuthority, Identity } from "../../src/credentials/mod.ts";
import {
  CredentialRefusedError,
  DeadlineError,
  type HubwireError,
  TlsError,
} from "../../src/errors.ts";
import { type Connection, tlsTransport } from "../../src/transport/mod.ts";
import {
  authorityPem,
  deviceIdentity,
  identityPem,
  serverIdentity,
  strangeIdentity,
  testAuthority,
} from "../_kit/certs.ts";

/** A TLS server that greets every client with `ok` and the names on its certificate chain. */
class Greeter implements AsyncDisposable {
  readonly #server: TcpServer;
  readonly #sockets = new Set<Socket>();
  readonly port: number;

  private constructor(server: TcpServer) {
    this.#server = server;
    this.port = (server.address() as { port: number }).port;
    server.on("connection", (socket) => {
      socket.on("error", () => {});
      this.#sockets.add(socket);
    });
  }

  static async start(options?: TlsOptions, identity?: Identity): Promise<Greeter> {
    const { cert, key } = identityPem(identity ?? await serverIdentity());
    const ca = authorityPem(await testAuthority());
    const server = createServer({
      cert,
      key,
      ca,
      requestCert: true,
      rejectUnauthorized: false,
      ...options,
    }, (socket) => {
      socket.on("error", () => {});
      const names: string[] = [];
      for (
        let next = socket.getPeerCertificate(true);
        next?.subject;
        next = next.issuerCertificate
      ) {
        const name = `${next.subject.CN}`;
        if (names.includes(name)) break;
        names.push(name);
      }
      socket.write(`ok ${names.join(" ")}`);
    });
    return await Greeter.listen(server);
  }

  static async listen(server: TcpServer): Promise<Greeter> {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Greeter(server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

async function caCerts(): Promise<string[]> {
  return [authorityPem(await testAuthority())];
}

async function readText(connection: Connection): Promise<string> {
  const buffer = new Uint8Array(1000);
  const count = await connection.read(buffer);
  return new TextDecoder().decode(buffer.subarray(0, count ?? 0));
}

async function failure(work: () => Promise<unknown>): Promise<HubwireError> {
  return await assertRejects(work) as HubwireError;
}

for (const noDelay of [false, true]) {
  const name = noDelay ? "tlsTransport({ noDelay: true })" : "tlsTransport()";

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    Deno.test(`${name} shows the whole certificate chain with ${version}`, async () => {
      await using server = await Greeter.start({ minVersion: version, maxVersion: version });
      const authority: CertificateAuthority = await (await testAuthority()).issueIntermediate(
        "middle",
      );
      const transport = tlsTransport({
        noDelay,
        hostname: "localhost",
        port: server.port,
        credentials: await authority.issueDevice("device-1"),
        caCerts: await caCerts(),
      });
      assertEquals(transport.address, `localhost:${server.port}`);
      const connection = await transport.connect();
      assertStringIncludes(await readText(connection), "ok device-1 middle");
      await connection.write(new Uint8Array(100_000));
      connection.close();
      connection.close();
    });
  }

  Deno.test(`${name} asks for credentials at every connect`, async () => {
    await using server = await Greeter.start();
    const requests: unknown[] = [];
    const transport = tlsTransport({
      noDelay,
      hostname: "localhost",
      port: server.port,
      caCerts: await caCerts(),
      credentials: (request) => {
        requests.push(request);
        return deviceIdentity(`d${requests.length}`);
      },
    });
    for (const name of ["d1", "d2"]) {
      const connection = await transport.connect();
      assertStringIncludes(await readText(connection), `ok ${name}`);
      connection.close();
    }
    assertEquals(requests[1], { host: "localhost", port: server.port });
  });

  Deno.test(`${name} does not trust a server that nobody vouches for (C6)`, async () => {
    await using server = await Greeter.start();
    const error = await failure(() =>
      tlsTransport({ noDelay, hostname: "localhost", port: server.port }).connect()
    );
    assert(error instanceof TlsError);
    assertEquals([error.code, error.retryable], ["TLS_SERVER_UNTRUSTED", false]);
  });

  Deno.test(`${name} does not take a certificate of another name (C6)`, async () => {
    const other = await (await testAuthority()).issueServer("other.example");
    await using server = await Greeter.start({}, other);
    const error = await failure(async () =>
      await tlsTransport({
        noDelay,
        hostname: "localhost",
        port: server.port,
        caCerts: await caCerts(),
      })
        .connect()
    );
    assertEquals(error.code, "TLS_SERVER_WRONG_NAME");
  });

  Deno.test(`${name} does not take an expired certificate (C6)`, async () => {
    const [notBefore, notAfter] = [new Date("2020-01-01"), new Date("2020-02-01")];
    const old = await (await testAuthority()).issueServer("localhost", { notBefore, notAfter });
    await using server = await Greeter.start({}, old);
    const error = await failure(async () =>
      await tlsTransport({
        noDelay,
        hostname: "localhost",
        port: server.port,
        caCerts: await caCerts(),
      })
        .connect()
    );
    assertEquals(error.code, "TLS_SERVER_EXPIRED");
  });

  Deno.test(`${name} tells a refused client certificate at the first read of TLS 1.3 (C5)`, async () => {
    await using server = await Greeter.start({ rejectUnauthorized: true, minVersion: "TLSv1.3" });
    const connection = await tlsTransport({
      noDelay,
      hostname: "localhost",
      port: server.port,
      caCerts: await caCerts(),
    }).connect();
    const error = await failure(() => connection.read(new Uint8Array(10)));
    assert(error instanceof CredentialRefusedError);
    assertStringIncludes(error.message, "wants a client certificate");
    connection.close();
  });

  Deno.test(`${name} tells a missing client certificate in the handshake of TLS 1.2 (C5)`, async () => {
    await using server = await Greeter.start({ rejectUnauthorized: true, maxVersion: "TLSv1.2" });
    const transport = tlsTransport({
      noDelay,
      hostname: "localhost",
      port: server.port,
      caCerts: await caCerts(),
    });
    assertEquals((await failure(() => transport.connect())).code, "CREDENTIAL_REFUSED");
  });

  Deno.test(`${name} tells a server that drops a certificate it does not know`, async () => {
    await using server = await Greeter.start({ rejectUnauthorized: true, minVersion: "TLSv1.3" });
    const connection = await tlsTransport({
      noDelay,
      hostname: "localhost",
      port: server.port,
      caCerts: await caCerts(),
      credentials: await strangeIdentity("d1"),
    }).connect();
    // Deno's server drops TCP without an alert: all that can be known is that it did.
    const reading = connection.read(new Uint8Array(10));
    if (noDelay) assertEquals(await reading, null);
    else assertEquals((await failure(() => reading)).code, "CONNECTION_LOST");
    connection.close();
  });

  Deno.test(`${name} tells a port where nothing listens (N1)`, async () => {
    const server = await Greeter.start();
    await server[Symbol.asyncDispose]();
    const error = await failure(() =>
      tlsTransport({ noDelay, hostname: "127.0.0.1", port: server.port }).connect()
    );
    assertEquals([error.code, error.retryable], ["NETWORK_REFUSED", true]);
  });

  Deno.test(`${name} tells a server that does not speak TLS (N4)`, async () => {
    await using server = await Greeter.listen(createTcpServer((socket) => {
      socket.on("error", () => {});
      socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
    }));
    const error = await failure(() =>
      tlsTransport({ noDelay, hostname: "127.0.0.1", port: server.port }).connect()
    );
    assertEquals(error.code, "TLS_NOT_SPOKEN");
  });

  Deno.test(`${name} gives a silent server up at its deadline (N2)`, async () => {
    await using server = await Greeter.listen(createTcpServer((socket) => socket.resume()));
    const transport = tlsTransport({
      noDelay,
      hostname: "127.0.0.1",
      port: server.port,
      handshakeDeadlineMs: 20,
    });
    const error = await failure(() => transport.connect());
    assert(error instanceof DeadlineError);
    assertEquals([error.phase, error.deadlineMs], ["handshake", 20]);
  });

  Deno.test(`${name} ends a connect when its signal aborts`, async () => {
    await using server = await Greeter.listen(createTcpServer((socket) => {
      socket.on("error", () => {});
      socket.resume();
    }));
    const transport = tlsTransport({ noDelay, hostname: "127.0.0.1", port: server.port });
    const reason = new Error("changed my mind");
    assertEquals(
      await failure(() => transport.connect(AbortSignal.abort(reason))) as unknown,
      reason,
    );
    const controller = new AbortController();
    const connecting = transport.connect(controller.signal);
    const failing = assertRejects(() => connecting, Error, "changed my mind");
    controller.abort(reason);
    await failing;
  });

  Deno.test(`${name} ends a connect whose credentials never come when its signal aborts`, async () => {
    const credentials = () => new Promise<never>(() => {});
    const transport = tlsTransport({ noDelay, hostname: "localhost", port: 1, credentials });
    const controller = new AbortController();
    const failing = assertRejects(() => transport.connect(controller.signal), Error, "enough");
    controller.abort(new Error("enough"));
    await failing;
  });

  Deno.test(`${name} tells a key that is not the certificate's (C3)`, async () => {
    const [{ certificateChain }, { privateKey }] = [
      await deviceIdentity("a"),
      await deviceIdentity("b"),
    ];
    await using server = await Greeter.start();
    const transport = tlsTransport({
      noDelay,
      hostname: "localhost",
      port: server.port,
      credentials: { certificateChain, privateKey },
    });
    assertEquals((await failure(() => transport.connect())).code, "CREDENTIAL_KEY_MISMATCH");
  });

  Deno.test(`a closed connection of ${name} says that it was closed here`, async () => {
    await using server = await Greeter.start();
    const connection = await tlsTransport({
      noDelay,
      hostname: "localhost",
      port: server.port,
      caCerts: await caCerts(),
    }).connect();
    await readText(connection);
    const reading = failure(() => connection.read(new Uint8Array(10)));
    connection.close();
    assertEquals((await reading).code, "CONNECTION_CLOSED");
    assertEquals(
      (await failure(() => connection.write(new Uint8Array(10)))).code,
      "CONNECTION_CLOSED",
    );
  });
}

Deno.test("tlsTransport() refuses what cannot be dialled, before any I/O", () => {
  for (const hostname of ["", "https://h", "h:8883", "a b", "u@h", "h/x"]) {
    assertThrows(() => tlsTransport({ hostname }), TypeError, "host name");
  }
  for (const port of [0, 65_536, 1.5, NaN]) {
    assertThrows(() => tlsTransport({ hostname: "h", port }), RangeError, "port");
  }
  assertThrows(() => tlsTransport({ hostname: "h", caCerts: ["garbage"] }), TypeError, "caCerts");
  for (const connectDeadlineMs of [0, 1.5, Infinity, 2 ** 31]) {
    assertThrows(
      () => tlsTransport({ hostname: "h", connectDeadlineMs }),
      RangeError,
      "connectDeadlineMs",
    );
  }
  assertEquals(tlsTransport({ hostname: "::1" }).address, "[::1]:8883");
});
