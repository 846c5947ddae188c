/** What src/transport/transport.ts promises, asked of every transport that connects to something. */

import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { ConnectionLostError, DeadlineError, type HubwireError } from "../../src/errors.ts";
import {
  type Connection,
  tcpTransport,
  tlsTransport,
  type Transport,
  webSocketTransport,
} from "../../src/transport/mod.ts";
import { authorityPem, deviceIdentity, testAuthority } from "../_kit/certs.ts";
import { gone, receive, startFarEnd } from "../_kit/far_end.ts";
import { startProxy } from "../_kit/proxies.ts";
import { randomFrom } from "../_kit/random.ts";
import { startWebSocketBridge } from "../_kit/web_socket_bridge.ts";

/** What a row of the table is made with. */
interface Ground {
  /** The server, or what leads to it. */
  port: number;
  caCerts: string[];
  deadlineMs?: number;
}

interface Row {
  name: string;
  /** Whether the server speaks TLS. */
  tls?: boolean;
  /** Whether a WebSocket bridge stands before the server, and whether that one speaks TLS. */
  bridge?: { tls: boolean };
  proxy?: "socks5" | "http";
  /** What it says of a port where nothing listens. */
  refused?: string;
  /** A socket whose handshake hangs stays open at TCP level: ADR 6. */
  leavesSilentSocket?: boolean;
  make(ground: Ground, proxy: string): Transport;
}

const hostname = "localhost";

const ROWS: Row[] = [
  {
    name: "tcpTransport()",
    make: ({ port }) => tcpTransport({ hostname: "127.0.0.1", port }),
  },
  {
    name: "tlsTransport()",
    tls: true,
    leavesSilentSocket: true,
    make: ({ port, caCerts, deadlineMs = 10_000 }) =>
      tlsTransport({ hostname, port, caCerts, handshakeDeadlineMs: deadlineMs }),
  },
  {
    name: "tlsTransport({ noDelay })",
    tls: true,
    make: ({ port, caCerts, deadlineMs = 10_000 }) =>
      tlsTransport({ hostname, port, caCerts, handshakeDeadlineMs: deadlineMs, noDelay: true }),
  },
  {
    name: "webSocketTransport() with ws://",
    bridge: { tls: false },
    refused: "NETWORK_UNREACHABLE",
    make: ({ port, deadlineMs = 10_000 }) =>
      webSocketTransport({ url: `ws://127.0.0.1:${port}/mqtt`, connectDeadlineMs: deadlineMs }),
  },
  {
    name: "webSocketTransport() with wss://",
    bridge: { tls: true },
    leavesSilentSocket: true,
    refused: "NETWORK_UNREACHABLE",
    make: ({ port, caCerts, deadlineMs = 10_000 }) =>
      webSocketTransport({
        url: `wss://${hostname}:${port}/mqtt`,
        caCerts,
        connectDeadlineMs: deadlineMs,
      }),
  },
  ...(["socks5", "http"] as const).flatMap((proxy): Row[] => [
    {
      name: `tcpTransport() through ${proxy}`,
      proxy,
      make: ({ port, deadlineMs = 10_000 }, url) =>
        tcpTransport({ hostname: "server.test", port, proxy: url, connectDeadlineMs: deadlineMs }),
    },
    {
      name: `tlsTransport() through ${proxy}`,
      proxy,
      tls: true,
      make: ({ port, caCerts, deadlineMs = 10_000 }, url) =>
        tlsTransport({ hostname, port, caCerts, connectDeadlineMs: deadlineMs, proxy: url }),
    },
  ]),
];

async function caCerts(): Promise<string[]> {
  return [authorityPem(await testAuthority())];
}

/** A server, what stands before it, and the transport that leads there. */
async function ready(row: Row) {
  const stack = new AsyncDisposableStack();
  const server = stack.use(await startFarEnd({ tls: row.tls ?? false }));
  const bridge = row.bridge &&
    stack.use(await startWebSocketBridge({ to: server.port, ...row.bridge, frameSize: 1000 }));
  const proxy = row.proxy && stack.use(startProxy({ kind: row.proxy }));
  const ground = { port: bridge?.port ?? server.port, caCerts: await caCerts() };
  const transport = row.make(ground, `${row.proxy}://127.0.0.1:${proxy?.port}`);
  const dispose = () => stack.disposeAsync();
  return { server, transport, [Symbol.asyncDispose]: dispose };
}

async function readExactly(connection: Connection, count: number): Promise<Uint8Array> {
  const all = new Uint8Array(count);
  const buffer = new Uint8Array(777);
  for (let at = 0; at < count;) {
    const got = await connection.read(buffer);
    assert(got !== null && got > 0 && got <= buffer.length, `read gave ${got}`);
    all.set(buffer.subarray(0, got), at);
    at += got;
  }
  return all;
}

async function failure(work: Promise<unknown>): Promise<HubwireError> {
  return await assertRejects(() => work, ConnectionLostError);
}

for (const row of ROWS) {
  Deno.test(`${row.name} opens a new pipe each time and carries bytes whole and in order, both ways`, async () => {
    await using place = await ready(row);
    const random = randomFrom(5);
    const bytes = Uint8Array.from({ length: 300_000 }, () => Math.floor(random() * 256));
    for (let round = 0; round < 2; round++) {
      const connection = await place.transport.connect();
      const peer = await place.server.accept();
      peer.write(bytes);
      assertEquals(await readExactly(connection, bytes.length), bytes);
      const receiving = receive(peer, bytes.length);
      for (let at = 0; at < bytes.length;) {
        const end = at + 1 + Math.floor(random() * 60_000);
        await connection.write(bytes.subarray(at, end));
        at = end;
      }
      assertEquals(await receiving, bytes);
      connection.close();
      await gone(peer);
    }
  });

  Deno.test(`${row.name} tells the end of the stream, after what came before it`, async () => {
    await using place = await ready(row);
    const connection = await place.transport.connect();
    const peer = await place.server.accept();
    peer.end(Uint8Array.of(1, 2, 3));
    assertEquals(await readExactly(connection, 3), Uint8Array.of(1, 2, 3));
    assertEquals(await connection.read(new Uint8Array(9)), null);
    assertEquals(await connection.read(new Uint8Array(9)), null);
    connection.close();
  });

  Deno.test(`${row.name} ends what is pending when it is closed, and can be closed twice`, async () => {
    await using place = await ready(row);
    const connection = await place.transport.connect();
    const peer = await place.server.accept();
    const reading = failure(connection.read(new Uint8Array(9)));
    connection.close();
    connection.close();
    assertEquals((await reading).code, "CONNECTION_CLOSED");
    const writing = failure(connection.write(new Uint8Array(9)));
    assertEquals((await writing).code, "CONNECTION_CLOSED");
    await gone(peer);
  });

  Deno.test(`${row.name} tells a port where nothing listens`, async () => {
    const server = await startFarEnd();
    await server[Symbol.asyncDispose]();
    const ground = { port: server.port, caCerts: await caCerts() };
    const transport = row.make(ground, `${row.proxy}://127.0.0.1:${server.port}`);
    const { code } = await failure(transport.connect());
    assertEquals(code, row.refused ?? "NETWORK_REFUSED");
  });

  Deno.test(`${row.name} does not begin when its signal has aborted`, async () => {
    await using place = await ready(row);
    const signal = AbortSignal.abort(new Error("enough"));
    await assertRejects(() => place.transport.connect(signal), Error, "enough");
  });

  // A bare TCP connection is open before anybody could be silent.
  if (!row.tls && !row.proxy && !row.bridge) continue;

  const behind = row.leavesSilentSocket ? "" : " and leaves no socket behind";
  for (const how of ["its deadline", "its signal"] as const) {
    Deno.test(`${row.name} gives a silent peer up at ${how}${behind}`, async () => {
      await using silent = await startFarEnd();
      const ground = { port: silent.port, caCerts: await caCerts() };
      const deadlineMs = how === "its deadline" ? 30 : 60_000;
      const transport = row.make(
        { ...ground, deadlineMs },
        `${row.proxy}://127.0.0.1:${silent.port}`,
      );
      const controller = new AbortController();
      const connecting = assertRejects(() => transport.connect(controller.signal), Error);
      const peer = await silent.accept();
      if (how === "its signal") controller.abort(new Error("enough"));
      const error = await connecting;
      if (how === "its signal") assertEquals(error.message, "enough");
      else assertInstanceOf(error, DeadlineError);
      // Without this the test would wait for ever.
      if (!row.leavesSilentSocket) await gone(peer);
    });
  }
}

for (
  const [name, make] of Object.entries({
    "tlsTransport()": tlsTransport,
    "tlsTransport({ noDelay })": (options: { hostname: string; port: number }) =>
      tlsTransport({ ...options, noDelay: true }),
    "webSocketTransport()": ({ hostname, port, ...rest }: { hostname: string; port: number }) =>
      webSocketTransport({ url: `wss://${hostname}:${port}/`, ...rest }),
  })
) {
  Deno.test(`${name} asks for credentials at every connect`, async () => {
    const server = await startFarEnd();
    await server[Symbol.asyncDispose]();
    const requests: unknown[] = [];
    const credentials = (request: unknown) => {
      requests.push(request);
      return deviceIdentity("d1");
    };
    const transport = make({ hostname, port: server.port, credentials } as never);
    for (let round = 0; round < 2; round++) await failure(transport.connect());
    const request = { host: hostname, port: server.port };
    assertEquals(requests, [request, request]);
  });
}
