/** Servers that misbehave, each in one way, on 127.0.0.1. */

import { fromHex } from "../_kit/hex.ts";

/** A server that is gone at the end of the block. */
export interface Peer extends AsyncDisposable {
  port: number;
}

type Serve = (connection: Deno.TcpConn) => Promise<unknown>;

/** Accepts connections and never says a word. */
export function startSilentServer(): Peer {
  return startServer(() => Promise.resolve());
}

/** Answers the first thing it is told with these bytes, and nothing else. */
export function startAnsweringServer(hex: string): Peer {
  return startServer(async (connection) => {
    await connection.read(new Uint8Array(1024));
    await connection.write(fromHex(hex));
  });
}

/** Closes every connection as soon as it was told something. */
export function startClosingServer(): Peer {
  return startServer(async (connection) => {
    await connection.read(new Uint8Array(1024));
    connection.close();
  });
}

/** A port on which nobody listens. */
export function closedPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

function startServer(serve: Serve): Peer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections: Deno.TcpConn[] = [];
  const accepting = (async () => {
    for await (const connection of listener) {
      connections.push(connection);
      await serve(connection).catch(ignoreBrokenConnection);
    }
  })();
  return {
    port: listener.addr.port,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      for (const connection of connections) closeQuietly(connection);
    },
  };
}

/** Clients that are refused break the connection, which is what these servers are for. */
function ignoreBrokenConnection(error: unknown): void {
  const { ConnectionReset, BrokenPipe, BadResource } = Deno.errors;
  const isBroken = [ConnectionReset, BrokenPipe, BadResource].some((kind) => error instanceof kind);
  if (!isBroken) throw error;
}

function closeQuietly(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch (error) {
    ignoreBrokenConnection(error);
  }
}
