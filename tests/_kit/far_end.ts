import { once } from "node:events";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Identity } from "../../src/credentials/identity.ts";
import { authorityPem, identityPem, serverIdentity, testAuthority } from "./certs.ts";

/** A server whose end of every connection a test holds in its hands. */
export interface FarEnd extends AsyncDisposable {
  /** On 127.0.0.1. */
  port: number;
  /** The next connection, in the order they came; nothing has been read of it. */
  accept(): Promise<Socket>;
}

/** What a {@linkcode FarEnd} is to speak. */
export interface FarEndOptions {
  /** TLS, and it asks for a client certificate and takes any; else TCP. */
  tls?: boolean;
  /** Whose certificate it shows; that of the test server unless said otherwise. */
  identity?: Identity;
}

/** Starts a server. */
export async function startFarEnd(options: FarEndOptions = {}): Promise<FarEnd> {
  const waiting: Socket[] = [];
  const open = new Set<Socket>();
  let wake = () => {};
  const take = (socket: Socket) => {
    waiting.push(socket);
    wake();
  };
  const server: Server = options.tls
    ? await tlsServer(options.identity ?? await serverIdentity(), take)
    : createTcpServer(take);
  server.on("connection", (socket: Socket) => {
    socket.on("error", () => {});
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as { port: number }).port,
    async accept() {
      for (;;) {
        const socket = waiting.shift();
        if (socket) return socket;
        await new Promise<void>((resolve) => wake = resolve);
      }
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

async function tlsServer(
  identity: Identity,
  take: (socket: Socket) => void,
): Promise<Server> {
  const options = {
    ...identityPem(identity),
    ca: authorityPem(await testAuthority()),
    requestCert: true,
    rejectUnauthorized: false,
  };
  return createTlsServer(options, (socket) => {
    socket.on("error", () => {});
    take(socket);
  });
}

/** The next so many bytes that a socket receives. */
export async function receive(socket: Socket, count: number): Promise<Uint8Array> {
  const all = new Uint8Array(count);
  for (let at = 0; at < count;) {
    const chunk: Uint8Array | null = socket.read(Math.min(count - at, socket.readableLength));
    if (chunk === null || chunk.length === 0) await once(socket, "readable");
    else {
      all.set(chunk, at);
      at += chunk.length;
    }
  }
  return all;
}

/** Waits until the other end of a socket is no more. */
export async function gone(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  // Not once() of node:events, which throws at an error.
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  // The end shows only to who reads.
  socket.resume();
  await closed;
}
