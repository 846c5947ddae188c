/** What transports tell of a network that fails: the N cases of the list of faults, by number. */

import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ConnectionLostError, DeadlineError, type HubwireError } from "../../src/errors.ts";
import {
  type Connection,
  tcpTransport,
  tlsTransport,
  webSocketTransport,
} from "../../src/transport/mod.ts";
import { openSocket } from "../../src/transport/open_socket.ts";
import { openTcp } from "../../src/transport/open_tcp.ts";
import { startBroker } from "../_kit/broker.ts";
import { deviceIdentity } from "../_kit/certs.ts";
import { FaultProxy, type FaultRule } from "../_kit/fault_proxy.ts";

/** A server that takes one connection, says this, and waits for the other end to close. */
class Mute implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly port = this.#listener.addr.port;

  /** Settles when the client has let go of its connection. */
  async play(greeting = new Uint8Array()): Promise<void> {
    using connection = await this.#listener.accept();
    await connection.write(greeting);
    const buffer = new Uint8Array(4096);
    try {
      while (await connection.read(buffer) !== null);
    } catch (error) {
      assertInstanceOf(error, Deno.errors.ConnectionReset);
    }
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }
}

async function failure(work: () => Promise<Connection>): Promise<HubwireError> {
  return await assertRejects(work) as HubwireError;
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

Deno.test("N1 a name without an address", async () => {
  // A label of more than 63 letters, past the check: no resolver has to be asked.
  const hostname = `${"a".repeat(64)}.invalid`;
  const address = `${hostname}:1`;
  const error = await failure(async () => {
    const { connection } = await openTcp({
      attempt: { address, hasCredentials: false },
      target: { hostname, port: 1, address },
      proxy: undefined,
      connectDeadlineMs: 10_000,
      signal: undefined,
    });
    return connection;
  });
  assertEquals([error.code, error.retryable], ["NETWORK_NAME_UNKNOWN", true]);
});

/** What no resolver could find, and what the message says of it. */
const NO_NAMES: [hostname: string, fault: string][] = [
  [`${"a".repeat(64)}.invalid`, "at most 63 letters"],
  [`${"a23456789.".repeat(25)}invalid`, "at most 253 letters"],
  ["a..b", "empty"],
  [".a", "empty"],
  ["a..", "empty"],
  ["-a.invalid", "without scheme and port"],
  ["a-.invalid", "without scheme and port"],
  ["a!b.invalid", "without scheme and port"],
  ["*.invalid", "without scheme and port"],
  ["a,b.invalid", "without scheme and port"],
  ["256.1.1.1", "four numbers"],
  ["127.1", "four numbers"],
  ["0x7f.1", "four numbers"],
  ["a.0x7f", "four numbers"],
  ["2130706433", "four numbers"],
];

const WAYS: Record<string, (hostname: string) => unknown> = {
  tcpTransport: (hostname) => tcpTransport({ hostname }),
  tlsTransport: (hostname) => tlsTransport({ hostname }),
  "tlsTransport, noDelay": (hostname) => tlsTransport({ hostname, noDelay: true }),
  "tlsTransport, proxy": (hostname) => tlsTransport({ hostname, proxy: "http://p" }),
  "a proxy": (hostname) => tlsTransport({ hostname: "h", proxy: `socks5://${hostname}` }),
  webSocketTransport: (hostname) => webSocketTransport({ url: `ws://${hostname}/` }),
};

for (const [way, make] of Object.entries(WAYS)) {
  Deno.test(`N1 ${way} refuses a name that nobody could find, before any I/O`, () => {
    for (const [hostname, fault] of NO_NAMES) {
      // A URL is read by rules of its own: some are addresses then, and others no URLs.
      if (way === "a proxy" || way === "webSocketTransport") {
        if (fault === "four numbers") continue;
        assertThrows(() => make(hostname), TypeError);
      } else assertThrows(() => make(hostname), TypeError, fault);
    }
  });
}

Deno.test("N1 names and addresses that may be found are let through, and a password in one is not shown", () => {
  const names = [
    "h",
    "a.b.",
    "a_b.c",
    "1a.b",
    "xn--4ca.invalid",
    "a".repeat(63),
    "127.0.0.1",
    "::1",
  ];
  for (const hostname of names) tlsTransport({ hostname });
  const international = assertThrows(() => tlsTransport({ hostname: "ä.invalid" }), TypeError);
  assertStringIncludes(international.message, "Punycode");
  const secret = assertThrows(() => tlsTransport({ hostname: "me:geheim@h" }), TypeError);
  assert(!secret.message.includes("geheim"));
});

Deno.test("N1 a port where nothing listens any more", async () => {
  using server = new Mute();
  await using proxy = await FaultProxy.start({ target: { port: server.port } });
  proxy.stopAccepting();
  const address = { hostname: "127.0.0.1", port: proxy.port };
  for (const transport of [tcpTransport(address), tlsTransport(address)]) {
    const error = await failure(() => transport.connect());
    assertEquals([error.code, error.retryable], ["NETWORK_REFUSED", true]);
  }
});

Deno.test("N1 a connection that is never made ends at its deadline, and is closed if it is made later", async () => {
  const dialled = Promise.withResolvers<Deno.Conn>();
  const error = await assertRejects(
    () =>
      openSocket(dialled.promise, {
        attempt: { address: "h:8883", hasCredentials: false },
        connectDeadlineMs: 1,
        signal: undefined,
      }),
    DeadlineError,
  );
  assertEquals([error.phase, error.retryable], ["connect", true]);
  const closed = Promise.withResolvers<void>();
  dialled.resolve({ close: () => closed.resolve() } as Deno.Conn);
  await closed.promise;
});

Deno.test("N2 a server that is silent in TLS, from the first byte or in the middle of the handshake", async () => {
  await using broker = await startBroker({ tls: {} });
  for (const after of [0, 3, 200]) {
    await using proxy = await FaultProxy.start({ target: { port: broker.port } });
    proxy.inflict({ kind: "blackhole", direction: "toClient", after });
    const transport = tlsTransport({
      hostname: "localhost",
      port: proxy.port,
      caCerts: [broker.caCertificate],
      handshakeDeadlineMs: 50,
    });
    const error = await failure(() => transport.connect());
    assertInstanceOf(error, DeadlineError);
    assertEquals([error.phase, error.retryable], ["handshake", true]);
  }
});

const NO_TLS: [name: string, greeting: Uint8Array<ArrayBuffer>][] = [
  ["HTTP", bytes("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")],
  ["SSH", bytes("SSH-2.0-OpenSSH_9.6\r\n")],
  ["MQTT without TLS", new Uint8Array([0x20, 2, 0, 0, 0x30, 3, 0, 1, 0x61])],
  ["random bytes", new Uint8Array([0xde, 0xad, 0xbe, 0xef, 0, 1, 2, 3, 4, 5, 6, 7])],
];

for (const [name, greeting] of NO_TLS) {
  Deno.test(`N4 a server that answers TLS with ${name}`, async () => {
    using server = new Mute();
    const closed = server.play(greeting);
    const transport = tlsTransport({ hostname: "127.0.0.1", port: server.port });
    const error = await failure(() => transport.connect());
    assertEquals([error.code, error.retryable], ["TLS_NOT_SPOKEN", false]);
    await closed;
  });
}

Deno.test("N4 a server that ends the connection politely instead of speaking TLS", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = listener.accept().then((connection) => connection.close());
  const transport = tlsTransport({ hostname: "127.0.0.1", port: listener.addr.port });
  const error = await failure(() => transport.connect());
  await accepting;
  assertEquals([error.code, error.retryable], ["CONNECTION_LOST", true]);
});

/** A TLS connection through a proxy; reads once, so that TLS 1.3 shows what the handshake did not. */
async function greetThrough(rule: FaultRule, version: "1.2" | "1.3"): Promise<HubwireError> {
  await using broker = await startBroker({ tls: { version } });
  await using proxy = await FaultProxy.start({ target: { port: broker.port } });
  proxy.inflict(rule);
  const transport = tlsTransport({
    hostname: "localhost",
    port: proxy.port,
    caCerts: [broker.caCertificate],
    credentials: await deviceIdentity("d1"),
  });
  return await failure(async () => {
    const connection = await transport.connect();
    try {
      await connection.read(new Uint8Array(16));
    } finally {
      connection.close();
    }
    return connection;
  });
}

const CUTS: FaultRule[] = (["reset", "truncate", "halfClose"] as const).flatMap((kind) =>
  (["toServer", "toClient"] as const).flatMap((direction) =>
    [0, 3, 60, 200, 600].map((after) => ({ kind, direction, after }))
  )
);

for (const version of ["1.2", "1.3"] as const) {
  Deno.test(`N9 TLS ${version} cut in the handshake, at any byte and in any way, is a lost connection`, async () => {
    for (const rule of CUTS) {
      const error = await greetThrough(rule, version);
      assertInstanceOf(error, ConnectionLostError, JSON.stringify(rule));
      assertEquals([error.code, error.retryable], ["CONNECTION_LOST", true]);
      assert(error.cause instanceof Error, "says what the runtime said");
    }
  });

  Deno.test(`N9 TLS ${version} corrupted in the handshake ends with an error, whichever byte it is`, async () => {
    for (const direction of ["toServer", "toClient"] as const) {
      for (const after of [0, 3, 60, 200, 500]) {
        const error = await greetThrough({ kind: "corrupt", direction, after }, version);
        assert(error.cause instanceof Error, `${error}`);
      }
    }
  });

  Deno.test(`N9 TLS ${version} goes through in pieces of a few bytes`, async () => {
    await using broker = await startBroker({ tls: { version } });
    await using proxy = await FaultProxy.start({ target: { port: broker.port } });
    proxy.inflict({ kind: "slice", size: 40, direction: "toServer" });
    proxy.inflict({ kind: "slice", size: 40, direction: "toClient" });
    const transport = tlsTransport({
      hostname: "localhost",
      port: proxy.port,
      caCerts: [broker.caCertificate],
      credentials: await deviceIdentity("d1"),
    });
    const connection = await transport.connect();
    connection.close();
    await proxy.idle();
  });
}

Deno.test("N9 an open connection that breaks says so to who reads and to who writes", async () => {
  const cuts: FaultRule[] = [
    { kind: "reset", direction: "toClient" },
    { kind: "truncate", direction: "toClient" },
    { kind: "halfClose", direction: "toClient" },
  ];
  for (const rule of cuts) {
    await using broker = await startBroker({ tls: {} });
    await using proxy = await FaultProxy.start({ target: { port: broker.port } });
    const connection = await tlsTransport({
      hostname: "localhost",
      port: proxy.port,
      caCerts: [broker.caCertificate],
      credentials: await deviceIdentity("d1"),
    }).connect();
    proxy.inflict(rule);
    const error = await assertRejects(() => connection.read(new Uint8Array(9))) as HubwireError;
    assertEquals([error.code, error.retryable], ["CONNECTION_LOST", true], rule.kind);
    connection.close();
  }
});

Deno.test("N9 TCP that is cut: reset is an error, the end of the stream is the end", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  for (const kind of ["reset", "truncate", "halfClose"] as const) {
    await using proxy = await FaultProxy.start({ target: { port: listener.addr.port } });
    const connection = await tcpTransport({ hostname: "127.0.0.1", port: proxy.port }).connect();
    using _server = await listener.accept();
    const reading = connection.read(new Uint8Array(9));
    const outcome = reading.then((count) => count, (error: HubwireError) => error.code);
    proxy.inflict({ kind, direction: "toClient" });
    assertStrictEquals(await outcome, kind === "reset" ? "CONNECTION_LOST" : null);
    connection.close();
  }
});
